import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { World } from '../world.js';
import { faultsOf } from './faults.js';
import { PATIENCE_MS } from './operator.js';
import { recordPeers } from './sound.js';

/** Somebody at the simulator's page of a phone, with the same microphone as an operator. */
export class Person {
  readonly faults: string[];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    url: string,
  ) {
    this.faults = faultsOf(page, new URL(url).origin);
  }

  /** @param who a number, or a handle of the cast */
  static async at(browser: Browser, world: World, who: string): Promise<Person> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 420, height: 860 }, permissions: ['microphone'] });
    context.setDefaultTimeout(PATIENCE_MS);
    await recordPeers(context);
    const person = new Person(await context.newPage(), context, world.simulatorUrl);
    await person.page.goto(`${new URL('.', world.simulatorUrl)}phone?user=${who}`);
    await person.page.locator('#number:not(:empty)').waitFor();
    return person;
  }

  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  /** @param state of the call on the screen, `none` without one */
  until(state: string): Promise<unknown> {
    return this.page.waitForFunction((wanted) => document.documentElement.dataset.call === wanted, state);
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
