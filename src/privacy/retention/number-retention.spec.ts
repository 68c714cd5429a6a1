import type { CallsService } from '#calling/call/calls.service.js';
import { CallsStore, type OfNumbers } from '#calling/call/storage/calls.store.js';
import { SnapshotsService } from '#compliance/polling/snapshots.service.js';
import { SnapshotsStore } from '#compliance/polling/snapshots.store.js';
import type { LedgerService } from '#compliance/reports/ledger.service.js';
import type { PeriodMetricsService } from '#compliance/reports/period-metrics.service.js';
import { ReportsService } from '#compliance/reports/reports.service.js';
import { ReportsStore } from '#compliance/reports/reports.store.js';
import type { StatusSectionService } from '#compliance/reports/status/status-section.service.js';
import type { OwnSettings } from '#identity/numbers/business-number.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import { DAY } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { NumberRetention } from './number-retention.service.js';

const [A, SHORT, LONG] = ['300000000000001', '300000000000002', '300000000000003'];
const AGES = [1, 20, 100, 300];

describe.each(engines)('the retention of numbers on %s', (engine) => {
  const clock = new StoppedClock();
  let database: TemporaryStore;
  let store: Store;
  let own: Record<string, Partial<OwnSettings>>;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    own = { [SHORT]: { retention_days: 7 }, [LONG]: { retention_days: 200 } };
    await store.write(async (tx) => {
      for (const number of [A, SHORT, LONG])
        for (const days of AGES) {
          const [id, at] = [`${number}-${days}`, clock.now() - days * DAY];
          const about = { id, phone_number_id: number };
          await tx
            .insertInto('calls')
            .values({
              ...about,
              ...{
                person_id: 'p',
                wacid: null,
                direction: 'inbound',
                state: 'ended',
                outcome: null,
                live: 0,
                input: null,
                reference: null,
              },
              ...{ knowledge: '{}', sequence: 1, created_at: at - 1, deadline_at: null, ended_at: at },
            })
            .execute();
          await tx.insertInto('timeline').values({ call_id: id, at, kind: 'state', name: 'ended', data: '{}' }).execute();
          await tx
            .insertInto('snapshots')
            .values({ ...about, state: 'done', cause: 'schedule', started_at: at, finished_at: at, data: null })
            .execute();
          const period = { from_at: at - DAY, until_at: at };
          await tx
            .insertInto('report_periods')
            .values({ phone_number_id: number, ...period, produced_at: at })
            .execute();
          await tx
            .insertInto('reports')
            .values({ ...about, ...period, revision: 1, created_at: at, digest: '', data: '{}' })
            .execute();
        }
    });
  });
  afterEach(() => database.remove());

  const retention = () => {
    const calls = new CallsStore();
    const purge = (before: number, of: OfNumbers) => store.inBatches((tx, most) => calls.purge(tx, before, of, most));
    const none = {} as unknown;
    const reports = new ReportsService(
      new ReportsStore(),
      none as LedgerService,
      none as PeriodMetricsService,
      none as StatusSectionService,
      store,
    );
    const snapshots = new SnapshotsService(new SnapshotsStore(), store, clock);
    const gateway = { retentionDays: 90 };
    return new NumberRetention({ purge } as unknown as CallsService, snapshots, reports, numberSettings(gateway, own), gateway);
  };
  const left = async (table: 'calls' | 'snapshots' | 'reports') => {
    const rows = await store.read.selectFrom(table).select(['phone_number_id', 'id']).execute();
    const ages = (number: string) =>
      rows.flatMap(({ phone_number_id, id }) => (phone_number_id === number ? Number(id.split('-')[1]) : [])).sort((a, b) => a - b);
    return [A, SHORT, LONG].map(ages);
  };

  it('of calls and timelines is the own of each, else the gateway', async () => {
    expect(await retention().purgeCalls(clock.now())).toBe(6);
    expect(await left('calls')).toEqual([[1, 20], [1], [1, 20, 100]]);
    const timelines = await store.read.selectFrom('timeline').select('call_id').execute();
    expect(timelines).toHaveLength(6);
    own[SHORT] = { retention_days: null };
    own[A] = { retention_days: 10 };
    await retention().purgeCalls(clock.now());
    expect(await left('calls')).toEqual([[1], [1], [1, 20, 100]]);
  });

  it('of snapshots and reports follows an own one, and stays as it was without', async () => {
    expect([await retention().purgeSnapshots(clock.now()), await retention().purgeReports(clock.now())]).toEqual([4, 4]);
    expect(await left('snapshots')).toEqual([AGES, [1], [1, 20, 100]]);
    expect(await left('reports')).toEqual([AGES, [1], [1, 20, 100]]);
    // A period whose report is gone is not written anew.
    expect(await store.read.selectFrom('report_periods').selectAll().execute()).toHaveLength(12);
  });
});
