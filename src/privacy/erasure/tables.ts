import type { Schema } from '#store/schema.js';

/**
 * What erasure does with every table: a new one does not compile until somebody has decided.
 * - `deleted`: rows of the person go
 * - `anonymised`: rows stay, so that counts, places and repeated requests stand, with nobody in them
 * - `nobody`: no row names a user of WhatsApp
 */
export const TABLES: Readonly<Record<keyof Schema, 'deleted' | 'anonymised' | 'nobody'>> = {
  people: 'deleted',
  addresses: 'deleted',
  windows: 'deleted',
  permission_facts: 'deleted',
  permission_readings: 'deleted',
  timeline: 'deleted',
  conversation_digests: 'deleted',
  calls: 'anonymised',
  deliveries: 'anonymised',
  events: 'anonymised',
  idempotency: 'anonymised',
  meta: 'nobody',
  numbers: 'nobody',
  // Digests of ids of Meta's, times and kinds together: nobody can be guessed from one.
  seen: 'nobody',
  readings: 'nobody',
  refusals: 'nobody',
  api_keys: 'nobody',
  sessions: 'nobody',
  audit: 'nobody',
  subscriptions: 'nobody',
  dispatches: 'nobody',
  forwards: 'nobody',
  conversation_buckets: 'nobody',
  snapshots: 'nobody',
  report_periods: 'nobody',
  reports: 'nobody',
};
