/**
 * A key may be limited in a day and in its hours, and suspended; what it has used of a day is counted over all replicas. A release before this one makes
 * keys without limits, and knows neither limits nor suspension.
 */
export const limitsOfKeys = [
  'alter table api_keys add column dials_per_day bigint',
  'alter table api_keys add column asks_per_day bigint',
  'alter table api_keys add column quiet_hours text',
  'alter table api_keys add column suspended_at bigint',
  `create table key_budgets (
    key_id text not null, kind text not null, day text not null, used bigint not null,
    constraint key_budgets_pk primary key (key_id, kind, day))`,
];
