/** Who holds a user's thread, and fields of webhooks that are not read; `../../schema.ts` says what the columns mean. */
export const account = [
  'alter table windows add column thread_holder text',
  'alter table windows add column thread_at bigint',
  `create index windows_of_agent on windows (phone_number_id) where thread_holder = 'agent'`,
  `create table unread_fields (
    phone_number_id text not null,
    field text not null,
    elements bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    constraint unread_fields_pk primary key (phone_number_id, field))`,
];
