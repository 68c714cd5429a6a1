import { ConversationObserver } from '#compliance/conversations/conversation.observer.js';
import { ConversationsService } from '#compliance/conversations/conversations.service.js';
import { randomOf } from '#compliance/conversations/random.js';
import { ConversationsStore } from '#compliance/conversations/storage/conversations.store.js';
import { limitUsage } from '#compliance/conversations/usage/limit-usage.fixture.js';
import { ReadingsStore } from '#compliance/eligibility/readings.store.js';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import { CallMetricsStore } from '#compliance/reports/call-metrics.store.js';
import { LedgerService } from '#compliance/reports/ledger.service.js';
import { PeriodMetricsService } from '#compliance/reports/period-metrics.service.js';
import { report as sample } from '#compliance/reports/report.fixture.js';
import { ReportsService } from '#compliance/reports/reports.service.js';
import { ReportsStore } from '#compliance/reports/reports.store.js';
import type { StatusSectionService } from '#compliance/reports/status/status-section.service.js';
import type { Settings } from '#config/settings.js';
import type { Element } from '#dialog360/fact.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import type { InboxService } from '#inbox/inbox.service.js';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { numberLock, type Store } from '#store/store.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';

const NUMBER = '300000000000001';
const BEGIN = Date.UTC(2026, 0, 10, 12);
const YEAR = 365 * DAY;
/** Deliveries come up to 7 days late; then everything is told. */
const AFTERWARDS = 10 * DAY;
const LONG_MS = 300_000;

/** The schedule: eight o'clock of UTC, every day. */
const eightAfter = (since: number): number => Math.ceil((since - 8 * HOUR) / DAY) * DAY + 8 * HOUR;

/** A status of a message, as it happened and as it was heard. */
interface Raw {
  conversation: number;
  at: number;
  heardAt: number;
}

/** About two conversations a day, each told by one to three statuses of which some come late, twice or in the wrong order. */
function yearOf(seed: number): Raw[] {
  const random = randomOf(seed);
  const late = () => (random.uniform() < 0.2 ? random.uniform() * 6.9 * DAY : random.uniform() * MINUTE);
  return Array.from({ length: 700 }, (_, conversation) => {
    const first = BEGIN + random.uniform() * YEAR;
    return Array.from({ length: 1 + Math.floor(random.uniform() * 3) }, (_, index) => {
      const at = Math.floor(first + index * random.uniform() * HOUR);
      return { conversation, at, heardAt: at + late() };
    });
  })
    .flat()
    .sort((a, b) => a.heardAt - b.heardAt);
}

describe('a year of reports, hour by hour', () => {
  let database: TemporaryStore;
  let store: Store;
  let clock: StoppedClock;

  beforeEach(async () => {
    database = await temporaryStore('sqlite');
    store = await database.open();
    clock = new StoppedClock(BEGIN);
  });

  afterEach(() => database.remove(), LONG_MS);

  /** The counting and reporting of one gateway; only what surrounds them is pretended. */
  const gatewayIn = (timeZone: string) => {
    const compliance = { requiredConversations: 1_000, windowDays: 30, timeZone };
    const settings = { mode: 'live', compliance } as Settings;
    const own = numberSettings(settings);
    const number: OurNumber = { phoneNumberId: NUMBER, displayPhoneNumber: null, wabaId: null, learnedAt: BEGIN };
    const inbox = { on: () => undefined, lastReceivedAt: async () => clock.now() } as unknown as InboxService;
    const counted = new ConversationsStore();
    const conversations = new ConversationsService(counted, inbox, store, own, clock);
    const requirements = new RequirementsService(new ReadingsStore(), conversations, store, own, clock, limitUsage());
    const ledger = new LedgerService(
      new ReportsStore(),
      new OutboxService(new OutboxStore(store), store),
      requirements,
      store,
      own,
      settings,
      clock,
    );
    const figures = new PeriodMetricsService(requirements, conversations, new CallMetricsStore(), store, own);
    const background = { now: async () => sample() } as unknown as StatusSectionService;
    const reports = new ReportsService(new ReportsStore(), ledger, figures, background, store);
    const job = { run: () => reports.writeDue(number, (since) => eightAfter(since) <= clock.now()) };
    return { job, observer: new ConversationObserver(inbox, counted, store, clock) };
  };

  const hear = (observer: ConversationObserver, { conversation, at }: Raw) =>
    store.write(
      (tx) =>
        observer.status(tx, {
          fact: {
            kind: 'message.status',
            messageId: `wamid.${conversation}`,
            status: 'delivered',
            contact: null,
            errors: [],
            conversation: { id: `c${conversation}`, originType: 'marketing', expiresAt: null },
            pricing: null,
          },
          element: {} as Element,
          phoneNumberId: NUMBER,
          at,
          receivedAt: clock.now(),
        }),
      [numberLock(NUMBER)],
    );

  /** The days of the zone with what began on each, counted from the raw events by another way than the gateway's. */
  const recount = (raw: readonly Raw[], zone: string) => {
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
    const first = new Map<number, number>();
    for (const { conversation, at } of raw) first.set(conversation, Math.min(at, first.get(conversation) ?? at));
    const totals: Record<string, number> = {};
    for (const at of first.values()) totals[day.format(at)] = (totals[day.format(at)] ?? 0) + 1;
    return totals;
  };

  it.each(['America/New_York', 'America/Santiago', 'Europe/Madrid', 'Africa/Cairo', 'Australia/Lord_Howe'])(
    'has in %s every day once, without gap or overlap, and adds up to the raw events',
    async (zone) => {
      const { job, observer } = gatewayIn(zone);
      const raw = yearOf(26);
      let heard = 0;
      for (const end = BEGIN + YEAR + AFTERWARDS; clock.now() < end; clock.pass(HOUR)) {
        for (let next = raw[heard]; next && next.heardAt <= clock.now(); heard += 1, next = raw[heard]) await hear(observer, next);
        await job.run();
        // Statements on SQLite wait for nothing: without a turn of the loop nothing that is done with is cleared away.
        await new Promise(setImmediate);
      }
      expect(heard).toBe(raw.length);

      const periods = await store.read.selectFrom('report_periods').selectAll().orderBy('from_at').execute();
      const time = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      const days = periods.map((_, index) => new Date(Date.UTC(2026, 0, 9 + index)).toISOString().slice(0, 10));
      expect(periods.map(({ from_at }) => time.format(from_at).slice(0, 10))).toEqual(days);
      expect(periods.filter(({ from_at }) => !/ 0[01]:00:00$/.test(time.format(from_at)))).toEqual([]);
      expect(periods.slice(1).filter(({ from_at }, index) => from_at !== periods[index]?.until_at)).toEqual([]);
      expect(periods.length).toBeGreaterThan(370);

      const reports = await store.read.selectFrom('reports').selectAll().orderBy('from_at').orderBy('revision').execute();
      expect(reports.filter(({ revision }) => revision === 1)).toHaveLength(periods.length);
      expect(reports.some(({ revision }) => revision > 1)).toBe(true);
      const totals: Record<string, number> = {};
      for (const { data } of reports) {
        const { period, figures } = JSON.parse(data) as ReturnType<typeof sample>;
        const total = figures.conversations[0]?.total ?? 0;
        if (total > 0) totals[period.date] = total;
        else delete totals[period.date];
      }
      expect(totals).toEqual(recount(raw, zone));
    },
    LONG_MS,
  );
});
