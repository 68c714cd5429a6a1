import type { ConversationsService } from '#compliance/conversations/conversations.service.js';
import { limitUsage } from '#compliance/conversations/usage/limit-usage.fixture.js';
import type { Settings } from '#config/settings.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { Element, WebhookFact } from '#dialog360/fact.js';
import type { UpstreamLoad } from '#dialog360/limits/request-limits.service.js';
import type { OutboxService } from '#events/outbox.service.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import type { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import type { PeopleService } from '#identity/people.service.js';
import { inboxOf } from '#inbox/inbox.fixture.js';
import type { InboxService } from '#inbox/inbox.service.js';
import type { ReceivedFact } from '#inbox/received-fact.js';
import { type Clock, MINUTE } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { JsonRecord } from '#kernel/read.js';
import { lineOf } from '#numbers/lines.fixture.js';
import type { Store } from '#store/store.js';
import type { Engine } from '#store/temporary-database.fixture.js';
import { StoppedClock, temporaryStore } from '#store/temporary-store.fixture.js';
import { createLogger } from '#telemetry/logger.js';
import { EligibilityService } from './eligibility.service.js';
import { CallEvidenceService } from './gates/call-evidence.service.js';
import { CallPrimaryService } from './gates/call-primary.service.js';
import { RecentCallsStore } from './gates/recent-calls.store.js';
import { NumberObserver } from './number.observer.js';
import { ReadingsService } from './readings.service.js';
import { ReadingsStore } from './readings.store.js';
import { RefusalsStore } from './refusals.store.js';
import { RequirementsService } from './requirements.service.js';
import { toStatusDto } from './status/status.view.js';

const HERE = 'https://gateway.example.com';
const settings = {
  readingMaxAgeMs: MINUTE,
  publicUrl: HERE,
  mode: 'live',
  compliance: { requiredConversations: 1_000, windowDays: 30, timeZone: 'UTC' },
} as Settings;

const IDLE: UpstreamLoad = { circuit: 'closed', since: 0, retryAt: null, underWay: 0, waiting: 0 };

/** 360dialog as it answers the readings of a number. */
class FakeDialog360 {
  calling: JsonRecord = { status: 'ENABLED', callback_permission_status: 'ENABLED' };
  url = `${HERE}/api/webhooks/360dialog`;
  failure: Problem | null = null;
  asked = 0;

  readSettings = () => this.#answer({ calling: this.calling, body: {} });
  readWebhook = () => this.#answer({ url: this.url, headerNames: ['Authorization'] });
  readHealth = () => this.#answer({ phoneNumberId: '1', wabaId: '2', canSendMessage: 'AVAILABLE', entities: [] });

  async #answer<T>(value: T): Promise<T> {
    this.asked += 1;
    if (this.failure) throw this.failure;
    return value;
  }
}

const SIGNATURES = { mode: 'off', since: 0, headerSeen: null, lastSignedAt: null, lastRefusedAt: null, unsigned: 0, invalid: 0 } as const;

/** What a test takes from the folders of others, whose stores are their own. */
export interface Neighbours {
  conversations: (inbox: InboxService, store: Store, settings: SettingsOfNumbers, clock: Clock) => ConversationsService;
  outbox: (store: Store) => OutboxService;
  people: (store: Store, clock: Clock) => PeopleService;
}

/** The diagnosis of one number on a database of its own, with 360dialog played by the test. */
export async function openEligibility(engine: Engine, neighbours: Neighbours) {
  const database = await temporaryStore(engine);
  const store = await database.open();
  const clock = new StoppedClock();
  const dialog360 = new FakeDialog360();
  const number: OurNumber = { phoneNumberId: '300000000000001', displayPhoneNumber: '5215500000001', wabaId: null, learnedAt: clock.now() };
  const readings = new ReadingsStore();
  const client = lineOf(dialog360 as unknown as Dialog360Client);
  const log = { pino: createLogger({ logLevel: 'silent' }) };
  const readingsOfNumber = new ReadingsService(readings, client, store, settings, clock, log, {
    count: async () => 1,
    paused: async () => 0,
  });
  const { inbox, handlers } = inboxOf(store, clock);
  const outbox = neighbours.outbox(store);
  const conversations = neighbours.conversations(inbox, store, numberSettings(settings), clock);
  const requirements = new RequirementsService(readings, conversations, store, numberSettings(settings), clock, limitUsage());
  const evidence = new CallEvidenceService(
    new RecentCallsStore(),
    new RefusalsStore(),
    readings,
    store,
    clock,
    neighbours.people(store, clock),
  );
  const primary = new CallPrimaryService(readings, inbox, store, clock);
  const compliance = new EligibilityService(readingsOfNumber, requirements, evidence, primary, inbox, settings, clock);
  new NumberObserver(inbox, readings, readingsOfNumber, outbox, new RefusalsStore()).onModuleInit();
  /** What the inbox worker does with a fact. */
  const hear = (fact: WebhookFact, at = clock.now()) =>
    store.write(async (tx) => {
      const received: ReceivedFact = { fact, element: {} as Element, phoneNumberId: number.phoneNumberId, at, receivedAt: clock.now() };
      for (const handler of handlers.of(fact.kind)) await handler(tx, received);
    });
  const status = async (language: 'en' | 'es' = 'en', refresh = false) =>
    toStatusDto(await compliance.diagnosis(number, { refresh }), SIGNATURES, IDLE, language);
  const events = async () => {
    const rows = await store.read.selectFrom('events').selectAll().orderBy('id').execute();
    return rows.map(({ type, subject, sequence, data }) => ({ type, subject, sequence, data: JSON.parse(data) }));
  };
  return { database, store, clock, dialog360, inbox, handlers, outbox, compliance, evidence, requirements, number, hear, status, events };
}

/** What `openEligibility` gives. */
export type EligibilityBed = Awaited<ReturnType<typeof openEligibility>>;
