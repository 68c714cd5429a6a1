import type { SqlWords } from '../sql-words.js';

/** The classes of the advisory locks that hold the floors of events and of deliveries; no other lock has two keys. */
const CLASS = { events: 7_702, deliveries: 7_703 } as const;

/** Above every transaction id: what was written before stands before everything that is written from now on. */
const FIRST_STRETCH = 2 ** 48;

/**
 * Events and deliveries of Postgres in the order of their sequence. ADR 22 says why it has no gap; the order of the statements in these
 * functions is what that rests on.
 *
 * On SQLite there is one writer, and the order is that of the ids as they are.
 */
export const floorLock = ({ engine }: SqlWords): string[] =>
  engine === 'sqlite'
    ? []
    : [
        `create function event_stretch() returns bigint language sql stable as 'select ${FIRST_STRETCH}::bigint'`,
        BEGIN_STRETCH,
        DATABASE_IDENTITY,
        ...orderedBySequence('events'),
        ...orderedBySequence('deliveries'),
      ];

/** Begins another stretch with the rights of whoever has migrated: a replica may have no right to change the schema. */
const BEGIN_STRETCH = `create function begin_event_stretch(stretch bigint) returns void
  language plpgsql security definer set search_path from current as $$
begin
  execute format('create or replace function event_stretch() returns bigint language sql stable as %L', 'select ' || stretch || '::bigint');
end $$`;

/** Where this database is. What a provider does not let an ordinary role read is an empty text. */
const DATABASE_IDENTITY = `create function database_identity(out system text, out timeline text, out database text, out events text)
  language plpgsql stable set search_path from current as $$
begin
  system := '';
  timeline := '';
  begin
    select system_identifier::text into system from pg_control_system();
  exception when others then null;
  end;
  -- The file of the log is named after the timeline; the control file tells of it only from the next checkpoint on.
  begin
    timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  exception when others then
    begin
      select timeline_id::text into timeline from pg_control_checkpoint();
    exception when others then null;
    end;
  end;
  select oid::text into database from pg_database where datname = current_database();
  events := 'events'::regclass::oid::text;
end $$`;

const orderedBySequence = (table: keyof typeof CLASS): string[] => [
  `create function hold_${table}_floor() returns trigger language plpgsql set search_path from current as $$
begin
  -- Before the first row: each id is drawn after the lock is held, and so is above the floor.
  perform pg_advisory_xact_lock_shared(${CLASS[table]}, ((last_value - (not is_called)::int) & 2147483647)::int) from ${table}_id_seq;
  return null;
end $$`,
  `create trigger ${table}_floor before insert on ${table} for each statement execute function hold_${table}_floor()`,
  `alter table ${table} alter column xid set default event_stretch()`,
  `create function ${table}_bound() returns bigint language plpgsql volatile set search_path from current as $$
declare
  drawn bigint;
  lowest_floor bigint;
begin
  if pg_is_in_recovery() then
    raise exception '${table} are read from the primary: the locks of a standby are not those of the primary';
  end if;
  -- The last number first: whoever has drawn one up to it had its lock before.
  select last_value - (not is_called)::int into drawn from ${table}_id_seq;
  -- A lock has 31 bits of its floor, which is less than 2^30 away.
  select min(drawn + ((((objid::bigint - drawn) & 2147483647) # 1073741824) - 1073741824)) into lowest_floor
    from pg_locks
    where locktype = 'advisory' and classid = ${CLASS[table]} and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database());
  return least(drawn, lowest_floor);
end $$`,
  `create function ${table}_after(after_xid bigint, after_id bigint, most bigint)
  returns setof ${table} language plpgsql volatile set search_path from current as $$
declare
  bound bigint;
begin
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception '${table} are read in read committed: the rows need a snapshot that is newer than the look at the locks';
  end if;
  bound := ${table}_bound();
  -- A statement of its own, and planned each time: a plan that was made for an empty table would read all of a full one.
  return query execute 'select * from ${table} where (xid, id) > ($1, $2) and (xid, id) <= (event_stretch(), $3)
    order by xid, id limit $4' using after_xid, after_id, bound, most;
end $$`,
];
