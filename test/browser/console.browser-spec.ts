import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { World } from '../world.js';
import { launch, Operator } from './operator.js';

const ANA = '5215512340001';
/** Texts that would run, load or ask something if a page took them for markup. */
const PAYLOADS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "';alert(1)//",
  '<iframe srcdoc="<script>parent.alert(1)</script>">',
  '<a href="javascript:alert(1)">x</a>',
  '{{constructor.constructor("alert(1)")()}}',
  '<style>@import "https://evil.example/x.css"</style>',
];
/** Where screenshots go, when somebody wants to look at them. */
const SHOTS = process.env.SCREENSHOTS;

describe('the console in a browser', () => {
  let browser: Browser;
  let world: World;
  let operator: Operator;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(async () => {
    await operator.leave();
    await world.close();
  });

  const fede = () => {
    const user = world.simulator.stage.users.meet('fede');
    if (!user) throw new Error('nobody is called fede');
    return user;
  };

  it('signs in with a key, shows the diagnosis, and signs out again', async () => {
    operator = await Operator.arrive(browser, world);
    await operator.signIn('Ana');
    await operator.settled();
    expect(await operator.page.locator('.headline').textContent()).toMatch(/calls/);
    expect(await operator.page.locator('.gate').count()).toBeGreaterThan(8);
    expect(await operator.page.locator('.who').textContent()).toBe('Ana');
    await operator.page.getByRole('button', { name: 'Sign out' }).click();
    await operator.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(operator.faults).toEqual([]);
  });

  it('says what is wrong with a key, and what to do', async () => {
    operator = await Operator.arrive(browser, world);
    await operator.signIn('Ana', 'not-a-key-of-this-gateway');
    const problem = operator.page.getByRole('alert');
    await problem.waitFor();
    expect(await problem.textContent()).toMatch(/No valid API key[\s\S]*What to do:/);
  });

  it.each([
    { locale: 'en-GB', width: 1280, colorScheme: 'light' },
    { locale: 'es-MX', width: 1280, colorScheme: 'dark' },
    { locale: 'es-MX', width: 390, colorScheme: 'light' },
    { locale: 'en-GB', width: 390, colorScheme: 'dark' },
  ] as const)('shows every page without a fault: $locale, $width px, $colorScheme', async ({ locale, width, colorScheme }) => {
    world.allow('ana');
    const call = (await world.do('make-call', { to: ANA })).body;
    operator = await Operator.arrive(browser, world, { locale, colorScheme, viewport: { width, height: 860 } });
    await operator.signIn('Ana');
    await operator.page.locator('nav').waitFor();
    const pages = [
      '',
      'live',
      'calls',
      `calls/${call.id}`,
      'people',
      `people/${ANA}`,
      'softphone',
      'eligibility',
      'settings',
      'subscriptions',
      'keys',
    ];
    for (const page of pages) {
      await operator.open(`#/${page}`);
      expect([page, await operator.page.locator('.problem').allInnerTexts()]).toEqual([page, []]);
      const wide = await operator.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([page, wide]).toEqual([page, Math.min(wide, 0)]);
      if (SHOTS) {
        mkdirSync(SHOTS, { recursive: true });
        const name = (page || 'overview').replace(/\W+/g, '-').slice(0, 24);
        await operator.page.screenshot({ path: `${SHOTS}/${name}-${locale}-${width}-${colorScheme}.png`, fullPage: true });
      }
    }
    expect(await operator.page.evaluate(() => document.documentElement.lang)).toBe(locale.slice(0, 2));
    expect(operator.faults).toEqual([]);
  });

  it('shows a call the moment it comes, and takes it off when it is over', async () => {
    operator = await Operator.arrive(browser, world);
    await operator.signIn('Ana');
    await operator.open('#/live');
    await operator.page.getByText('No call is under way.').waitFor();
    world.simulator.callPlay.callIn(fede(), { giveUpAfterSeconds: 30 });
    await world.pass(3);
    await operator.page.locator('.call', { hasText: 'Ringing' }).waitFor();
    expect(await operator.page.locator('#announcer').textContent()).toMatch(/^Incoming call from/);
    await world.pass(40);
    await operator.page.getByText('No call is under way.').waitFor();
  });

  it('takes whatever strangers and consumers write as text', async () => {
    for (const payload of PAYLOADS) {
      await world.post('/api/keys', { name: payload, scopes: ['calls:read'] });
      await world.post('/api/subscriptions', { url: 'https://example.com/hook', description: payload });
      await world.do('make-call', { to: ANA, reference: payload });
      const live = (await world.get('/api/calling/calls?limit=1')).body.data[0];
      if (live) await world.do('terminate', { call_id: live.id });
    }
    operator = await Operator.arrive(browser, world);
    await operator.signIn(PAYLOADS[0] ?? '');
    await operator.page.locator('nav').waitFor();
    for (const page of ['keys', 'subscriptions', 'calls', `people/${encodeURIComponent(PAYLOADS[1] ?? '')}`])
      await operator.open(`#/${page}`);
    await operator.open('#/keys');
    expect(await operator.page.locator('td strong').allInnerTexts()).toEqual(expect.arrayContaining(PAYLOADS));
    expect(operator.faults.filter((fault) => !fault.includes('422'))).toEqual([]);
  });

  it('can be used with the keyboard: a way past the navigation, and the focus on the heading of a new page', async () => {
    operator = await Operator.arrive(browser, world);
    await operator.signIn('Ana');
    await operator.settled();
    await operator.page.keyboard.press('Tab');
    const focused = () => operator.page.evaluate(() => document.activeElement?.textContent);
    await operator.page.locator('.skip').focus();
    await operator.page.keyboard.press('Enter');
    expect(await operator.page.evaluate(() => document.activeElement?.id)).toBe('main');
    await operator.page.getByRole('link', { name: 'Call log' }).focus();
    await operator.page.keyboard.press('Enter');
    await operator.page.getByRole('heading', { name: 'Call log' }).waitFor();
    expect(await focused()).toBe('Call log');
    expect(await operator.page.getByRole('link', { name: 'Call log' }).getAttribute('aria-current')).toBe('page');
  });

  it('speaks the other language at once, and remembers it', async () => {
    operator = await Operator.arrive(browser, world);
    await operator.signIn('Ana');
    await operator.settled();
    await operator.page.getByLabel('Language').selectOption('es');
    await operator.page.getByRole('heading', { name: 'Resumen' }).waitFor();
    await operator.page.reload();
    await operator.page.getByRole('heading', { name: 'Resumen' }).waitFor();
  });

  it('changes a setting and tells what that does', async () => {
    operator = await Operator.arrive(browser, world);
    await operator.signIn('Ana');
    await operator.open('#/settings');
    const choice = operator.page.getByLabel('Callback permission');
    const before = await choice.inputValue();
    await choice.selectOption(before === 'ENABLED' ? 'DISABLED' : 'ENABLED');
    await operator.page.getByRole('button', { name: 'Save' }).first().click();
    await operator.page.locator('.effects li').first().waitFor();
    expect((await world.get('/api/calling/settings?refresh=true')).body.calling.callback_permission_status).not.toBe(before);
  });

  it('asks for the key again when the session is over', async () => {
    operator = await Operator.arrive(browser, world);
    await operator.signIn('Ana');
    await operator.settled();
    world.clock.time += 13 * 60 * 60 * 1_000;
    await operator.page.getByRole('link', { name: 'Call log' }).click();
    await operator.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });
});
