import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { forbiddenIn } from '#error-catalogue/people/forbidden-words.fixture.js';
import type { Operator } from './operator.js';
import { Stage, until } from './stage.js';

/** Where screenshots go, to look at them. */
const SHOTS = process.env.SCREENSHOTS;
const LOCALES = ['en-GB', 'es-MX'] as const;

describe('the console in the words of people', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  afterEach(async () => {
    await turn('ENABLED');
    await stage.clear();
  });

  const turn = (status: 'ENABLED' | 'DISABLED') => stage.world.patch('/api/calling/settings', { calling: { status } });
  const statusNow = async () => (await stage.world.get('/api/calling/status?refresh=true')).body.calling_status;
  const shot = async ({ page }: Operator, name: string): Promise<void> => {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}/words-${name}.png`, fullPage: true });
  };
  /** What the whole page says, also in parts that are closed, and to those who listen. */
  const forbiddenOn = async ({ page }: Operator): Promise<string[]> =>
    forbiddenIn(
      await page.evaluate(() => {
        const names = [...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap((element) =>
          ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
        );
        return [document.body.textContent, ...names].join('\n');
      }),
    );
  const red = ({ page }: Operator): Locator => page.locator('main :is(.gate.fail, .badge.bad, .headline.bad, .problem:not(.calm))');

  it.each(LOCALES)('says nothing that only programmers know, while the number is blocked: %s', async (locale) => {
    const user = stage.friend({ on_call: 'fail' });
    const operator = await stage.operator('Ana', { locale });
    await operator.page.locator('input[name=to]').fill(`+${user.waId}`);
    await operator.page.locator('.phone-dialer button').click();
    const { id } = await stage.ended(user);
    await operator.until('over');
    expect(await operator.page.locator('#softphone .step-button').count()).toBe(1);
    expect(['ended card', await forbiddenOn(operator)]).toEqual(['ended card', []]);
    await shot(operator, `ended-${locale}`);
    await turn('DISABLED');
    const places = {
      overview: '',
      softphone: `softphone?to=${user.waId}`,
      person: `people/${user.waId}`,
      call: `calls/${id}`,
      settings: 'settings',
      live: 'live',
      calls: 'calls',
      eligibility: 'eligibility',
    };
    for (const [name, hash] of Object.entries(places)) {
      await operator.open(`#/${hash}`);
      if (name === 'softphone') await operator.page.locator('.answer').waitFor();
      await shot(operator, `${name}-${locale}`);
      expect([name, await forbiddenOn(operator)]).toEqual([name, []]);
    }
    await operator.page.getByRole('button', { name: locale === 'en-GB' ? 'Sign out' : 'Cerrar sesión' }).click();
    await operator.page.locator('input[type=password]').fill('not-a-key');
    await operator.page.locator('form button').click();
    await operator.page.locator('.problem').waitFor();
    await shot(operator, `sign-in-${locale}`);
    expect(['sign-in', await forbiddenOn(operator)]).toEqual(['sign-in', []]);
  });

  it('is looked at by a check that can fail', async () => {
    const operator = await stage.operator('Ana');
    await operator.page.evaluate(() =>
      document.querySelector('main')?.append(' PATCH /api/calling/settings with call_hours, needs settings:write'),
    );
    expect(await forbiddenOn(operator)).toEqual(['/api/calling/settings', 'PATCH', 'call_hours', 'settings:write']);
  });

  it('says without a click why calls are blocked, and is unblocked with two', async () => {
    await turn('DISABLED');
    const operator = await stage.operator('Ana');
    await operator.open('#/');
    const { page } = operator;
    const headline = page.locator('.headline');
    expect(await headline.textContent()).toMatch(/cannot call now[\s\S]*Calling is turned off for your business number/);
    await headline.getByRole('button', { name: 'Turn calling on' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Turn calling on' }).click();
    await until('calling is on', async () => (await statusNow()) === 'ENABLED');
    await page.waitForFunction(() => !document.querySelector('.headline')?.textContent?.includes('turned off'));
  });

  it('offers the same at the softphone, where the call was refused', async () => {
    await turn('DISABLED');
    const user = stage.friend();
    const operator = await stage.operator('Ana');
    await operator.open(`#/softphone?to=${user.waId}`);
    await operator.page.getByRole('button', { name: 'Turn calling on' }).first().click();
    await operator.page.locator('dialog').getByRole('button', { name: 'Turn calling on' }).click();
    await operator.page.getByText('May be called now').first().waitFor();
  });

  it.each([
    ['1234', /Too short: 4 digits/],
    ['+52 55 1234 0001 9999 99', /Too long: 18 digits/],
    ['0052 55 1234 0001', /Write a plus instead of 00: \+52/],
    ['055 1234 0001', /The country code is missing/],
    ['+52 55 Ana 0001', /has no letters: Ana/],
    ['+52 55#1234', /does not belong in a phone number: #/],
    ['5512340001', /Is the country code there/],
  ])('says while somebody types what is wrong with %s', async (typed, said) => {
    const operator = await stage.operator('Ana');
    await operator.page.locator('input[name=to]').pressSequentially(typed);
    expect(await operator.page.locator('.number-hint').textContent()).toMatch(said);
  });

  it('asks nobody about a number that cannot be one', async () => {
    const operator = await stage.operator('Ana');
    const asked: string[] = [];
    operator.page.on('request', (request) => asked.push(request.url()));
    await operator.dial('0052 55');
    expect(asked.filter((url) => /preflight|make-call/.test(url))).toEqual([]);
    expect(await operator.page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('to');
  });

  it.each(LOCALES)('turns nothing red after a permission was asked, and says what happens next: %s', async (locale) => {
    const user = await stage.newcomer({ on_permission_request: 'ignore' });
    const operator = await stage.operator('Ana', { locale });
    await operator.open(`#/people/${user.waId}`);
    await operator.page.locator('.step-button').first().click();
    await operator.page.locator('.badge.busy').first().waitFor();
    await until('the page has the answer', async () => (await red(operator).count()) === 0);
    const waiting = locale === 'en-GB' ? 'was asked for permission and has not answered yet' : 'aún no ha respondido';
    expect(await operator.page.locator('.next-step').textContent()).toContain(waiting);
    expect(await operator.page.locator('.step-button:disabled').count()).toBe(1);
    await shot(operator, `waiting-${locale}`);
    await operator.open(`#/softphone?to=${user.waId}`);
    await operator.page.locator('.answer').waitFor();
    expect([await operator.page.locator('.answer').textContent(), await red(operator).count()]).toEqual([
      expect.stringContaining(waiting),
      0,
    ]);
    await shot(operator, `waiting-softphone-${locale}`);
  });

  it('counts this console among those who take calls, and says so when the last one leaves', async () => {
    const gate = ({ page }: Operator) => page.locator('.gate', { hasText: 'Somebody listens for calls' });
    const ana = await stage.operator('Ana');
    await ana.open('#/');
    expect(await gate(ana).getAttribute('class')).toContain('pass');
    const verdict = async () =>
      (await stage.world.get('/api/calling/status')).body.inbound.gates.find(({ name }: { name: string }) => name === 'listener').verdict;
    expect(await verdict()).toBe('pass');
    await ana.leave();
    await until('nobody listens', async () => (await verdict()) === 'warning');
  });

  it('calls again from the card of a call that failed', async () => {
    const user = stage.friend({ on_call: 'reject' });
    const operator = await stage.operator('Ana');
    await operator.dial(`+${user.waId}`);
    await operator.until('over');
    user.script.on_call = 'answer';
    await operator.press('Call again');
    await operator.until('in_progress');
  });
});
