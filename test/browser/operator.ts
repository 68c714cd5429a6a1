import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { World } from '../world.js';
import { faultsOf } from './faults.js';
import { recordPeers } from './sound.js';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  // Containers have little shared memory.
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The microphone is Chromium's own, and beeps once a second.
  '--use-fake-device-for-media-stream',
];
const DESK: BrowserContextOptions = { locale: 'en-GB', viewport: { width: 1280, height: 860 } };

/** Nothing takes a page so long, unless the machine is very busy. */
export const PATIENCE_MS = 15_000;

/** Where Chromium is, when not where Debian puts it, CHROMIUM says. */
export const launch = (): Promise<Browser> => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

/** Somebody in front of the console: a page, and everything that went wrong in it. */
export class Operator {
  readonly faults: string[];

  private constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    this.faults = faultsOf(page, url);
  }

  /** At the page where one signs in. */
  static async arrive(browser: Browser, world: World, options: BrowserContextOptions = {}): Promise<Operator> {
    const context = await browser.newContext({ ...DESK, ...options });
    const operator = new Operator(await context.newPage(), world.url);
    await operator.page.goto(`${world.url}/console`);
    await operator.page.locator('form').waitFor();
    return operator;
  }

  /** Signed in, at the page of the softphone, with a microphone that the browser may use unless `options` say otherwise. */
  static async sit(browser: Browser, world: World, name: string, options: BrowserContextOptions = {}): Promise<Operator> {
    const context = await browser.newContext({ ...DESK, permissions: ['microphone'], ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    await recordPeers(context);
    const operator = new Operator(await context.newPage(), world.url);
    await operator.page.goto(`${world.url}/console#/softphone`);
    await operator.signIn(name);
    await operator.settled();
    await operator.page.waitForFunction(() => document.querySelector('.stream')?.getAttribute('data-state') === 'open');
    return operator;
  }

  async signIn(name: string, key = World.KEY): Promise<void> {
    await this.page.locator('input[type=password]').fill(key);
    await this.page.locator('input[name=username]').fill(name);
    await this.page.locator('form button').click();
  }

  /** Opens a page by its address and waits until it has what it asked for. */
  async open(hash: string): Promise<void> {
    await this.page.goto(`${this.url}/console${hash}`);
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.page.locator('main h1').waitFor();
    await this.page.waitForFunction(() => !document.querySelector('[aria-busy]'));
  }

  /** A button of the card of a call. */
  press(name: string): Promise<void> {
    return this.page.locator('#softphone').getByRole('button', { name, exact: true }).click();
  }

  until(phase: string): Promise<void> {
    return this.page.locator(`#softphone [data-phase=${phase}]`).waitFor();
  }

  async dial(to: string): Promise<void> {
    await this.page.locator('input[name=to]').fill(to);
    await this.page.getByRole('button', { name: 'Call', exact: true }).click();
  }

  /** What the cards of all calls say. */
  async cards(): Promise<string> {
    return (await this.page.locator('#softphone').allInnerTexts()).join('\n');
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
