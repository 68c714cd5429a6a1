import { describe, expect, it } from '@jest/globals';
import { businessNumber } from '#identity/numbers/business-number.fixture.js';
import type { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import { DAY } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { StoppedClock } from '#store/temporary-store.fixture.js';
import { LedgerService, type OpenPeriod } from './ledger.service.js';
import type { PeriodMetricsView } from './report.view.js';
import type { ReportsStore } from './reports.store.js';
import type { StatusSection } from './status/status-section.js';

const NUMBERS = Array.from({ length: 500 }, (_, n) => businessNumber({ phoneNumberId: `3000000000001${String(n).padStart(3, '0')}` }));

describe('the ledger of 500 numbers', () => {
  const clock = new StoppedClock();
  const ledgerOf = (timeZone = 'UTC') => {
    const reports = { revisionOf: async () => null, taken: async () => new Map() } as unknown as ReportsStore;
    const store = { write: (work: (tx: object) => unknown) => work({}) } as unknown as Store;
    const settings = { of: () => ({ timeZone }) } as unknown as SettingsOfNumbers;
    return new LedgerService(reports, {} as never, {} as never, store, settings, { mode: 'live' }, clock);
  };

  it('compares what has brought nothing new no second time', async () => {
    const ledger = ledgerOf();
    const found = { conversations: [], calls: {} } as unknown as PeriodMetricsView;
    const periods = Array.from({ length: 10 }, (_, n): OpenPeriod => ({ date: '2026-11-01', from: n, until: n + 1, writtenAt: 0 }));
    for (const number of NUMBERS) for (const period of periods) await ledger.revise(number, period, found, {} as StatusSection);
    const again = NUMBERS.flatMap((number) => periods.filter((period) => ledger.mayBeNews(number, period, found)));
    expect(again).toEqual([]);
  });

  it('misses the days of each from the day before it was learnt on, in whichever order they are asked for', async () => {
    const ledger = ledgerOf();
    const missing = async (days: number) =>
      (await ledger.missing(businessNumber({ learnedAt: clock.now() - days * DAY }))).map(({ date }) => date);
    const [short, long, middle] = [await missing(2), await missing(30), await missing(9)];
    expect([short.length, long.length, middle.length]).toEqual([3, 31, 10]);
    expect([long.slice(-3), long.slice(-10)]).toEqual([short, middle]);
    clock.pass(DAY);
    expect(await missing(2)).toEqual([...short.slice(1), expect.any(String)]);
  });
});
