import type { SqlWords } from '#store/sql-words.js';

/** All tables of the first release; `../schema.ts` says what they mean. */
export const firstRing = ({ id, blob, xid }: SqlWords): string[] => [
  'create table meta (key text primary key, value text not null)',
  'create table numbers (phone_number_id text primary key, display_phone_number text, waba_id text, learned_at bigint not null)',
  `create table people (
    id text primary key, wa_id text, user_id text, parent_user_id text, username text, name text, created_at bigint not null)`,
  'create table addresses (address text primary key, person_id text not null)',
  'create index addresses_person on addresses (person_id)',
  `create table windows (
    phone_number_id text not null, person_id text not null, last_inbound_at bigint not null,
    constraint windows_pk primary key (phone_number_id, person_id))`,
  `create table deliveries (
    id ${id}, received_at bigint not null, body ${blob} not null,
    state text not null, attempts integer not null, summary text)`,
  "create index deliveries_new on deliveries (id) where state = 'new'",
  'create table seen (key text primary key, at bigint not null)',
  `create table calls (
    id text primary key, phone_number_id text not null, person_id text not null, wacid text unique,
    direction text not null, state text not null, outcome text, live integer not null,
    input text, reference text, knowledge text not null, sequence integer not null,
    created_at bigint not null, deadline_at bigint, ended_at bigint)`,
  'create index calls_person on calls (person_id, created_at)',
  'create index calls_created on calls (created_at, id)',
  'create index calls_deadline on calls (deadline_at) where live = 1',
  `create table timeline (
    id ${id}, call_id text not null, at bigint not null,
    kind text not null, name text not null, data text not null)`,
  'create index timeline_call on timeline (call_id, id)',
  `create table permission_facts (
    id ${id}, phone_number_id text not null, person_id text not null,
    kind text not null, at bigint not null, ref text, data text not null)`,
  'create index permission_facts_person on permission_facts (person_id, phone_number_id, id)',
  'create index permission_facts_ref on permission_facts (ref)',
  `create table permission_readings (
    phone_number_id text not null, person_id text not null, observed_at bigint not null, data text not null,
    constraint permission_readings_pk primary key (phone_number_id, person_id))`,
  `create table readings (
    phone_number_id text not null, name text not null, source text not null, scope text not null,
    observed_at bigint not null, data text not null,
    constraint readings_pk primary key (phone_number_id, name, source))`,
  `create table refusals (
    id ${id}, phone_number_id text not null, at bigint not null, operation text not null,
    code text not null, upstream_code integer, call_id text)`,
  'create index refusals_at on refusals (at)',
  `create table events (
    id ${id}, xid bigint default ${xid} not null, type text not null, subject text not null, sequence integer not null,
    phone_number_id text, occurred_at bigint not null, expires_at bigint, data text not null)`,
  'create index events_order on events (xid, id)',
  `create table api_keys (
    id text primary key, name text not null, hash text not null unique, scopes text not null, source text not null,
    created_at bigint not null, last_used_at bigint)`,
  `create table idempotency (
    api_key_id text not null, key text not null, fingerprint text not null, holder text not null,
    running_until bigint not null, call_id text, status integer, body text, created_at bigint not null,
    constraint idempotency_pk primary key (api_key_id, key))`,
];
