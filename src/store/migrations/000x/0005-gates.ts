/** Data for the gates of payment and pick-up, and counts of template users; `../../schema.ts` says what the columns mean. */
export const gateTables = [
  'create index calls_direction on calls (phone_number_id, direction, created_at)',
  'alter table conversation_buckets add column new_template_users integer default 0 not null',
];
