import type { Schema } from '#store/schema.js';

/**
 * What erasure does with every table: a new one does not compile until it is listed here.
 * - `deleted`: rows of the person go
 * - `anonymised`: rows stay, so that counts, cursors and repeated requests stand, without the person
 * - `unrelated`: no row names a user of WhatsApp
 */
export const TABLES = {
  people: 'deleted',
  addresses: 'deleted',
  windows: 'deleted',
  permission_facts: 'deleted',
  permission_readings: 'deleted',
  timeline: 'deleted',
  early_facts: 'deleted',
  conversation_digests: 'deleted',
  calls: 'anonymised',
  deliveries: 'anonymised',
  events: 'anonymised',
  idempotency: 'anonymised',
  meta: 'unrelated',
  numbers: 'unrelated',
  // Digests of ids of Meta's, times and kinds together: no person can be guessed from one.
  seen: 'unrelated',
  readings: 'unrelated',
  shared_readings: 'unrelated',
  partner_requests: 'unrelated',
  adoptions: 'unrelated',
  permission_reads: 'unrelated',
  refusals: 'unrelated',
  unread_fields: 'unrelated',
  api_keys: 'unrelated',
  key_budgets: 'unrelated',
  sessions: 'unrelated',
  audit: 'unrelated',
  subscriptions: 'unrelated',
  dispatches: 'unrelated',
  forwards: 'unrelated',
  queues: 'unrelated',
  refused_forwards: 'unrelated',
  conversation_buckets: 'unrelated',
  snapshots: 'unrelated',
  report_periods: 'unrelated',
  reports: 'unrelated',
  // Addresses of readers, who are no users of WhatsApp; each ends its own by a link in every mail.
  report_deliveries: 'unrelated',
  report_sends: 'unrelated',
  report_addresses: 'unrelated',
} as const satisfies Record<keyof Schema, 'deleted' | 'anonymised' | 'unrelated'>;

/** A table whose rows name people: what is kept about one is exported, ends with its retention and is erased. */
export type PersonTable = { [Table in keyof Schema]: (typeof TABLES)[Table] extends 'unrelated' ? never : Table }[keyof Schema];
