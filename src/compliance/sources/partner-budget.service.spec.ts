import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { PartnerBudget } from './partner-budget.service.js';
import { PartnerRequestsStore } from './partner-requests.store.js';

const PARTNER = 'partner1';

describe.each(engines)('requests to the partner API on %s', (engine) => {
  let database: TemporaryStore;
  let stores: Store[];
  let budgets: PartnerBudget[];

  beforeEach(async () => {
    database = await temporaryStore(engine);
    // Only Postgres takes several replicas.
    stores = await Promise.all(Array.from({ length: engine === 'postgres' ? 3 : 1 }, () => database.open()));
    budgets = stores.map((store) => new PartnerBudget(new SystemClock(), store, new PartnerRequestsStore()));
  });
  afterEach(async () => {
    for (const budget of budgets) budget.onModuleDestroy();
    await database.remove();
  });

  const budgetAt = (n: number): PartnerBudget => budgets[n % budgets.length] as PartnerBudget;
  const takeAll = (count: number, urgency: 'reading' | 'client') =>
    Promise.allSettled(Array.from({ length: count }, (_, n) => budgetAt(n).take(PARTNER, `channels ${n}`, urgency)));
  const codesOf = (results: PromiseSettledResult<void>[]) =>
    results.map((result) => (result.status === 'fulfilled' ? 'taken' : result.reason.code)).sort();

  it('are five at once over all replicas; the others are refused with the time at which it may succeed', async () => {
    const before = Date.now();
    const results = await takeAll(12, 'client');
    expect(codesOf(results)).toEqual([...Array(7).fill('rate_limited'), ...Array(5).fill('taken')]);
    const refused = results.find((result) => result.status === 'rejected');
    expect(refused?.reason.retryAt - before).toBeGreaterThan(10_000);
    expect(refused?.reason.retryAt - Date.now()).toBeLessThanOrEqual(30_500);
  });

  it('of the schedule leave one for who waits, and end with the process', async () => {
    const readings = Promise.allSettled(Array.from({ length: 6 }, (_, n) => budgetAt(n).take(PARTNER, 'balance', 'reading')));
    // Four have their turn, and two wait.
    let taken = codesOf(await takeAll(1, 'client'));
    for (let round = 0; round < 50 && !taken.includes('rate_limited'); round += 1)
      taken = [...taken, ...codesOf(await takeAll(1, 'client'))];
    for (const budget of budgets) budget.onModuleDestroy();
    const ended = codesOf(await readings);
    const count = [...taken, ...ended].filter((code) => code === 'taken').length;
    expect([count, ended.filter((code) => code === 'upstream_unavailable').length]).toEqual([
      5,
      6 - ended.filter((code) => code === 'taken').length,
    ]);
    expect(taken.filter((code) => code === 'taken').length).toBeGreaterThanOrEqual(1);
  });

  it('of another partner are its own', async () => {
    await takeAll(5, 'client');
    if (engine === 'postgres') await expect(budgets[0]?.take('partner2', 'channels', 'client')).resolves.toBeUndefined();
  });

  it('stop for as long as 360dialog says after it has refused one', async () => {
    budgets[0]?.hold(60_000);
    await expect(budgets[0]?.take(PARTNER, 'channels', 'client')).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('of more than 30 s ago count for nothing, and those of a clock that was set back neither', async () => {
    if (engine !== 'postgres') return;
    const add = (at: number) =>
      stores[0]?.write((tx) => tx.insertInto('partner_requests').values({ partner: PARTNER, subject: 'x', at }).execute());
    for (let n = 0; n < 5; n += 1) await add(Date.now() - 40_000 + n);
    for (let n = 0; n < 5; n += 1) await add(Date.now() + 3_600_000 + n);
    expect(codesOf(await takeAll(5, 'client'))).toEqual(Array(5).fill('taken'));
  });
});
