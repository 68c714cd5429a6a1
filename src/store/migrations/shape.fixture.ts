import { type Kysely, sql } from 'kysely';
import type { Engine } from '#store/temporary-database.fixture.js';

/** What a release that does not know the newest migrations relies on, and what may refuse its rows. */
export interface Shape {
  /** `table.column` with its type and whether it takes null. */
  columns: Map<string, string>;
  /** `table.column` without which a row cannot be inserted. */
  required: Set<string>;
  /** Unique indexes, constraints and triggers, as `table: what`. */
  barriers: Set<string>;
}

export async function shapeOf(db: Kysely<unknown>, engine: Engine): Promise<Shape> {
  const tables = await db.introspection.getTables();
  const columns = tables.flatMap(({ name: table, columns: all }) => all.map((column) => ({ key: `${table}.${column.name}`, ...column })));
  const { rows } = await sql.raw<{ barrier: string }>(engine === 'sqlite' ? SQLITE_BARRIERS : POSTGRES_BARRIERS).execute(db);
  return {
    columns: new Map(columns.map(({ key, dataType, isNullable }) => [key, `${dataType.toLowerCase()}${isNullable ? '' : ' not null'}`])),
    required: new Set(
      columns
        .filter(({ isNullable, hasDefaultValue, isAutoIncrementing }) => !(isNullable || hasDefaultValue || isAutoIncrementing))
        .map(({ key }) => key),
    ),
    barriers: new Set(rows.map(({ barrier }) => barrier)),
  };
}

const SQLITE_BARRIERS = `
  select m.name || ': unique ' || (select group_concat(c.name) from pragma_index_info(i.name) c) as barrier
    from sqlite_schema m, pragma_index_list(m.name) i where m.type = 'table' and i."unique"
  union all select tbl_name || ': trigger ' || name from sqlite_schema where type = 'trigger'`;

const POSTGRES_BARRIERS = `
  select conrelid::regclass || ': ' || pg_get_constraintdef(oid) as barrier from pg_constraint where conrelid <> 0 and contype <> 'n'
  union all select indrelid::regclass || ': ' || regexp_replace(pg_get_indexdef(indexrelid), '^.* USING', 'unique') from pg_index
    where indisunique and indrelid::regclass::text !~ '^pg_'
  union all select tgrelid::regclass || ': trigger ' || tgname from pg_trigger where not tgisinternal`;

/** What of a newer shape the older release would stumble over. */
export function stumblingBlocks(old: Shape, now: Shape, harmless: readonly string[] = []): string[] {
  const oldTables = new Set([...old.columns.keys()].map((key) => key.replace(/\..*/, '')));
  const isOld = (one: string) => oldTables.has(one.replace(/[.:].*/, ''));
  return [
    ...[...old.columns].filter(([key, type]) => now.columns.get(key) !== type).map(([key]) => `${key} is gone or changed`),
    ...[...now.required].filter((key) => isOld(key) && !old.required.has(key)).map((key) => `${key} needs a value`),
    ...[...now.barriers].filter((one) => isOld(one) && !old.barriers.has(one) && !harmless.includes(one)),
  ];
}

/** What is wrong with a migration on Postgres while replicas use its tables; nothing when it is good. */
export function lockFaults(statements: readonly string[], alone: readonly string[]): string[] {
  const made = statements.flatMap((text) => /^\s*create table (?:if not exists )?(\w+)/i.exec(text)?.[1] ?? []);
  const ofOldTable = (text: string, pattern: RegExp) => {
    const table = pattern.exec(text)?.[1];
    return table !== undefined && !made.includes(table);
  };
  const alters = statements.some((text) => ofOldTable(text, /^\s*alter table (\w+)/i));
  return [
    ...statements
      .filter((text) => ofOldTable(text, /^\s*create (?:unique )?index .*? on (\w+)/is))
      .map((text) => `an index on a table in use is made with "concurrently", among the statements that run alone: ${text}`),
    ...statements
      .filter((text) => alters && ofOldTable(text, /^\s*(?:update|delete from|insert into) (\w+)/i))
      .map((text) => `a migration that alters a table changes no rows, for whose time it would be locked: ${text}`),
    ...statements
      .filter((text) => /\balter table\b.*\b(type|set not null|add (constraint|check|unique|foreign|primary))\b/is.test(text))
      .map((text) => `this reads or writes a table anew under its lock: ${text}`),
    ...(alone.length > 0 && statements.length > 0 ? ['statements that run alone have a migration of their own'] : []),
    ...alone
      .filter((text) => !/^\s*(create index concurrently|drop index concurrently if exists) /i.test(text))
      .map((text) => `only indexes are made alone, each after the drop of what an attempt has left: ${text}`),
  ];
}
