import type { SqlWords } from '../sql-words.js';

/**
 * Deliveries know their number. A release before this one keeps them with the empty one, and applies those of any number.
 *
 * On Postgres the next deliveries are read by a function that cannot sort, as in `0022-waiting-deliveries`.
 */
export const queuePerNumber = ({ engine }: SqlWords): string[] => [
  "alter table deliveries add column phone_number_id text not null default ''",
  ...(engine === 'sqlite' ? [] : [UNTRIED, WAITING_NUMBERS]),
];

/** One jump through the index for each number: `distinct` would read all that wait. */
const WAITING_NUMBERS = `create function waiting_numbers() returns table (number text)
  language sql stable set enable_sort = off set enable_seqscan = off as $$
    with recursive waiting(number) as (
      select min(phone_number_id) from deliveries where state = 'new'
      union all
      select (select min(phone_number_id) from deliveries where state = 'new' and phone_number_id > waiting.number)
      from waiting where waiting.number is not null)
    select number from waiting where number is not null
  $$`;

const UNTRIED = `create function untried_deliveries_of(number text, most integer)
  returns table (id bigint, received_at bigint, body bytea, attempts integer)
  language sql stable set enable_sort = off as $$
    select d.id, d.received_at, d.body, d.attempts from deliveries d
    where d.state = 'new' and d.attempts = 0 and d.phone_number_id = number order by d.id limit most
  $$`;

/** Built while the table is written to; a build that was cut off is begun anew. */
export const queueIndexes = ({ engine }: SqlWords): string[] =>
  Object.entries({
    deliveries_waiting: "deliveries (phone_number_id, id) where state = 'new'",
    deliveries_of_number: 'deliveries (phone_number_id, id)',
  }).flatMap(([name, on]) =>
    engine === 'sqlite'
      ? [`create index ${name} on ${on}`]
      : [`drop index concurrently if exists ${name}`, `create index concurrently ${name} on ${on}`],
  );
