/** Conversation counting, polls and reports; `../../schema.ts` says what the columns mean. */
export const compliance = [
  `create table conversation_digests (
    phone_number_id text not null, key text not null, kind text not null, at bigint not null,
    constraint conversation_digests_pk primary key (phone_number_id, key))`,
  'create index conversation_digests_at on conversation_digests (at)',
  `create table conversation_buckets (
    phone_number_id text not null, at bigint not null,
    business_initiated integer default 0 not null, user_initiated integer default 0 not null, unknown_origin integer default 0 not null,
    loose_business integer default 0 not null, loose_other integer default 0 not null, template_users integer default 0 not null,
    constraint conversation_buckets_pk primary key (phone_number_id, at))`,
  `create table snapshots (
    id text primary key, phone_number_id text not null, state text not null, cause text not null,
    started_at bigint not null, finished_at bigint, data text)`,
  'create index snapshots_started on snapshots (phone_number_id, started_at, id)',
  "create unique index snapshots_running on snapshots (phone_number_id) where state = 'running'",
  `create table report_periods (
    phone_number_id text not null, from_at bigint not null, until_at bigint not null, produced_at bigint not null,
    constraint report_periods_pk primary key (phone_number_id, from_at))`,
  `create table reports (
    id text primary key, phone_number_id text not null, from_at bigint not null, until_at bigint not null,
    revision integer not null, created_at bigint not null, digest text not null, data text not null,
    constraint reports_revision unique (phone_number_id, from_at, revision))`,
  'create index reports_created on reports (created_at, id)',
];
