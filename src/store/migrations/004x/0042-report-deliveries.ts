/** Reports that are sent to people and programs; `../../columns/report-delivery-columns.ts` says what the columns mean. */
export const reportDeliveries = [
  `create table report_deliveries (
    id text primary key, channel text not null, address text not null, address_digest text, every text not null, language text not null,
    time_zone text not null, phone_number_id text, numbers text, created_by text not null, key_id text not null, created_at bigint not null,
    confirmed_at bigint, stopped_at bigint, stopped_reason text, next_at bigint not null, secret text not null, sealed_secret text)`,
  'create index report_deliveries_next on report_deliveries (next_at)',
  `create table report_sends (
    delivery_id text not null, period text not null, from_at bigint not null, until_at bigint not null, state text not null,
    attempts bigint not null, first_attempt_at bigint, next_attempt_at bigint not null, holder text, held_until bigint, finished_at bigint,
    fault text, status bigint, constraint report_sends_pk primary key (delivery_id, period))`,
  "create index report_sends_due on report_sends (next_attempt_at) where state = 'due'",
  `create table report_addresses (
    digest text primary key, asked_at bigint, token_digest text, confirmed_at bigint, unsubscribed_at bigint, changed_at bigint not null)`,
];
