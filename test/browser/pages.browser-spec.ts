import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ReportJob } from '#compliance/reports/report.job.js';
import { World } from '../world.js';
import { barriersOf, unsafeIn } from './audit.js';
import { faultsOf } from './faults.js';
import { launch, Operator } from './operator.js';
import { until } from './stage.js';

const ANA = '5215512340001';
/** Where screenshots go, to look at them. */
const SHOTS = process.env.SCREENSHOTS;
/** Each pair of language, width and colours is there at least once. */
const LOOKS = [
  { locale: 'en-GB', width: 1280, colorScheme: 'light' },
  { locale: 'es-MX', width: 1280, colorScheme: 'dark' },
  { locale: 'es-MX', width: 390, colorScheme: 'light' },
  { locale: 'en-GB', width: 390, colorScheme: 'dark' },
] as const;
type Look = (typeof LOOKS)[number];

describe('every page', () => {
  let browser: Browser;
  let world: World;
  let call: string;
  let subscription: string;
  beforeAll(async () => {
    [browser, world] = await Promise.all([launch(), World.open({ realTime: true })]);
    await world.greet();
    world.allow('ana');
    for (const to of ['fede', 'diego']) world.allow(to);
    world.simulator.callSimulation.callIn(user('fede'), { giveUpAfterSeconds: 5 });
    await world.pass(10);
    call = (await world.do('make-call', { to: ANA, reference: 'Order 1042' })).body.id;
    subscription = (await world.post('/api/subscriptions', { url: 'https://example.com/hook', description: 'CRM' })).body.id;
    await world.post('/api/keys', { name: 'Night shift', scopes: ['calls:read'] });
    await world.post('/api/compliance/check', {});
    await until('the poll is over', () =>
      world.settle().then(async () => (await world.get('/api/compliance/snapshots?limit=1')).body.data[0]),
    );
    await world.app.get(ReportJob).run();
    world.simulator.callSimulation.callIn(user('hugo'), { giveUpAfterSeconds: 60 });
    await world.settle();
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  const user = (id: string) => {
    const found = world.simulator.context.users.find(id);
    if (!found) throw new Error(`nobody is called ${id}`);
    return found;
  };
  const contextOf = ({ locale, width, colorScheme }: Look): BrowserContextOptions => ({
    locale,
    colorScheme,
    viewport: { width, height: 860 },
  });

  /** No problem shown, nothing wider than the window, no barrier. */
  async function inspect(page: Page, name: string, { locale, width, colorScheme }: Look): Promise<void> {
    if (SHOTS) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: `${SHOTS}/${name}-${locale.slice(0, 2)}-${width}-${colorScheme}.png`, fullPage: true });
    }
    expect([name, await page.locator('.problem').allInnerTexts()]).toEqual([name, []]);
    const wider = await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));
    expect([name, wider, await barriersOf(page)]).toEqual([name, 0, []]);
  }

  it.each(LOOKS)('of the console is without fault or barrier: $locale, $width px, $colorScheme', async (look) => {
    const operator = await Operator.arrive(browser, world, contextOf(look));
    await inspect(operator.page, 'sign-in', look);
    await operator.signIn('Ana');
    await operator.page.locator('nav').waitFor();
    const places = {
      overview: '',
      live: 'live',
      calls: 'calls',
      call: `calls/${call}`,
      people: 'people',
      person: `people/${ANA}`,
      softphone: 'softphone',
      eligibility: 'eligibility',
      settings: 'settings',
      subscriptions: 'subscriptions',
      subscription: `subscriptions/${subscription}`,
      keys: 'keys',
    };
    for (const [name, hash] of Object.entries(places)) {
      await operator.open(`#/${hash}`);
      await inspect(operator.page, name, look);
    }
    expect(await operator.page.evaluate(() => document.documentElement.lang)).toBe(look.locale.slice(0, 2));
    expect(unsafeIn(await operator.page.goto(`${world.url}/console`))).toEqual([]);
    const report = await operator.page.goto(`${world.url}/api/compliance/reports/latest?format=html`);
    expect([report?.status(), unsafeIn(report)]).toEqual([200, []]);
    await inspect(operator.page, 'report', look);
    expect(operator.faults).toEqual([]);
    await operator.leave();
  });

  it.each(LOOKS)('of the simulator and the docs is without fault or barrier: $locale, $width px, $colorScheme', async (look) => {
    const context = await browser.newContext(contextOf(look));
    const simulator = new URL('.', world.simulatorUrl);
    const places = { simulator: simulator.href.replace(/\/$/, ''), phone: `${simulator.href}phone?user=ana`, docs: `${world.url}/docs` };
    for (const [name, url] of Object.entries(places)) {
      const page = await context.newPage();
      const faults = faultsOf(page, new URL(url).origin);
      expect([name, unsafeIn(await page.goto(url))]).toEqual([name, []]);
      if (name === 'phone') await page.locator('#number:not(:empty)').waitFor();
      if (name === 'simulator') await page.getByRole('button', { name: 'Load' }).last().click();
      if (name !== 'docs') await inspect(page, name, look);
      else await page.locator('.swagger-ui .info').waitFor();
      expect([name, faults]).toEqual([name, []]);
    }
    await context.close();
  });

  describe('is looked at by checks that can fail', () => {
    let operator: Operator;
    beforeEach(async () => {
      operator = await Operator.arrive(browser, world);
    });
    afterEach(() => operator.leave());

    it('a picture and a button without a name are barriers', async () => {
      await operator.page.evaluate(() => document.querySelector('form')?.append(new Image(), document.createElement('button')));
      expect((await barriersOf(operator.page)).map((barrier) => barrier.split(':')[0])).toEqual(['button-name', 'image-alt']);
    });

    it('an inline style, a foreign request and a foreign home are faults', async () => {
      const { page, faults } = operator;
      await page.evaluate(async () => {
        document.body.setAttribute('style', 'color: red');
        await fetch('https://elsewhere.example/').catch(() => undefined);
      });
      expect(faults.join('\n')).toMatch(/inline style[\s\S]*elsewhere\.example/);
      const elsewhere = faultsOf(page, 'http://gateway.example');
      await page.reload();
      expect(elsewhere).toEqual(expect.arrayContaining([expect.stringMatching(/^outside: http:\/\/127/)]));
    });

    it.each([
      ['no policy', undefined],
      ["script-src 'unsafe-inline'", "default-src 'none'; script-src 'self' 'unsafe-inline'"],
      ['connect-src https:', "default-src 'none'; connect-src https:"],
      ['no default-src', "script-src 'self'"],
    ])('a policy is unsafe for %s', (fault, policy) => {
      const answer = { headers: () => (policy ? { 'content-security-policy': policy } : {}) };
      expect(unsafeIn(answer as unknown as Parameters<typeof unsafeIn>[0])).toEqual([fault]);
    });
  });
});
