import type { Settings } from '#config/settings.js';
import type { Element, WebhookFact } from '#dialog360/fact.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import { inboxOf } from '#inbox/inbox.fixture.js';
import type { InboxService } from '#inbox/inbox.service.js';
import { dateOf } from '#kernel/calendar/calendar.js';
import { DAY, HOUR } from '#kernel/clock.js';
import { numberLock, type Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { ConversationObserver } from './conversation.observer.js';
import { ConversationsService } from './conversations.service.js';
import { randomOf } from './random.js';
import { ConversationsStore } from './storage/conversations.store.js';

const NUMBER = '300000000000001';
type Status = Extract<WebhookFact, { kind: 'message.status' }>;

const status = (over: Partial<Status> & { id?: string | null; origin?: string | null; user?: string }): Status => ({
  kind: 'message.status',
  messageId: 'wamid.1',
  status: 'sent',
  contact: { waId: over.user ?? '5215512345678', userId: null, parentUserId: null, username: null, name: null },
  errors: [],
  conversation:
    over.id === null ? null : { id: over.id ?? 'c1', originType: over.origin === undefined ? 'marketing' : over.origin, expiresAt: null },
  pricing: { category: 'marketing', billable: true, type: 'regular', model: 'PMP' },
  ...Object.fromEntries(Object.entries(over).filter(([name]) => ['status', 'pricing', 'contact'].includes(name))),
});

describe.each(engines)('counting conversations on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let clock: StoppedClock;
  let inbox: InboxService;
  let observer: ConversationObserver;
  let counted: ConversationsService;

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    clock = new StoppedClock();
    inbox = inboxOf(store, clock).inbox;
    const conversations = new ConversationsStore();
    const settings = { compliance: { timeZone: 'America/Mexico_City', windowDays: 30 } } as Settings;
    observer = new ConversationObserver(inbox, conversations, store, clock);
    counted = new ConversationsService(conversations, inbox, store, numberSettings(settings), clock);
  });

  afterEach(() => database.remove());

  const hear = (fact: Status, at = clock.now()) =>
    store.write(
      (tx) => observer.status(tx, { fact, element: {} as Element, phoneNumberId: NUMBER, at, receivedAt: clock.now() }),
      [numberLock(NUMBER)],
    );

  const totals = async () => {
    const days = await counted.days(NUMBER, '2026-10-01', '2026-11-30');
    const kept = days.filter(({ total, looseTotal }) => total + looseTotal > 0);
    return kept.map(({ date, businessInitiated, total, looseBusiness }) => ({ date, businessInitiated, total, looseBusiness }));
  };

  it('counts a conversation once, however many statuses and messages it has', async () => {
    for (const word of ['sent', 'delivered', 'read']) await hear(status({ status: word }));
    await hear(status({ id: 'c2', origin: 'service' }));
    expect(await totals()).toEqual([{ date: '2026-11-22', businessInitiated: 1, total: 2, looseBusiness: 0 }]);
  });

  it('moves a conversation to the day of an earlier status that came late', async () => {
    await hear(status({ status: 'delivered' }));
    await hear(status({ status: 'sent' }), clock.now() - 20 * HOUR);
    expect(await totals()).toEqual([{ date: '2026-11-21', businessInitiated: 1, total: 1, looseBusiness: 0 }]);
  });

  it('learns later who opened a conversation', async () => {
    await hear(status({ origin: null, pricing: null }));
    expect(await totals()).toMatchObject([{ businessInitiated: 0, total: 1 }]);
    await hear(status({ status: 'delivered' }));
    expect(await totals()).toMatchObject([{ businessInitiated: 1, total: 1 }]);
  });

  it('counts neither failed messages nor those from before its memory', async () => {
    await hear(status({ status: 'failed' }));
    await hear(status({}), clock.now() - 39 * DAY);
    expect(await totals()).toEqual([]);
  });

  it('keeps messages without a conversation apart: they are another unit', async () => {
    await hear(status({ id: null, status: 'sent' }));
    await hear(status({ id: null, status: 'delivered' }));
    expect(await totals()).toEqual([{ date: '2026-11-22', businessInitiated: 0, total: 0, looseBusiness: 1 }]);
    await inbox.keep(Buffer.from('{}'), null);
    const { conversations, messages } = await counted.counts(NUMBER, clock.now() - 60 * DAY);
    expect(conversations).toMatchObject({ businessInitiated: null, reason: 'conversations_not_told' });
    expect(messages).toMatchObject({ unit: 'message', businessInitiated: 1, reason: 'other_unit' });
  });

  it('calls a user new who got no template in the 30 days before', async () => {
    const fresh = async () => {
      const rows = await store.read.selectFrom('conversation_buckets').select(['template_users', 'new_template_users']).execute();
      return rows.reduce((sum, row) => ({ last: sum.last + row.template_users, fresh: sum.fresh + row.new_template_users }), {
        last: 0,
        fresh: 0,
      });
    };
    await hear(status({ id: 'c1', status: 'delivered' }));
    clock.pass(29 * DAY);
    await hear(status({ id: 'c2', status: 'delivered' }));
    await hear(status({ id: 'c3', status: 'delivered' }), clock.now() - DAY);
    await hear(status({ id: 'c4', status: 'delivered', user: '5215599999999' }));
    expect(await fresh()).toEqual({ last: 2, fresh: 2 });
    clock.pass(30 * DAY);
    await hear(status({ id: 'c5', status: 'delivered' }));
    expect(await fresh()).toEqual({ last: 2, fresh: 3 });
    await inbox.keep(Buffer.from('{}'), null);
    expect((await counted.counts(NUMBER, 0)).templateUsers?.value).toBe(2);
  });

  it('counts a user who got templates once, on the latest day', async () => {
    for (const ago of [3, 1, 2]) await hear(status({ id: `c${ago}`, status: 'delivered' }), clock.now() - ago * DAY);
    await hear(status({ id: 'c9', status: 'delivered', user: '5215599999999' }));
    await hear(
      status({
        id: 'c10',
        status: 'delivered',
        user: '5215588888888',
        pricing: { category: 'utility', billable: false, type: 'free_customer_service', model: 'PMP' },
      }),
    );
    await inbox.keep(Buffer.from('{}'), null);
    expect((await counted.counts(NUMBER, 0)).templateUsers?.value).toBe(2);
    clock.pass(29.5 * DAY);
    expect((await counted.counts(NUMBER, 0)).templateUsers?.value).toBe(1);
  });

  it('comes to the same as a recount, whatever the order and the repetitions', async () => {
    const random = randomOf(5);
    const begun = Array.from({ length: 60 }, (_, index) => ({
      id: `c${index}`,
      at: clock.now() - Math.floor(random.uniform() * 20 * DAY),
    }));
    const told = begun.flatMap(({ id, at }) =>
      ['sent', 'delivered', 'read'].flatMap((word, step) => [
        { word, id, at: at + step * HOUR },
        { word, id, at: at + step * HOUR },
      ]),
    );
    const shuffled = told.map((one) => ({ one, place: random.uniform() })).sort((a, b) => a.place - b.place);
    for (const { one } of shuffled) await hear(status({ id: one.id, status: one.word }), one.at);
    const recount = new Map<string, number>();
    for (const { at } of begun) {
      const date = dateOf(at, 'America/Mexico_City');
      recount.set(date, (recount.get(date) ?? 0) + 1);
    }
    expect(Object.fromEntries((await totals()).map(({ date, businessInitiated }) => [date, businessInitiated]))).toEqual(
      Object.fromEntries(recount),
    );
  });

  it('says since when it knows, and that a part of the window is not the whole', async () => {
    await hear(status({}));
    await inbox.keep(Buffer.from('{}'), null);
    expect((await counted.counts(NUMBER, clock.now() - DAY)).conversations).toMatchObject({
      businessInitiated: 1,
      coverage: { from: '2026-11-21', to: '2026-11-23', complete: false },
      reason: 'window_incomplete',
    });
    expect((await counted.counts(NUMBER, clock.now() - 31 * DAY)).conversations.coverage.complete).toBe(true);
  });
});
