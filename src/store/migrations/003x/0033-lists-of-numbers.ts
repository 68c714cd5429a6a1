import type { SqlWords } from '../sql-words.js';

/**
 * What a number, or several, show newest first, and the refusals of one number since a moment, is read from an index of each number: those of
 * all are passed over else. On Postgres they are built while the tables are in use; a build that was cut off is begun anew.
 */
export const listsOfNumbers = ({ engine }: SqlWords): string[] =>
  Object.entries({
    calls_of_number: 'calls (phone_number_id, created_at, id)',
    snapshots_newest: 'snapshots (started_at, id)',
    reports_of_number: 'reports (phone_number_id, created_at, id)',
    refusals_of_number: 'refusals (phone_number_id, at)',
  }).flatMap(([name, on]) =>
    engine === 'sqlite'
      ? [`create index ${name} on ${on}`]
      : [`drop index concurrently if exists ${name}`, `create index concurrently ${name} on ${on}`],
  );
