import type { SqlWords } from '../sql-words.js';

/** Slots of permission reads over all replicas, on Postgres. SQLite has one process, which keeps them in memory: there it stays empty. */
export const permissionReads = ({ engine }: SqlWords): string[] => [
  `create table permission_reads (phone_number_id text primary key, slots ${engine === 'postgres' ? 'bigint[]' : 'text'} not null)`,
];
