import type { Generated } from 'kysely';
import type { IdempotencyColumns, SessionColumns } from './columns/access-columns.js';
import type { AdoptionColumns } from './columns/adoption-columns.js';
import type { AuditColumns } from './columns/audit-columns.js';
import type { CallColumns } from './columns/call-columns.js';
import type { ConversationCounters } from './columns/conversation-columns.js';
import type { EventColumns } from './columns/event-columns.js';
import type { ForwardColumns, RefusedForwardColumns } from './columns/forward-columns.js';
import type { DeliveryColumns, UnreadFieldColumns } from './columns/inbox-columns.js';
import type { KeyBudgetColumns, KeyColumns } from './columns/key-columns.js';
import type { NumberColumns } from './columns/number-columns.js';
import type { ReadingColumns } from './columns/reading-columns.js';
import type { ReportColumns, ReportPeriodColumns, SnapshotColumns } from './columns/report-columns.js';
import type { ReportAddressColumns, ReportDeliveryColumns, ReportSendColumns } from './columns/report-delivery-columns.js';
import type { DispatchColumns, SubscriptionProgressColumns, SubscriptionSecretColumns } from './columns/subscription-columns.js';

/**
 * Every table, with the module that owns it and the retention of its rows. Times are ms since 1970, flags are 0 or 1, JSON is
 * text, so SQLite and Postgres hold the same values. Migrations in `migrations/` build exactly this schema.
 */
export interface Schema {
  /** store · for ever · properties of the database, such as its mode. */
  meta: Record<'key' | 'value', string>;

  /** identity/numbers · for ever · the business numbers of this gateway; `address_scope` is '' for the first, the id for each later one. */
  numbers: {
    phone_number_id: string;
    display_phone_number: string | null;
    waba_id: string | null;
    /** Deliveries of this number are kept since then. An empty period before it proves nothing. */
    learned_at: number;
  } & NumberColumns;

  /** identity · PEOPLE_RETENTION_DAYS or until erased · one row per number and WhatsApp user; without a number it is of the number without an address scope. */
  people: {
    id: string;
    phone_number_id: Generated<string | null>;
    wa_id: string | null;
    user_id: string | null;
    parent_user_id: string | null;
    username: string | null;
    name: string | null;
    created_at: number;
  };

  /** identity · as the person · the words under which a person is searched for (see `identity/words/person-words.ts`). */
  person_words: {
    phone_number_id: string;
    word: string;
    person_id: string;
  };

  /** identity · until erased · every address under which a person is found (see `#kernel/wa-id.js`), after the scope of the number. */
  addresses: {
    address: string;
    person_id: string;
    /** Meta's time of the first webhook that named the person under it; null while only API clients did. */
    since: number | null;
    /** When the person gave it up for another; null while it is theirs. They are still found under it. */
    former_at: number | null;
  };

  /** identity · until erased · when a user last wrote or called: the 24 h customer-service window counts from there. */
  windows: {
    phone_number_id: string;
    person_id: string;
    /** 0 while only the holder of the thread is known. */
    last_inbound_at: number;
    /** `agent` is the Meta Business Agent, `business` whoever else answers for the number; null until a webhook shows an agent. */
    thread_holder: 'agent' | 'business' | null;
    thread_at: number | null;
  };

  /** inbox · 8 days, the upstream's retry time and a day · webhooks as received. */
  deliveries: DeliveryColumns;

  /** inbox · for ever, at most 50 per number · fields of webhooks that the gateway does not read. */
  unread_fields: UnreadFieldColumns;

  /** inbox · 30 days · keys of elements that were applied, for deduplication; `inbox/processing/seen-key.ts` makes them. */
  seen: {
    key: string;
    at: number;
  };

  /** calling/call · RETENTION_DAYS, or `retention_days` of the number, after the end · one row per call; `knowledge` holds the facts, the other columns are derived. */
  calls: {
    id: string;
    phone_number_id: string;
    person_id: string;
    wacid: string | null;
    direction: 'inbound' | 'outbound';
    state: string;
    outcome: string | null;
    /** 1 until the call has ended. */
    live: number;
    knowledge: string;
    sequence: number;
    created_at: number;
    /** The deadline of the state; null once ended. */
    deadline_at: number | null;
    ended_at: number | null;
  } & CallColumns;

  /** calling/call · as the call · everything that happened to a call, SDP and secrets redacted. */
  timeline: {
    id: Generated<number>;
    call_id: string;
    at: number;
    kind: 'request' | 'answer' | 'webhook' | 'state' | 'command';
    name: string;
    data: string;
  };

  /** calling/call · 8 days, or until the call is known · what webhooks reported about a call before one named its user. */
  early_facts: {
    id: Generated<number>;
    phone_number_id: string;
    wacid: string;
    /** When the webhook was received. */
    at: number;
    /** JSON: the facts, the contact and the timeline entry of the webhook. */
    data: string;
  };

  /** calling/permissions · until erased · the ledger of requests, answers and refusals; append-only. */
  permission_facts: {
    id: Generated<number>;
    phone_number_id: string;
    person_id: string;
    kind: string;
    at: number;
    /** The message (`wamid.…`) or call (`wacid.…`) the fact belongs to. */
    ref: string | null;
    data: string;
  };

  /** calling/permissions · until erased · the last answer of 360dialog about a user's permission. */
  permission_readings: {
    phone_number_id: string;
    person_id: string;
    observed_at: number;
    data: string;
  };

  /** compliance/eligibility · latest only · readings of the number: settings, health, registered webhook, limits, restrictions. */
  readings: {
    phone_number_id: string;
    scope: string;
  } & ReadingColumns;

  /** compliance/eligibility · latest only · readings of a business portfolio, or of a client of 360dialog, once for all its numbers. */
  shared_readings: {
    scope: 'portfolio' | 'client' | 'partner';
    /** Its id at Meta or at 360dialog. */
    subject: string;
  } & ReadingColumns;

  /** compliance/sources · an hour · requests to the partner API over all replicas, by the clock of Postgres, which alone uses them. */
  partner_requests: {
    partner: string;
    /** What was asked for. */
    subject: string;
    at: number;
  };

  /** onboarding · until the number is kept · channels of a partner for which a key is made, or was. */
  adoptions: {
    channel_id: string;
  } & AdoptionColumns;

  /** compliance/eligibility · 30 days · refusals of 360dialog, for the diagnosis. */
  refusals: {
    id: Generated<number>;
    phone_number_id: string;
    at: number;
    operation: string;
    code: string;
    upstream_code: number | null;
    call_id: string | null;
  };

  /** events · 7 days · the outbox; `(xid, id)` orders it across replicas. */
  events: EventColumns;

  /** access/keys · until deleted · API keys, hashed (SHA-256, in hex). */
  api_keys: {
    id: string;
  } & KeyColumns;

  /** access/keys · 3 days, or until the key is deleted · what a limited key has used of a day, over all replicas. */
  key_budgets: {
    key_id: string;
  } & KeyBudgetColumns;

  /** access/sessions · until they expire, at most 12 h, and a day · signed-in browsers and browser tokens, hashed (SHA-256, in hex). */
  sessions: SessionColumns;

  /** access/idempotency · 72 h · answers kept for a repeated `Idempotency-Key`. */
  idempotency: IdempotencyColumns;

  /** access/audit · AUDIT_RETENTION_DAYS · administrative actions, with the key that was used; rows are never changed. */
  audit: {
    id: Generated<number>;
  } & AuditColumns;

  /** delivery/subscriptions · until deleted · where events are delivered, and the state of delivery. */
  subscriptions: {
    id: string;
    url: string;
    description: string | null;
    /** How events are posted: `meta`, or null for Standard Webhooks. */
    format: Generated<'meta' | null>;
    /** JSON list of event types; null for all. In Meta's format `meta.…` types. */
    types: string | null;
    /** JSON list of scopes. */
    scopes: string;
    phone_number_id: string | null;
    /** JSON list of the numbers of the keys that it belonged to before; null for all. Its present key may reach fewer. */
    numbers: Generated<string | null>;
    /** The id of the key that made it. */
    created_by: string;
    /** The id of the key that it belongs to and ends with; null until a start has settled what an older release made. */
    key_id: string | null;
    created_at: number;
  } & SubscriptionSecretColumns &
    SubscriptionProgressColumns;

  /** delivery/subscriptions · 7 days after the last attempt · delivery attempts, one row per subscription and event. */
  dispatches: DispatchColumns;

  /** inbox · always · which replica applies a queue's deliveries; `token` rises when another takes over. Only on Postgres. */
  queues: { key: string; holder: string | null; held_by_until: number; token: number };

  /** delivery/forwarding · while a number has a forward · the cursor up to which its deliveries were forwarded. */
  forwards: ForwardColumns;

  /** delivery/forwarding · 8 days after the last refusal, as their deliveries · what the target of forwarding refused. */
  refused_forwards: RefusedForwardColumns;

  /** compliance/conversations · 40 days · digests of counted conversations, and of users who received a template. */
  conversation_digests: {
    phone_number_id: string;
    /** `c:` and a digest of the conversation's id, or `u:` and one of the user's. */
    key: string;
    /** Of a conversation: the side that opened it. */
    kind: 'business' | 'user' | 'unknown' | 'template';
    /** For a conversation its first known time, for a user that of the last delivered template. */
    at: number;
  };

  /** compliance/conversations · 400 days · counts per quarter of an hour of UTC; midnight of every time zone falls between two. */
  conversation_buckets: {
    phone_number_id: string;
    at: number;
  } & ConversationCounters;

  /** compliance/polling · 400 days, or `retention_days` of the number · every poll with its readings. */
  snapshots: SnapshotColumns;

  /** compliance/reports · for ever · the periods that have a report: the key makes each one unique over all replicas. */
  report_periods: ReportPeriodColumns;

  /** compliance/reports · for ever, or `retention_days` of the number · reports; late data adds a revision and changes none. */
  reports: ReportColumns;

  /** compliance/report-deliveries · until deleted, unconfirmed or stopped 30 days · to whom reports are sent. */
  report_deliveries: {
    id: string;
  } & ReportDeliveryColumns;

  /** compliance/report-deliveries · 90 days · what each delivery has sent or is to send. */
  report_sends: {
    delivery_id: string;
  } & ReportSendColumns;

  /** compliance/report-deliveries · 400 days, 30 days without a delivery · which mail addresses want reports, by digest. */
  report_addresses: {
    digest: string;
  } & ReportAddressColumns;

  /** dialog360 · for ever · the latest five slots of permission reads over all replicas, ms by the clock of Postgres, which alone uses them. */
  permission_reads: Record<'phone_number_id' | 'slots', string>;
}
