/**
 * Since when a person has an address and when they gave it up; `../schema.ts` says what the columns mean. People who wrote or called had
 * theirs at least since the gateway knows them.
 */
export const addressTimes = [
  'alter table addresses add column since bigint',
  'alter table addresses add column former_at bigint',
  `update addresses set since = (select people.created_at from people where people.id = addresses.person_id)
    where person_id in (select person_id from windows)`,
];
