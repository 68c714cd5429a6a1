/** The words in which the SQL of the two engines differs. */
export interface SqlWords {
  engine: 'sqlite' | 'postgres';
  /** Type and constraints of a primary key that counts by itself. */
  id: string;
  blob: string;
  /** The writing transaction. */
  xid: string;
}

export const SQL_WORDS: Readonly<Record<SqlWords['engine'], SqlWords>> = {
  sqlite: { engine: 'sqlite', id: 'integer primary key autoincrement', blob: 'blob', xid: '0' },
  postgres: { engine: 'postgres', id: 'bigserial primary key', blob: 'bytea', xid: '(pg_current_xact_id()::text::bigint)' },
};
