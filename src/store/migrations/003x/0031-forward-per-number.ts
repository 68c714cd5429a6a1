import type { SqlWords } from '../sql-words.js';

/** Above every transaction id; see `../002x/0020-floor-lock.ts`. */
const FIRST_STRETCH = 2 ** 48;

/**
 * The cursor of forwarding of each number, and to which number it belongs: null in the row of a release before this one, which forwards the
 * deliveries of all.
 *
 * On Postgres the deliveries of a number after a cursor are read by a function, as `0020-floor-lock` does for those of all. Within a stretch
 * ids rise, and a later stretch has higher ids, so that the index of the number by id has the order of the cursor.
 */
export const forwardPerNumber = ({ engine }: SqlWords): string[] => [
  'alter table forwards add column phone_number_id text',
  ...(engine === 'sqlite' ? [] : [DELIVERIES_OF_AFTER]),
];

const DELIVERIES_OF_AFTER = `create function deliveries_of_after(number text, after_xid bigint, after_id bigint, most bigint)
  returns setof deliveries language plpgsql volatile set search_path from current set enable_sort = off as $$
declare
  bound bigint;
begin
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception 'deliveries are read in read committed: the rows need a snapshot that is newer than the look at the locks';
  end if;
  bound := deliveries_bound();
  if after_xid >= ${FIRST_STRETCH} then
    -- A statement of its own, and planned each time, as in deliveries_after.
    return query execute 'select * from deliveries where phone_number_id = $1 and id > $3 and id <= $4
      and (xid, id) > ($2, $3) and (xid, id) <= (event_stretch(), $4) order by id limit $5' using number, after_xid, after_id, bound, most;
  else
    -- Rows of a release that ordered them by their transaction: their ids do not have that order.
    return query execute 'select * from deliveries where phone_number_id = $1
      and (xid, id) > ($2, $3) and (xid, id) <= (event_stretch(), $4) order by xid, id limit $5' using number, after_xid, after_id, bound, most;
  end if;
end $$`;
