import type { SqlWords } from './sql-words.js';

/**
 * Slots of permission reads. Unlogged on Postgres: they are of no use after a crash, and their commit waits for no disk. SQLite has one
 * process, which keeps them in memory; there the table stays empty.
 */
export const permissionReads = ({ engine }: SqlWords): string[] => {
  const [kind, slots] = engine === 'postgres' ? ['unlogged table', 'bigint[]'] : ['table', 'text'];
  return [`create ${kind} permission_reads (phone_number_id text primary key, slots ${slots} not null)`];
};
