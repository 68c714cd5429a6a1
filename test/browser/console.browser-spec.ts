import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { World } from '../world.js';
import { launch, Operator } from './operator.js';

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
    world = await World.open({ realTime: true });
  });
  afterEach(async () => {
    await operator.leave();
    await world.close();
  });

  const fede = () => {
    const user = world.simulator.context.users.meet('fede');
    if (!user) throw new Error('nobody is called fede');
    return user;
  };

  it('signs in with a key, shows the diagnosis, and signs out again', async () => {
    operator = await Operator.arrive(browser, world);
    await operator.signIn('Ana');
    await operator.settled();
    expect(await operator.page.locator('.headline').textContent()).toMatch(/number/);
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
    expect(await problem.textContent()).toMatch(/You are not signed in: the key is unknown/);
  });

  it('shows a call the moment it comes, and takes it off when it is over', async () => {
    operator = await Operator.arrive(browser, world);
    await operator.signIn('Ana');
    await operator.open('#/live');
    await operator.page.getByText('No call is under way.').waitFor();
    world.simulator.callSimulation.callIn(fede(), { giveUpAfterSeconds: 30 });
    await world.pass(3);
    await operator.page.locator('.call', { hasText: 'Ringing' }).waitFor();
    expect(await operator.page.locator('#announcer').textContent()).toMatch(/^Incoming call from/);
    await world.pass(40);
    await operator.page.getByText('No call is under way.').waitFor();
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

  it('changes a setting and says what that does', async () => {
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
    const again = operator.page.getByRole('heading', { name: 'Sign in' });
    const click = operator.page.getByRole('link', { name: 'Call log' }).click();
    // A page that refreshes itself may have found out before the click.
    await Promise.race([click.catch(() => undefined), again.waitFor()]);
    await again.waitFor();
  });
});
