import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { World } from '../world.js';
import { launch, Operator } from './operator.js';

const REPORT = { id: 'report_1', period: { date: '2026-11-22' }, revision: 1, created_at: '2026-11-23T08:00:00.000Z' };

describe('links of the console to the API', () => {
  let browser: Browser;
  let world: World;
  beforeAll(async () => {
    browser = await launch();
    world = await World.open({ realTime: true });
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
  });

  it('ask for the language that was chosen, not for that of the browser', async () => {
    const operator = await Operator.arrive(browser, world);
    const { page } = operator;
    await page.route('**/api/compliance/reports?limit=10', (route) => route.fulfill({ json: { data: [REPORT], next_cursor: null } }));
    await operator.signIn('Ana');
    await page.locator('nav').waitFor();
    await operator.open('#/eligibility');
    const links = () => page.locator('a[href^="/api/compliance/reports/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    await page.locator('a[href*="format=html"]').waitFor();
    expect(await links()).toEqual(['html', 'csv', 'json'].map((as) => `/api/compliance/reports/report_1?format=${as}&lang=en`));
    await page.locator('select.language').selectOption('es');
    await page.locator('a[href*="lang=es"]').first().waitFor();
    expect(await links()).toEqual(['html', 'csv', 'json'].map((as) => `/api/compliance/reports/report_1?format=${as}&lang=es`));
    await operator.leave();
  });

  it('lead a person who opens a report signed out to the sign-in, and back to the report', async () => {
    const operator = await Operator.arrive(browser, world);
    const { page } = operator;
    const report = '/api/compliance/reports/periods?format=html&lang=es';
    await page.goto(`${world.url}${report}`);
    expect(new URL(page.url()).pathname).toBe('/console');
    await page.getByText('Sign in to open the report.').waitFor();
    await operator.signIn('Ana');
    await page.waitForURL(`${world.url}${report}`);
    await page.getByText('Llamadas del').first().waitFor();
    // Signed in already, a link of another site brings no cookie: the console leads on by itself.
    await page.goto(`${world.url}/console?return=${encodeURIComponent(`${report}&every=week`)}`);
    await page.waitForURL(`${world.url}${report}&every=week`);
    await operator.leave();
  });
});
