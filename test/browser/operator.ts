import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { World } from '../world.js';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

export const launch = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...more] });

/** Somebody in front of the console: a page, and everything that went wrong in it. */
export class Operator {
  /** Errors in the page, what its policy refused, dialogs, and requests to anybody but the gateway. */
  readonly faults: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    page.on('pageerror', (error) => this.faults.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      // Before somebody signs in, the question who is signed in answers 401, which the browser reports as an error.
      if (message.type() === 'error' && !message.location().url.endsWith('/api/session')) this.faults.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) this.faults.push(`outside: ${request.url()}`);
    });
  }

  static async arrive(browser: Browser, world: World, options: BrowserContextOptions = {}): Promise<Operator> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 }, ...options });
    const operator = new Operator(await context.newPage(), world.url);
    await operator.page.goto(`${world.url}/console`);
    await operator.page.locator('form').waitFor();
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

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
