import type { Settings } from '#config/settings.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import type { InboxService } from '#inbox/inbox.service.js';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { ConversationsService } from './conversations.service.js';
import { ConversationsStore } from './storage/conversations.store.js';

const NUMBER = '300000000000001';
const WINDOW_DAYS = 30;
const EVERY = 30 * MINUTE;

/** A day on which the clocks change, its length in hours, and what is odd about it. */
const CHANGES = [
  ['Europe/Madrid', '2026-03-29', 23],
  ['Europe/Madrid', '2026-10-25', 25],
  ['America/Santiago', '2026-04-04', 25], // back at midnight: the hour before it comes twice
  ['America/Santiago', '2026-09-06', 23], // there is no midnight
  ['Australia/Lord_Howe', '2026-04-05', 24.5],
  ['Australia/Lord_Howe', '2026-10-04', 23.5],
  ['Africa/Cairo', '2026-04-24', 23], // there is no midnight
  ['Africa/Cairo', '2026-10-29', 25], // the last hour comes twice
] as const;

describe('the window of 30 days', () => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore('sqlite');
    store = await database.open();
  });
  afterEach(() => database.remove());

  it.each(CHANGES)('holds in %s what began on its days, while %s is coming, within and leaving', async (zone, change, hours) => {
    const clock = new StoppedClock(Date.parse(change));
    const counted = new ConversationsStore();
    const inbox = { lastReceivedAt: async () => clock.now() } as unknown as InboxService;
    const settings = { compliance: { timeZone: zone, windowDays: WINDOW_DAYS } } as Settings;
    const service = new ConversationsService(counted, inbox, store, numberSettings(settings), clock);
    const begin = Date.parse(change) - 40 * DAY;
    const times = Array.from({ length: (75 * DAY) / EVERY }, (_, index) => begin + index * EVERY);
    await store.write(async (tx) => {
      for (const at of times) await counted.add(tx, NUMBER, at, 'business_initiated', 1);
    });

    // The days by another way than the gateway's.
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
    const byDay = Map.groupBy(times, (at) => format.format(at));
    expect(((byDay.get(change)?.length ?? 0) * EVERY) / HOUR).toBe(hours);
    const dates = [...byDay.keys()];

    const moments = [-1, 0, 1, 29, 30, 31].flatMap((day) =>
      [0, 0.5, 1, 1.5, 2, 12, 22, 22.5, 23, 23.5].map((hour) => day * DAY + hour * HOUR),
    );
    for (const after of moments) {
      // Around each midnight of the zone, wherever that lies.
      const now = (byDay.get(change)?.[0] ?? 0) + after;
      clock.pass(now - clock.now());
      const { conversations } = await service.counts(NUMBER, begin - DAY);
      const today = dates.indexOf(format.format(now));
      const window = dates.slice(today + 1 - WINDOW_DAYS, today + 1);
      const held = window.reduce((sum, date) => sum + (byDay.get(date)?.length ?? 0), 0);
      expect([new Date(now).toISOString(), conversations.businessInitiated, conversations.series.map(({ date }) => date)]).toEqual([
        new Date(now).toISOString(),
        held,
        window,
      ]);
      expect(conversations.coverage).toEqual({ from: window[0], to: dates[today + 1], complete: true });
    }
  });
});
