import type { Migration, MigrationProvider } from 'kysely/migration';
import { firstRing } from './0001-first-ring.js';
import { eventsOut } from './0002-events-out.js';
import { compliance } from './0003-compliance.js';
import { consoleSessions } from './0004-console.js';
import { gateTables } from './0005-gates.js';
import { eventGaps } from './0006-event-gaps.js';
import { audit } from './0008-audit.js';
import { retention } from './0009-retention.js';

/**
 * The last migration of the oldest release that can run on this schema. It rises only with a migration that removes something.
 * A rollback works to any release whose own last migration is not before this one.
 */
export const READABLE_SINCE = '0009-retention';

/** Every migration in order; one that has been released is never changed. */
export class Migrations implements MigrationProvider {
  constructor(private readonly engine: 'sqlite' | 'postgres') {}

  async getMigrations(): Promise<Record<string, Migration>> {
    return {
      '0001-first-ring': firstRing(this.engine),
      '0002-events-out': eventsOut(this.engine),
      '0003-compliance': compliance(),
      '0004-console': consoleSessions(),
      '0005-gates': gateTables(),
      '0006-event-gaps': eventGaps(),
      '0008-audit': audit(this.engine),
      '0009-retention': retention(),
    };
  }
}
