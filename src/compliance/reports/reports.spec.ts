import { jest } from '@jest/globals';
import type { ConversationsService } from '#compliance/conversations/conversations.service.js';
import { randomOf } from '#compliance/conversations/random.js';
import { limitUsage } from '#compliance/conversations/usage/limit-usage.fixture.js';
import { ReadingsStore } from '#compliance/eligibility/readings.store.js';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import type { SnapshotsService } from '#compliance/polling/snapshots.service.js';
import type { Settings } from '#config/settings.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import type { NumbersService } from '#identity/numbers/numbers.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { addDays, dateOf, startOf } from '#kernel/calendar/calendar.js';
import { DAY, HOUR } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { createLogger } from '#telemetry/logger.js';
import { LedgerService } from './ledger.service.js';
import type { Period } from './period.js';
import type { PeriodMetricsService } from './period-metrics.service.js';
import { report as sample } from './report.fixture.js';
import { ReportJob } from './report.job.js';
import type { PeriodMetricsView } from './report.view.js';
import { ReportsService } from './reports.service.js';
import { ReportsStore } from './reports.store.js';
import type { StatusSectionService } from './status/status-section.service.js';

const NUMBER = '300000000000001';
const NO_CALLS: PeriodMetricsView['calls'] = {
  outbound: { total: 0, answered: 0, unanswered: 0 },
  inbound: { total: 0, answered: 0, missed: 0 },
};
const always = () => true;
/** A simulated year takes its time on a busy machine. */
const LONG_MS = 600_000;

/** Conversations as they happened, and when we heard of them. */
interface Raw {
  at: number;
  heardAt: number;
}

describe.each(engines)('reports on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let clock: StoppedClock;
  let raw: Raw[];
  let number: OurNumber;
  /** How often it was asked how things stand. */
  let looks: number;
  /** Whether the source says nothing at all. */
  let silent: boolean;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    clock = new StoppedClock(Date.UTC(2026, 0, 10, 12));
    raw = [];
    looks = 0;
    silent = false;
    number = { phoneNumberId: NUMBER, displayPhoneNumber: null, wabaId: null, learnedAt: clock.now() };
  });

  afterEach(() => database.remove());

  /** One process: its services on the common database. */
  const process = (timeZone = 'UTC', on: Store = store) => {
    const settings = { mode: 'live', compliance: { requiredConversations: 1_000, windowDays: 30, timeZone } } as Settings;
    const requirements = new RequirementsService(
      new ReadingsStore(),
      {} as ConversationsService,
      on,
      numberSettings(settings),
      clock,
      limitUsage(),
    );
    const ledger = new LedgerService(
      new ReportsStore(),
      new OutboxService(new OutboxStore(on), on),
      requirements,
      on,
      numberSettings(settings),
      settings,
      clock,
    );
    const known = (from: number, until: number) =>
      raw.filter(({ at, heardAt }) => at >= from && at < until && heardAt <= clock.now()).length;
    const figures = {
      of: async (_: OurNumber, periods: readonly Period[]) =>
        periods.map((period) => {
          const count = known(period.from, period.until);
          const conversations = silent ? [] : [{ source: 'webhooks', time_zone: timeZone, business_initiated: count, total: count }];
          return { period, figures: { conversations, calls: NO_CALLS } };
        }),
    };
    const background = {
      now: async () => {
        looks += 1;
        return sample();
      },
    };
    return new ReportsService(
      new ReportsStore(),
      ledger,
      figures as unknown as PeriodMetricsService,
      background as unknown as StatusSectionService,
      on,
    );
  };

  const periods = () => store.read.selectFrom('report_periods').selectAll().orderBy('from_at').execute();
  const revisions = async () => (await process().list(EVERY_NUMBER, 200, null)).map(({ report }) => report);

  it.each(['America/New_York', 'Europe/Berlin', 'Africa/Cairo'])(
    'cover a year of %s: every day once, no gap, no overlap',
    async (zone) => {
      const reports = process(zone);
      const end = clock.now() + 366 * DAY;
      for (; clock.now() < end; clock.pass(23 * HOUR)) await reports.writeDue(number, always);
      const all = await periods();
      const first = addDays(dateOf(number.learnedAt, zone), -1);
      expect(all.map(({ from_at }) => from_at)).toEqual(all.map((_, index) => startOf(addDays(first, index), zone)));
      expect(all.slice(1).every(({ from_at }, index) => from_at === all[index]?.until_at)).toBe(true);
      expect(all.length).toBeGreaterThan(360);
      const rows = await store.read.selectFrom('reports').select(['from_at', 'revision']).execute();
      expect(rows.length).toBe(all.length);
      expect(rows.every(({ revision }) => revision === 1)).toBe(true);
    },
    LONG_MS,
  );

  it('of periods that were missed are caught up after downtime', async () => {
    const reports = process();
    await reports.writeDue(number, always);
    clock.pass(8 * DAY);
    expect(await reports.writeDue(number, always)).toBe(8);
    expect(await reports.writeDue(number, always)).toBe(0);
  });

  it('are written for every other period when one cannot be written', async () => {
    clock.pass(5 * DAY);
    const reports = process();
    const { write } = LedgerService.prototype;
    let tries = 0;
    const spy = jest.spyOn(LedgerService.prototype, 'write').mockImplementation(function fails(this: LedgerService, ...wish) {
      tries += 1;
      return tries === 2 ? Promise.reject(new TypeError('a fault of this period')) : write.apply(this, wish);
    });
    await expect(reports.writeDue(number, always)).rejects.toThrow('a fault of this period');
    expect(await periods()).toHaveLength(5);
    spy.mockRestore();
    expect(await reports.writeDue(number, always)).toBe(1);
  });

  it('are written once, however many processes try at the same moment', async () => {
    clock.pass(20 * DAY);
    const others = await Promise.all([1, 2, 3].map(async () => process('UTC', engine === 'postgres' ? await database.open() : store)));
    const written = await Promise.all([process(), ...others].map((reports) => reports.writeDue(number, always)));
    expect(written.reduce((sum, count) => sum + count, 0)).toBe(21);
    const events = await store.read.selectFrom('events').select(['type', 'sequence']).orderBy('id').execute();
    expect(events).toHaveLength(21);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  });

  it('are restated by late data in a new revision that names what changed, and never changed silently', async () => {
    const at = Date.UTC(2026, 0, 11, 9);
    raw.push({ at, heardAt: at }, { at, heardAt: at + 3 * DAY });
    const reports = process();
    clock.pass(1.5 * DAY);
    await reports.writeDue(number, always);
    clock.pass(3 * DAY);
    await reports.writeDue(number, always);
    const ofThatDay = (await revisions()).filter(({ period }) => period.date === '2026-01-11');
    expect(ofThatDay.map(({ revision, figures }) => [revision, figures.conversations[0]?.total])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect(ofThatDay[0]?.changes).toEqual([
      { field: 'conversations.webhooks.business_initiated', before: 1, after: 2 },
      { field: 'conversations.webhooks.total', before: 1, after: 2 },
    ]);
  });

  it(
    'add up in their latest revisions to a recount of the raw events',
    async () => {
      const random = randomOf(11);
      for (let index = 0; index < 300; index += 1) {
        const at = clock.now() + random.uniform() * 30 * DAY;
        raw.push({ at, heardAt: at + (random.uniform() < 0.3 ? random.uniform() * 7 * DAY : 0) });
      }
      const zone = 'America/Mexico_City';
      const reports = process(zone);
      for (const end = clock.now() + 40 * DAY; clock.now() < end; clock.pass(11 * HOUR)) await reports.writeDue(number, always);
      const latest = new Map<string, number>();
      for (const { period, figures } of (await revisions()).reverse()) latest.set(period.date, figures.conversations[0]?.total ?? 0);
      const recount = new Map([...latest.keys()].map((date) => [date, 0]));
      for (const { at } of raw) recount.set(dateOf(at, zone), (recount.get(dateOf(at, zone)) ?? 0) + 1);
      expect(Object.fromEntries(latest)).toEqual(Object.fromEntries(recount));
    },
    LONG_MS,
  );

  it('ask how things stand only when there may be something to write, and see a change at once', async () => {
    const at = Date.UTC(2026, 0, 9, 9);
    raw.push({ at, heardAt: 0 });
    const reports = process();
    expect(await reports.writeDue(number, always)).toBe(1);
    await reports.writeDue(number, always);
    const asked = looks;
    for (let minute = 0; minute < 5; minute += 1) expect(await reports.writeDue(number, always)).toBe(0);
    expect(looks).toBe(asked);
    raw.push({ at, heardAt: 0 });
    // Another process writes the revision; this one finds that there is nothing left to do.
    expect(await process().writeDue(number, always)).toBe(1);
    expect(await reports.writeDue(number, always)).toBe(0);
    raw.push({ at, heardAt: 0 });
    expect(await reports.writeDue(number, always)).toBe(1);
    expect((await revisions()).map(({ revision, figures }) => [revision, figures.conversations[0]?.total])).toEqual([
      [3, 3],
      [2, 2],
      [1, 1],
    ]);
  });

  it('do not lose a figure because its source is silent later', async () => {
    raw.push({ at: Date.UTC(2026, 0, 9, 9), heardAt: 0 });
    const reports = process();
    await reports.writeDue(number, always);
    silent = true;
    expect(await reports.writeDue(number, always)).toBe(0);
  });

  it('count a conversation on one day only when a late status moves it to the day before', async () => {
    raw.push({ at: Date.UTC(2026, 0, 11, 0, 5), heardAt: 0 });
    const reports = process();
    clock.pass(2 * DAY);
    await reports.writeDue(number, always);
    raw.splice(0, 1, { at: Date.UTC(2026, 0, 10, 23, 55), heardAt: 0 });
    expect(await reports.writeDue(number, always)).toBe(2);
    const latest = new Map((await revisions()).reverse().map(({ period, figures }) => [period.date, figures.conversations]));
    expect([latest.get('2026-01-10'), latest.get('2026-01-11')]).toMatchObject([[{ total: 1 }], [{ total: 0 }]]);
    // A day on which nothing was ever counted stays unknown.
    expect(latest.get('2026-01-09')).toEqual([]);
  });

  it('wait for the hour of their schedule, but a number without any gets its first at once', async () => {
    const reports = process('America/Mexico_City');
    const settings = { compliance: { reportCron: '0 8 * * *', timeZone: 'America/Mexico_City' } } as Settings;
    const numbers = { all: () => [number], byId: () => number } as unknown as NumbersService;
    const snapshots = { list: async () => [{}] } as unknown as SnapshotsService;
    const log = { pino: createLogger({ logLevel: 'silent' }) };
    const job = new ReportJob(reports, snapshots, numbers, numberSettings(settings), clock, log);
    await job.run();
    expect(await periods()).toHaveLength(1);
    clock.pass(25 * HOUR); // 07:00 in Mexico: the day is over, and its report is due at 08:00.
    await job.run();
    expect(await periods()).toHaveLength(1);
    clock.pass(HOUR);
    await job.run();
    expect(await periods()).toHaveLength(2);
    await job.onModuleDestroy();
  });
});
