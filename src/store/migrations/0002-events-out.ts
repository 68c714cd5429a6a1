import type { SqlWords } from '#store/sql-words.js';

/** Subscriptions with what was sent to them, and forwarding; `../schema.ts` says what the columns mean. */
export const eventsOut = ({ xid }: SqlWords): string[] => [
  `create table subscriptions (
    id text primary key, url text not null, description text, types text, scopes text not null,
    phone_number_id text, created_by text not null,
    secret text not null, previous_secret text, previous_until bigint,
    state text not null, disabled_at bigint, disabled_reason text,
    xid bigint not null, event_id bigint not null,
    failures integer not null, failing_since bigint, held_until bigint,
    revision integer not null, holder text, held_by_until bigint, created_at bigint not null)`,
  'create index subscriptions_created on subscriptions (created_at, id)',
  `create table dispatches (
    subscription_id text not null, xid bigint not null, event_id bigint not null,
    type text not null, subject text not null, state text not null, attempts integer not null,
    first_attempt_at bigint, last_attempt_at bigint, next_attempt_at bigint,
    response_status integer, latency_ms integer, error text,
    constraint dispatches_pk primary key (subscription_id, xid, event_id))`,
  "create index dispatches_due on dispatches (subscription_id, next_attempt_at) where state = 'retrying'",
  'create index dispatches_last_attempt on dispatches (last_attempt_at)',
  `alter table deliveries add column xid bigint default ${xid} not null`,
  'create index deliveries_order on deliveries (xid, id)',
  'create table forwards (name text primary key, xid bigint not null, delivery_id bigint not null, holder text, held_by_until bigint)',
];
