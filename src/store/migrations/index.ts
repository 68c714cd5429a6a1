import { type Kysely, sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';
import { SQL_WORDS, type SqlWords } from '#store/sql-words.js';
import { firstRing } from './0001-first-ring.js';
import { eventsOut } from './0002-events-out.js';
import { compliance } from './0003-compliance.js';
import { consoleSessions } from './0004-console.js';
import { gateTables } from './0005-gates.js';
import { eventGaps } from './0006-event-gaps.js';
import { audit } from './0008-audit.js';
import { retention } from './0009-retention.js';
import { rights } from './0012-rights.js';
import { addressTimes } from './0014-addresses.js';
import { numberProof } from './0016-number-proof.js';
import { refusedForwards } from './0017-refused-forwards.js';
import { permissionReads } from './0018-permission-reads.js';

/**
 * The last migration of the oldest release that can run on this schema. It rises only with a migration that removes something.
 * A rollback works to any release whose own last migration is not before this one.
 */
export const READABLE_SINCE = '0009-retention';

/** Every migration in order, as statements; the schema that a released one builds is never changed. */
export class Migrations implements MigrationProvider {
  readonly #words: SqlWords;

  constructor(engine: SqlWords['engine']) {
    this.#words = SQL_WORDS[engine];
  }

  async getMigrations(): Promise<Record<string, Migration>> {
    return {
      '0001-first-ring': of(firstRing(this.#words)),
      '0002-events-out': of(eventsOut(this.#words)),
      '0003-compliance': of(compliance),
      '0004-console': of(consoleSessions),
      '0005-gates': of(gateTables),
      '0006-event-gaps': of(eventGaps),
      '0008-audit': of(audit(this.#words)),
      '0009-retention': of(retention),
      '0012-rights': of(rights),
      '0014-addresses': of(addressTimes),
      '0016-number-proof': of(numberProof),
      '0017-refused-forwards': of(refusedForwards),
      '0018-permission-reads': of(permissionReads(this.#words)),
    };
  }
}

const of = (statements: readonly string[]): Migration => ({
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
});
