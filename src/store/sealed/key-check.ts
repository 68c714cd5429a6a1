import { type Kysely, sql } from 'kysely';
import { InvalidSettings } from '#config/environment.js';
import { isKeyId, KEY_ID_LENGTH, type SealingKeys } from '#kernel/sealed.js';
import type { Schema } from '#store/schema.js';
import { type AnySealedColumn, SEALED_COLUMNS } from './sealed-columns.js';

/** Those of the columns that a database has; a database of an older release lacks some. */
export async function sealedColumnsIn(db: Kysely<Schema>): Promise<AnySealedColumn[]> {
  const tables = await db.introspection.getTables();
  return SEALED_COLUMNS.filter(({ table, column }) =>
    tables.some(({ name, columns }) => name === table && columns.some((one) => one.name === column)),
  );
}

/** The id of the key with which a value of the column is sealed. */
export const keyIdIn = (column: string) => sql<string>`substr(${sql.ref(column)}, 1, ${sql.lit(KEY_ID_LENGTH)})`;

/** Refuses a start without a key that a sealed secret of the database needs. Nothing is written. @throws InvalidSettings */
export async function assertKeysAtHand(db: Kysely<Schema>, keys: SealingKeys): Promise<void> {
  const missing = new Set<string>();
  for (const { table, column } of await sealedColumnsIn(db)) {
    const { rows } = await sql<{ id: string }>`select distinct ${keyIdIn(column)} as id from ${sql.table(table)}
      where ${sql.ref(column)} is not null`.execute(db);
    // What is no sealed value opens with no key: its reader reports it.
    for (const { id } of rows) if (isKeyId(id) && !keys.ids.includes(id)) missing.add(id);
  }
  if (missing.size > 0) throw new InvalidSettings([faultOf([...missing].sort().join(', '), keys.ids.join(', '))]);
}

const faultOf = (missing: string, given: string) => ({
  name: 'SECRETS_KEY',
  en: `${given ? `has the key ${given}, which does not open` : 'is missing:'} secrets in the database that are sealed with the key ${missing}: set SECRETS_KEY to that key${given ? ', or add it after a comma' : ''} (docs/operations/secrets.md says what to do when it is lost)`,
  es: `${given ? `tiene la clave ${given}, que no abre` : 'falta: con ella se abren'} los secretos de la base de datos sellados con la clave ${missing}: ponga esa clave en SECRETS_KEY${given ? ' o agréguela después de una coma' : ''} (docs/operations/secrets.md explica qué hacer si se perdió)`,
});
