import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { World } from '../world.js';
import { launch, Operator } from './operator.js';

const HUGO = '5215512340008';
const INES = '5215512340009';
const TERM = 5;
const CLOCK_MS = 5;
/** More than a browser has connections to one host. */
const WINDOWS = 8;

describe('a softphone and its windows', () => {
  let browser: Browser;
  let world: World;
  let clock: NodeJS.Timeout;
  const operators: Operator[] = [];
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
  });
  beforeEach(async () => {
    world = await World.open({
      realTime: true,
      env: {
        CALL_LEASE_SECONDS: String(TERM),
        ICE_SERVERS: 'stun:127.0.0.1:9,turn:127.0.0.1:9?transport=udp',
        TURN_SECRET: 'shared-with-the-relay',
      },
      prepare: ({ clock }) => {
        clock.time = Date.now();
      },
    });
    clock = setInterval(() => {
      world.clock.time = Date.now();
    }, CLOCK_MS);
    world.simulator.start();
    world.allow('hugo');
  });
  afterEach(async () => {
    for (const operator of operators.splice(0)) await operator.leave();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await world.close();
    clearInterval(clock);
  });

  const listens = (page: Page) => page.waitForFunction(() => document.querySelector('.stream')?.getAttribute('data-state') === 'open');
  async function sit(name: string): Promise<Operator> {
    const operator = await Operator.sit(browser, world, name);
    operators.push(operator);
    return operator;
  }
  /** In a call with Hugo, who never hangs up. */
  async function talk(): Promise<Operator> {
    const operator = await sit('Ana');
    await operator.page.locator('input[name=to]').fill(HUGO);
    await operator.page.getByRole('button', { name: 'Call', exact: true }).click();
    await until(operator.page, 'in_progress');
    return operator;
  }
  const until = (page: Page, phase: string) => page.locator(`#softphone [data-phase=${phase}]`).waitFor();
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const latest = () => {
    const call = world.simulator.context.calls.all().at(-1);
    if (!call) throw new Error('nobody has called');
    return call;
  };
  const shown = async () => (await world.get('/api/calling/calls?limit=1')).body.data[0];
  const ended = async () => {
    while ((await shown()).state !== 'ended') await new Promise((resolve) => setTimeout(resolve, 50));
    return shown();
  };
  const streams = async () => Number(/^wac_sse_connections (\d+)/m.exec((await world.get('/metrics')).body)?.[1]);

  it('go on talking for many terms, with the servers that the owner has set', async () => {
    const operator = await sit('Ana');
    const { page, faults } = operator;
    await page.getByText('stun:127.0.0.1:9, turn:127.0.0.1:9?transport=udp').waitFor();
    await page.evaluate(() => {
      const Made = RTCPeerConnection;
      globalThis.RTCPeerConnection = class extends Made {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          document.documentElement.dataset.servers = JSON.stringify(configuration?.iceServers);
        }
      };
    });
    await page.locator('input[name=to]').fill(HUGO);
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await until(page, 'in_progress');
    const servers = JSON.parse((await page.locator('html').getAttribute('data-servers')) ?? '[]');
    expect(servers).toEqual([
      { urls: ['stun:127.0.0.1:9'] },
      { urls: ['turn:127.0.0.1:9?transport=udp'], username: expect.stringMatching(/^\d+:ses_/), credential: expect.any(String) },
    ]);
    await page.waitForTimeout(TERM * 2_500);
    expect(latest().state).not.toBe('ended');
    await press(page, 'Hang up');
    expect((await ended()).error).toBeNull();
    expect(faults).toEqual([]);
  });

  it('end the call of a window that crashes', async () => {
    const { page } = await talk();
    const devtools = await page.context().newCDPSession(page);
    devtools.send('Page.crash').catch(() => undefined);
    const begun = Date.now();
    expect(await ended()).toMatchObject({ outcome: 'answered', error: { code: 'lease_lapsed' } });
    expect(Date.now() - begun).toBeLessThan((TERM + 3) * 1_000);
    expect(latest()).toMatchObject({ state: 'ended', endedBecause: 'the business hung up' });
  });

  it('show a call after a reload whose last word was lost, and end it by hand', async () => {
    const { page } = await talk();
    page.removeAllListeners('dialog');
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
    // The old page speaks to nobody as it leaves.
    await page.evaluate(() => {
      globalThis.fetch = () => Promise.reject(new TypeError('no network'));
    });
    await page.reload();
    await until(page, 'lost');
    await page.locator('#softphone').getByRole('button', { name: 'Hang up', exact: true }).click();
    expect(await ended()).toMatchObject({ outcome: 'answered', error: null });
  });

  it('ask before they sign out of a call, and end it', async () => {
    const { page } = await talk();
    await press(page, 'Sign out');
    await page.locator('dialog').waitFor();
    await press(page, 'Stay');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.waitForTimeout(TERM * 1_500);
    expect(latest().state).not.toBe('ended');
    await press(page, 'Sign out');
    await press(page, 'End the call and sign out');
    await page.locator('input[type=password]').waitFor();
    expect(await ended()).toMatchObject({ outcome: 'answered', error: null });
    expect((await world.get('/api/calling/calls')).status).toBe(200);
  });

  it('leave a call to itself once its owner has hung up elsewhere, and a waiting one without a lease', async () => {
    const { page } = await sit('Ana');
    await page.locator('input[name=to]').fill(INES);
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await until(page, 'awaiting_permission');
    await page.waitForTimeout(TERM * 1_500);
    expect((await shown()).error).toBeNull();
    expect((await shown()).state).not.toBe('ended');
  });

  it('share one stream, however many they are, and lose no event when the one that listens is closed', async () => {
    const { page: first } = await sit('Ana');
    const pages = [first];
    while (pages.length < WINDOWS) {
      const page = await first.context().newPage();
      await page.goto(`${world.url}/console#/live`);
      await listens(page);
      pages.push(page);
    }
    expect(await streams()).toBe(1);
    const hear = async (who: string, those: Page[]) => {
      const user = world.simulator.context.users.meet(who);
      if (!user) throw new Error(`nobody is called ${who}`);
      world.simulator.callSimulation.callIn(user, { giveUpAfterSeconds: 45 });
      await Promise.all(
        those.map((page) =>
          page
            .locator('#softphone')
            .getByRole('heading', { name: new RegExp(who, 'i') })
            .waitFor(),
        ),
      );
    };
    await hear('fede', pages);
    await first.close();
    const others = pages.slice(1);
    await hear('gina', others);
    expect(await streams()).toBe(1);
    await others[0]?.reload();
    await hear('ines', others);
  });
});
