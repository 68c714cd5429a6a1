/** Readings that the numbers of a portfolio or a client share, and to whom a number belongs; `../../schema.ts` says what they hold. */
export const sharedReadings = [
  `create table shared_readings (
    scope text not null, subject text not null, name text not null, source text not null, observed_at bigint not null, data text not null,
    constraint shared_readings_pk primary key (scope, subject, name, source))`,
  'alter table numbers add column client_id text',
  'alter table numbers add column channel_id text',
];
