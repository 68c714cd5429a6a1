/** Indexes by which expired rows are found without a scan. */
export const retention = [
  'create index seen_at on seen (at)',
  'create index idempotency_created on idempotency (created_at)',
  'create index audit_at on audit (at)',
  'create index calls_ended on calls (ended_at) where live = 0',
];
