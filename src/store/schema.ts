import type { Generated } from 'kysely';

/**
 * Every table, with the module that owns it and how long its rows live. Times are ms since 1970, flags are 0 or 1, JSON is
 * text: so SQLite and Postgres hold the same values. Migrations in `migrations/` build exactly this.
 */
export interface Schema {
  meta: MetaTable;
  numbers: NumbersTable;
  people: PeopleTable;
  addresses: AddressesTable;
  windows: WindowsTable;
  deliveries: DeliveriesTable;
  seen: SeenTable;
  calls: CallsTable;
  timeline: TimelineTable;
  permission_facts: PermissionFactsTable;
  permission_readings: PermissionReadingsTable;
  readings: ReadingsTable;
  refusals: RefusalsTable;
  events: EventsTable;
  api_keys: ApiKeysTable;
  sessions: SessionsTable;
  idempotency: IdempotencyTable;
  audit: AuditTable;
  subscriptions: SubscriptionsTable;
  dispatches: DispatchesTable;
  forwards: ForwardsTable;
  conversation_digests: ConversationDigestsTable;
  conversation_buckets: ConversationBucketsTable;
  snapshots: SnapshotsTable;
  report_periods: ReportPeriodsTable;
  reports: ReportsTable;
}

/** store · for ever · what the database says of itself, such as its mode. */
interface MetaTable {
  key: string;
  value: string;
}

/** identity · for ever · the business numbers this gateway speaks for. */
interface NumbersTable {
  phone_number_id: string;
  display_phone_number: string | null;
  waba_id: string | null;
  /** Since when deliveries of this number are kept here: before that, silence proves nothing. */
  learned_at: number;
}

/** identity · until erased · one row per WhatsApp user, whatever the number of addresses. */
interface PeopleTable {
  id: string;
  wa_id: string | null;
  user_id: string | null;
  parent_user_id: string | null;
  username: string | null;
  name: string | null;
  created_at: number;
}

/** identity · until erased · every address under which a person is found (see `#kernel/wa-id.js`). */
interface AddressesTable {
  address: string;
  person_id: string;
}

/** identity · until erased · when a user last wrote or called: the 24 h customer-service window counts from there. */
interface WindowsTable {
  phone_number_id: string;
  person_id: string;
  last_inbound_at: number;
}

/** inbox · 8 days, the upstream's retry time and a day · webhooks as received. */
interface DeliveriesTable {
  id: Generated<number>;
  /** The writing transaction on Postgres, 0 on SQLite: `(xid, id)` orders deliveries across replicas, `id` alone does not. */
  xid: Generated<number>;
  received_at: number;
  body: Uint8Array;
  state: 'new' | 'done' | 'failed';
  attempts: number;
  /** JSON: how many elements were read, new, known, foreign, unknown. */
  summary: string | null;
}

/** inbox · 30 days · elements already taken in, by digest. */
interface SeenTable {
  key: string;
  at: number;
}

/** calling/call · RETENTION_DAYS after the end · one row per call; `knowledge` holds the facts, the other columns are concluded. */
interface CallsTable {
  id: string;
  phone_number_id: string;
  person_id: string;
  wacid: string | null;
  direction: 'inbound' | 'outbound';
  state: string;
  outcome: string | null;
  /** 1 until the call has ended. */
  live: number;
  /** What the caller typed for the user. */
  input: string | null;
  reference: string | null;
  knowledge: string;
  sequence: number;
  created_at: number;
  /** When the present state must be over; null once ended. */
  deadline_at: number | null;
  ended_at: number | null;
}

/** calling/call · as the call · everything that happened to a call, SDP and secrets redacted. */
interface TimelineTable {
  id: Generated<number>;
  call_id: string;
  at: number;
  kind: 'request' | 'answer' | 'webhook' | 'state' | 'command';
  name: string;
  data: string;
}

/** calling/permissions · until erased · the ledger: what was asked, answered and refused; only ever added to. */
interface PermissionFactsTable {
  id: Generated<number>;
  phone_number_id: string;
  person_id: string;
  kind: string;
  at: number;
  /** The message (`wamid.…`) or call (`wacid.…`) the fact belongs to. */
  ref: string | null;
  data: string;
}

/** calling/permissions · until erased · what 360dialog last said about a user's permission. */
interface PermissionReadingsTable {
  phone_number_id: string;
  person_id: string;
  observed_at: number;
  data: string;
}

/** compliance/eligibility · latest only · figures of the number: settings, health, registered webhook, limits, restrictions. */
interface ReadingsTable {
  phone_number_id: string;
  name: string;
  source: string;
  scope: string;
  observed_at: number;
  data: string;
}

/** compliance/eligibility · 30 days · what 360dialog refused, for the diagnosis. */
interface RefusalsTable {
  id: Generated<number>;
  phone_number_id: string;
  at: number;
  operation: string;
  code: string;
  upstream_code: number | null;
  call_id: string | null;
}

/** events · 7 days · the outbox; `(xid, id)` orders it across replicas. */
interface EventsTable {
  id: Generated<number>;
  /** The writing transaction on Postgres, 0 on SQLite. */
  xid: Generated<number>;
  type: string;
  /** What the event is about, such as a call's id; `sequence` rises per subject. */
  subject: string;
  sequence: number;
  phone_number_id: string | null;
  occurred_at: number;
  expires_at: number | null;
  data: string;
}

/** access/keys · until deleted · API keys, hashed. */
interface ApiKeysTable {
  id: string;
  name: string;
  /** SHA-256 of the key in hex. */
  hash: string;
  /** JSON list of scopes. */
  scopes: string;
  source: 'environment' | 'first' | 'api';
  created_at: number;
  last_used_at: number | null;
}

/** access/sessions · until they expire, at most 12 h, and a day · signed-in browsers and browser tokens, hashed. */
interface SessionsTable {
  id: string;
  kind: 'session' | 'token';
  /** SHA-256 of the text that the browser keeps, in hex. */
  hash: string;
  /** The key it lives on; without that key it is nothing. */
  api_key_id: string;
  name: string;
  /** JSON list of scopes. */
  scopes: string;
  created_at: number;
  used_at: number;
  expires_at: number;
}

/** access/idempotency · 72 h · answers kept for a repeated `Idempotency-Key`. */
interface IdempotencyTable {
  api_key_id: string;
  key: string;
  /** SHA-256 of method, path and body. */
  fingerprint: string;
  /** The process that runs the request, and until when it is believed to. */
  holder: string;
  running_until: number;
  /** The call whose intent this request has committed. */
  call_id: string | null;
  status: number | null;
  body: string | null;
  created_at: number;
}

/** access/audit · 1 year · who did what with which key; a row is never changed. */
interface AuditTable {
  id: Generated<number>;
  at: number;
  action: string;
  key_id: string;
  operator_id: string | null;
  /** The gateway's own id of what it was done to; no row names a user of WhatsApp. */
  target: string | null;
  request_id: string | null;
  /** The act of which this row tells the outcome; null for an act. */
  outcome_of: number | null;
  status: number | null;
}

/** delivery/subscriptions · until deleted · where events are delivered, and how that goes. */
interface SubscriptionsTable {
  id: string;
  url: string;
  description: string | null;
  /** JSON list of event types; null for all. */
  types: string | null;
  /** JSON list of scopes. */
  scopes: string;
  phone_number_id: string | null;
  /** The id of the key that made it. */
  created_by: string;
  /** `whsec_…` as it is: it must be readable to sign. */
  secret: string;
  /** Signs too until `previous_until`. */
  previous_secret: string | null;
  previous_until: number | null;
  state: 'active' | 'paused' | 'disabled';
  disabled_at: number | null;
  disabled_reason: 'gone' | 'failing' | null;
  /** With `event_id`, the place in the outbox: up to there every event was tried once, or was not wanted. */
  xid: number;
  event_id: number;
  /** Failed attempts since the last success. */
  failures: number;
  failing_since: number | null;
  /** Nothing is sent before. */
  held_until: number | null;
  /** How many wanted events were deleted before they were delivered, of which span, and when that was told; null for none. */
  gap_events: number | null;
  gap_from: number | null;
  gap_until: number | null;
  /** What is lost after it was told is a gap of its own. */
  gap_told_at: number | null;
  /** Rises with every change from outside, so that whoever delivers begins anew. */
  revision: number;
  /** The replica that delivers, and until when it may; only on Postgres. */
  holder: string | null;
  held_by_until: number | null;
  created_at: number;
}

/** delivery/subscriptions · 7 days after the last attempt · what was sent to whom, one row per subscription and event. */
interface DispatchesTable {
  subscription_id: string;
  xid: number;
  event_id: number;
  type: string;
  subject: string;
  state: 'delivered' | 'retrying' | 'exhausted';
  /** Since the first attempt or the last replay. */
  attempts: number;
  first_attempt_at: number | null;
  last_attempt_at: number | null;
  /** Null unless it is retrying. */
  next_attempt_at: number | null;
  response_status: number | null;
  latency_ms: number | null;
  error: string | null;
}

/** delivery/forwarding · while WEBHOOK_FORWARD_URL is set · up to which delivery everything was passed on; one row. */
interface ForwardsTable {
  name: string;
  xid: number;
  delivery_id: number;
  /** The replica that forwards, and until when it may; only on Postgres. */
  holder: string | null;
  held_by_until: number | null;
}

/** compliance/conversations · 40 days · what has been counted, by digest: conversations, and users who got a template. */
interface ConversationDigestsTable {
  phone_number_id: string;
  /** `c:` and a digest of the conversation's id, or `u:` and one of the user's. */
  key: string;
  /** Of a conversation: who opened it. */
  kind: 'business' | 'user' | 'unknown' | 'template';
  /** Of a conversation its first known moment, of a user the last delivered template. */
  at: number;
}

/** compliance/conversations · 400 days · how many of each began in a quarter of an hour of UTC, in which every zone has its midnights. */
interface ConversationBucketsTable {
  phone_number_id: string;
  at: number;
  business_initiated: number;
  user_initiated: number;
  unknown_origin: number;
  /** Messages that Meta put into no conversation: marketing, utility and authentication; and all others. */
  loose_business: number;
  loose_other: number;
  /** Users whose last template was delivered then: over any window that ends now, each user counts once. */
  template_users: number;
  /** Users who got a template then and none in the 30 days before. */
  new_template_users: number;
}

/** compliance/polling · 400 days · every poll with the figures it found. */
interface SnapshotsTable {
  id: string;
  phone_number_id: string;
  /** Of one number only one is running. */
  state: 'running' | 'done' | 'failed';
  cause: 'start' | 'schedule' | 'request';
  started_at: number;
  finished_at: number | null;
  data: string | null;
}

/** compliance/reports · for ever · the periods a report was written for: the key makes each happen once, whatever the replicas. */
interface ReportPeriodsTable {
  phone_number_id: string;
  /** A local midnight in `COMPLIANCE_TIME_ZONE`, and the next one. */
  from_at: number;
  until_at: number;
  produced_at: number;
}

/** compliance/reports · for ever · what was reported; late data adds a revision and changes none. */
interface ReportsTable {
  id: string;
  phone_number_id: string;
  from_at: number;
  until_at: number;
  revision: number;
  created_at: number;
  /** Of the period's own figures: another digest is another revision. */
  digest: string;
  data: string;
}
