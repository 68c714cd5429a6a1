import type { SqlWords } from '../sql-words.js';

/**
 * The next untried deliveries, on Postgres. In a flood its statistics are old and say that few rows wait; a plan made for few reads all that
 * wait and sorts them, for each batch anew. Without sorting there is only the index in order of arrival.
 */
export const waitingDeliveries = ({ engine }: SqlWords): string[] =>
  engine === 'sqlite'
    ? []
    : [
        `create function untried_deliveries(most integer) returns table (id bigint, received_at bigint, body bytea, attempts integer)
          language sql stable set enable_sort = off as $$
            select d.id, d.received_at, d.body, d.attempts from deliveries d
            where d.state = 'new' and d.attempts = 0 order by d.id limit most
          $$`,
      ];
