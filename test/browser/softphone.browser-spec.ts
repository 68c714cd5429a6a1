import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { World } from '../world.js';
import { launch, Operator } from './operator.js';

const ANA = '5215512340001';
const BETO = '5215512340002';
const DIEGO = '5215512340004';
const HUGO = '5215512340008';
const INES = '5215512340009';
const JULIO = '5215512340010';
/** Chromium's own microphone beeps once a second, and nobody is asked whether a page may use it. */
const HEADSET = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--disable-component-update', '--disable-sync'];
/** On the softphone's meters, which end at −60 dB. */
const LOUD = 0.4;
const CLOCK_MS = 5;

describe('the softphone', () => {
  let browser: Browser;
  let world: World;
  let clock: NodeJS.Timeout;
  const operators: Operator[] = [];
  beforeAll(async () => {
    browser = await launch(HEADSET);
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    // Media takes real time, so here the clock goes like any other, and the cast plays by itself.
    world = await World.open({
      prepare: ({ clock }) => {
        clock.time = Date.now();
      },
    });
    clock = setInterval(() => {
      world.clock.time = Date.now();
    }, CLOCK_MS);
    world.simulator.start();
  });
  afterEach(async () => {
    for (const operator of operators.splice(0)) await operator.leave();
    await world.close();
    clearInterval(clock);
  });

  /** Somebody at the page of the softphone. */
  async function sit(name: string, locale = 'en-GB'): Promise<Operator> {
    const operator = await Operator.arrive(browser, world, { locale });
    operators.push(operator);
    await operator.signIn(name);
    await operator.page.locator('nav').waitFor();
    await operator.open('#/softphone');
    await operator.page.waitForFunction(() => document.querySelector('.stream')?.getAttribute('data-state') === 'open');
    return operator;
  }

  const dial = async (page: Page, to: string) => {
    await page.locator('input[name=to]').fill(to);
    await page.getByRole('button', { name: 'Call', exact: true }).click();
  };
  const press = (page: Page, name: string) => page.locator('#softphone').getByRole('button', { name, exact: true }).click();
  const until = (page: Page, phase: string) => page.locator(`#softphone [data-phase=${phase}]`).waitFor();
  const textOf = async (place: Locator) => (await place.allInnerTexts()).join('\n');
  const card = (page: Page) => textOf(page.locator('#softphone'));
  const callIn = (who: string) => {
    const user = world.simulator.stage.users.meet(who);
    if (!user) throw new Error(`nobody is called ${who}`);
    world.simulator.callPlay.callIn(user, { giveUpAfterSeconds: 45 });
  };
  const latest = () => {
    const call = world.simulator.stage.calls.all().at(-1);
    if (!call) throw new Error('nobody has called');
    return call;
  };
  const heardByThem = () => world.simulator.phones.report(latest());

  /** The highest level of each meter within some time. */
  const peaks = (page: Page, ms: number) =>
    page.evaluate(async (time) => {
      const top: Record<string, number> = { you: 0, them: 0 };
      for (const end = Date.now() + time; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
        for (const meter of document.querySelectorAll<HTMLMeterElement>('#softphone meter')) {
          const name = meter.dataset.level ?? '';
          top[name] = Math.max(top[name] ?? 0, meter.value);
        }
      }
      return { you: top.you ?? 0, them: top.them ?? 0 };
    }, ms);

  it('asks for permission, dials when it is given, carries sound both ways, none when muted, and sends keys', async () => {
    const { page, faults } = await sit('Ana');
    await dial(page, ANA);
    await until(page, 'awaiting_permission');
    await until(page, 'ringing');
    await until(page, 'in_progress');
    const { you, them } = await peaks(page, 2_500);
    expect(you).toBeGreaterThan(LOUD);
    expect(them).toBeGreaterThan(LOUD);
    expect(heardByThem()).toMatchObject({ peer: 'headless', connected: true, speaking: true });

    await page.getByText('Keypad').click();
    for (const digit of ['5', '#']) await press(page, `Send ${digit}`);
    await page.getByText('Sent: 5#').waitFor();
    await page.waitForTimeout(800);
    expect(heardByThem().digits).toBe('5#');

    await press(page, 'Mute');
    await page.waitForTimeout(1_500);
    expect((await peaks(page, 1_200)).you).toBe(0);
    expect(heardByThem().speaking).toBe(false);
    await press(page, 'Hang up');
    await until(page, 'over');
    expect(await card(page)).toMatch(/The call is over: Answered/);
    expect(latest()).toMatchObject({ state: 'ended', endedBecause: 'the business hung up' });
    expect(faults).toEqual([]);
  });

  it('rings with name, number and clock, answers, and talks', async () => {
    const { page, faults } = await sit('Ana');
    await page.goto(`${world.url}/console#/overview`);
    callIn('fede');
    await until(page, 'incoming');
    expect(await card(page)).toMatch(/Incoming call\s+Fede\s+\+5215512340006\s+Answer within (1:00|0:5\d)/);
    expect(await textOf(page.locator('#announcer'))).toBe('Incoming call from Fede');
    await press(page, 'Answer');
    await until(page, 'in_progress');
    const { you, them } = await peaks(page, 2_500);
    expect(you).toBeGreaterThan(LOUD);
    expect(them).toBeGreaterThan(LOUD);
    expect(heardByThem()).toMatchObject({ peer: 'headless', speaking: true });
    await press(page, 'Hang up');
    await until(page, 'over');
    expect(faults).toEqual([]);
  });

  it('connects the sound while it rings when the operator is ready, and sends none of it before the answer', async () => {
    const { page } = await sit('Ana');
    await page.getByLabel(/I am ready/).check();
    callIn('fede');
    await page.getByText('The sound is ready.').waitFor();
    await page.waitForTimeout(700);
    expect(heardByThem()).toMatchObject({ connected: true, packetsReceived: 0 });
    await press(page, 'Answer');
    await until(page, 'in_progress');
    await peaks(page, 1_500);
    expect(heardByThem()).toMatchObject({ speaking: true });
    world.simulator.callPlay.hangUp(latest());
    await until(page, 'over');
  });

  it('tells a second operator at once who has taken a call', async () => {
    const [ana, ben] = [await sit('Ana'), await sit('Ben')];
    callIn('fede');
    await Promise.all([until(ana.page, 'incoming'), until(ben.page, 'incoming')]);
    await press(ana.page, 'Answer');
    await until(ana.page, 'in_progress');
    await ben.page.waitForFunction(() => document.querySelector('#softphone')?.textContent === '');
    expect(await textOf(ben.page.locator('#announcer'))).toBe('Ana takes this call.');
  });

  it('lets one of two operators win who answer in the same moment', async () => {
    const [ana, ben] = [await sit('Ana'), await sit('Ben')];
    callIn('fede');
    await Promise.all([until(ana.page, 'incoming'), until(ben.page, 'incoming')]);
    await Promise.all([press(ana.page, 'Answer'), press(ben.page, 'Answer')]);
    const talking = async () =>
      (await Promise.all([ana, ben].map(({ page }) => page.locator('#softphone [data-phase=in_progress]').count()))).reduce(
        (a, b) => a + b,
      );
    await Promise.race([until(ana.page, 'in_progress'), until(ben.page, 'in_progress')]);
    await ana.page.waitForTimeout(500);
    expect(await talking()).toBe(1);
  });

  it('rejects a call, and forgets one that nobody took', async () => {
    const { page } = await sit('Ana');
    callIn('fede');
    await until(page, 'incoming');
    await press(page, 'Reject');
    await page.locator('#softphone [data-phase=incoming]').waitFor({ state: 'detached' });
    expect(latest().endedBecause).toBe('rejected by the business');
    callIn('hugo');
    await page.getByRole('heading', { name: 'Hugo' }).waitFor();
    world.simulator.callPlay.hangUp(latest());
    await page.getByRole('heading', { name: 'Hugo' }).waitFor({ state: 'detached' });
  });

  it('says that permission was refused, and why it cannot be asked for again', async () => {
    const { page } = await sit('Ana');
    await dial(page, BETO);
    await until(page, 'over');
    expect(await card(page)).toMatch(/The call is over: Permission denied/);
    await dial(page, BETO);
    const problem = page.locator('main .problem');
    await problem.waitFor();
    expect(await textOf(problem)).toMatch(/What to do:[\s\S]*Possible again:[\s\S]*permission_request_limit_reached/);
  });

  it('says how a call ended that the person rejected, or that was cancelled', async () => {
    world.allow('diego');
    world.allow('julio');
    const { page } = await sit('Ana');
    await dial(page, DIEGO);
    await until(page, 'over');
    expect(await card(page)).toMatch(/The call is over: Rejected/);
    await dial(page, JULIO);
    await until(page, 'dialing');
    await press(page, 'Hang up');
    await until(page, 'over');
    expect(await card(page)).toMatch(/Julio[\s\S]*The call is over: Canceled/);
  });

  it('opens on the call of a link, and dials it', async () => {
    world.allow('hugo');
    const { page } = await sit('Ana');
    const call = (await world.do('make-call', { to: HUGO })).body;
    expect(call.state).toBe('ready');
    await page.goto(`${world.url}/console${new URL(call.links.softphone).hash}`);
    await press(page, 'Dial');
    await until(page, 'in_progress');
    expect((await peaks(page, 1_500)).them).toBeGreaterThan(LOUD);
  });

  it('ends the call of a window that is closed', async () => {
    world.allow('hugo');
    const { page } = await sit('Ana');
    await dial(page, HUGO);
    await until(page, 'in_progress');
    await page.close();
    for (let turn = 0; turn < 50 && latest().state !== 'ended'; turn += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(latest()).toMatchObject({ state: 'ended', endedBecause: 'the business hung up' });
  });

  it('asks before a call is lost to a reload, ends it with the sound, and keeps a call that waits', async () => {
    world.allow('hugo');
    const { page } = await sit('Ana');
    let asked = '';
    page.removeAllListeners('dialog');
    page.on('dialog', (dialog) => {
      asked = dialog.type();
      void dialog.accept().catch(() => undefined);
    });
    await dial(page, HUGO);
    await until(page, 'in_progress');
    await page.reload();
    expect(asked).toBe('beforeunload');
    for (let turn = 0; turn < 50 && latest().state !== 'ended'; turn += 1) await page.waitForTimeout(100);
    expect(latest().state).toBe('ended');
    await dial(page, INES);
    await until(page, 'awaiting_permission');
    await page.reload();
    await until(page, 'awaiting_permission');
    await press(page, 'Cancel the call');
    await until(page, 'over');
  });

  it('says how to allow the microphone, while the call still rings', async () => {
    const { page } = await sit('Ana');
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException('denied', 'NotAllowedError');
      };
    });
    callIn('fede');
    await until(page, 'incoming');
    await press(page, 'Answer');
    await page.getByText('The browser does not let this page use the microphone.').waitFor();
    expect(latest()).toMatchObject({ state: 'ringing', preAccepted: null });
    await press(page, 'Reject');
    await page.locator('#softphone [data-phase=incoming]').waitFor({ state: 'detached' });
  });

  it('speaks Spanish', async () => {
    const { page, faults } = await sit('Ana', 'es-MX');
    callIn('fede');
    await until(page, 'incoming');
    expect(await card(page)).toMatch(/Llamada entrante\s+Fede[\s\S]*Conteste en[\s\S]*Contestar\s+Rechazar/);
    expect(faults).toEqual([]);
  });

  it('says why nothing is heard when the other side falls silent', async () => {
    world.allow('hugo');
    const { page } = await sit('Ana');
    await dial(page, HUGO);
    await until(page, 'in_progress');
    await peaks(page, 500);
    world.simulator.phones.hangUpAll();
    await page.getByText(/Nothing arrives from the other side|No sound either way/).waitFor({ timeout: 15_000 });
  });
});
