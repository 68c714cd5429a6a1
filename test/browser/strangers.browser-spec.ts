import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { SimulatedCall } from '#simulator/world/call.js';
import { World } from '../world.js';
import { faultsOf } from './faults.js';
import { launch, Operator } from './operator.js';
import { PAYLOADS } from './payloads.js';
import { until } from './stage.js';

const BATCH = 50;
/** 360dialog allows few questions a second, and a call that goes out costs one. */
const ASK_EVERY = 10;
/** As many keys and subscriptions as one page of their lists holds. */
const NAME_EVERY = 5;

describe('texts of strangers and consumers', () => {
  let browser: Browser;
  let world: World;
  let operator: Operator;
  beforeAll(async () => {
    [browser, world] = await Promise.all([launch(), World.open({ realTime: true })]);
  });
  afterAll(async () => {
    await operator.leave();
    await browser.close();
    await world.close();
  });

  const numberOf = (index: number) => `52155300${String(index).padStart(5, '0')}`;
  const seen = (places: string) => operator.page.locator(places).allTextContents();
  /** A payload that was taken for markup is told as what it tried, at once rather than by a test that waits in vain. */
  const struck = () => operator.faults.filter((fault) => !fault.includes('422'));
  const batches = Array.from({ length: Math.ceil(PAYLOADS.length / BATCH) }, (_, batch) => batch * BATCH);

  /** They call under the name of a payload, and bring one along. */
  function callIn(index: number, payload: string): SimulatedCall {
    const user = world.simulator.context.users.meet(numberOf(index));
    if (!user) throw new Error('nobody has this number');
    user.person.name = payload;
    return world.simulator.callSimulation.callIn(user, { giveUpAfterSeconds: 60, ctaPayload: payload, deeplinkPayload: payload });
  }

  it('are 200, each another one', () => {
    expect(new Set(PAYLOADS).size).toBe(200);
  });

  it('stay texts: names and payloads of callers, references, names of keys, operators and subscriptions', async () => {
    operator = await Operator.arrive(browser, world);
    await operator.signIn(PAYLOADS[0] ?? '');
    await operator.page.locator('nav').waitFor();
    expect(await seen('.who')).toEqual([PAYLOADS[0]]);
    expect(struck()).toEqual([]);
    for (const from of batches) {
      const payloads = PAYLOADS.slice(from, from + BATCH);
      await operator.open('#/live');
      const calls = payloads.map((payload, index) => callIn(from + index, payload));
      await world.settle();
      await operator.page.waitForFunction((count) => document.querySelectorAll('.call h2').length === count, payloads.length);
      expect((await seen('.call h2')).sort()).toEqual([...payloads].sort());
      expect((await seen('#softphone h2')).sort()).toEqual([...payloads].sort());
      expect(struck()).toEqual([]);
      for (const call of calls) world.simulator.callSimulation.hangUp(call);
      await world.pass(3);
      const references = payloads.filter((_, index) => index % ASK_EVERY === 0);
      for (const [index, reference] of references.entries()) {
        const { body } = await world.do('make-call', { to: numberOf(from + index), reference });
        await world.do('terminate', { call_id: body.id });
      }
      await operator.open('#/calls');
      expect(await seen('tbody td:last-child')).toEqual(expect.arrayContaining(references));
      const [sample] = (await world.get(`/api/calling/calls?user=${numberOf(from)}&direction=inbound&limit=1`)).body.data;
      for (const place of [`calls/${sample.id}`, `people/${numberOf(from)}`, `people/${encodeURIComponent(payloads[1] ?? '')}`])
        await operator.open(`#/${place}`);
    }
    const few = PAYLOADS.filter((_, index) => index % NAME_EVERY === 0);
    for (const payload of few) {
      await world.post('/api/keys', { name: payload, scopes: ['calls:read'] });
      await world.post('/api/subscriptions', { url: 'https://example.com/hook', description: payload });
    }
    for (const place of ['keys', 'subscriptions']) {
      await operator.open(`#/${place}`);
      const shown = (await seen('main')).join('\n');
      expect(few.filter((payload) => !shown.includes(payload))).toEqual([]);
    }
    expect(await operator.page.evaluate(() => 'struck' in window)).toBe(false);
    expect(struck()).toEqual([]);
  }, 120_000);

  it('could not be markup even if a page took them for it, and would be heard of', async () => {
    const [payload = ''] = PAYLOADS;
    const write = (markup: string) => {
      document.body.innerHTML = markup;
    };
    await expect(operator.page.evaluate(write, payload)).rejects.toThrow('TrustedHTML');
    const elsewhere = await operator.page.context().newPage();
    const faults = faultsOf(elsewhere, world.url);
    await elsewhere.evaluate(write, payload);
    await until('it runs where nothing forbids it', () => faults.includes('dialog: 1'));
    expect(await elsewhere.evaluate(() => 'struck' in window)).toBe(true);
  });
});
