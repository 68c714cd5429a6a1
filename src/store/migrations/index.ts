import { type QueryExecutorProvider, sql } from 'kysely';
import { firstRing } from './000x/0001-first-ring.js';
import { eventsOut } from './000x/0002-events-out.js';
import { compliance } from './000x/0003-compliance.js';
import { consoleSessions } from './000x/0004-console.js';
import { gateTables } from './000x/0005-gates.js';
import { eventGaps } from './000x/0006-event-gaps.js';
import { audit } from './000x/0008-audit.js';
import { retention } from './000x/0009-retention.js';
import { account } from './001x/0010-account.js';
import { rights } from './001x/0012-rights.js';
import { earlyFacts } from './001x/0013-early-facts.js';
import { repairFutureTimes } from './001x/0013-future-times.js';
import { addressTimes } from './001x/0014-addresses.js';
import { numberProof } from './001x/0016-number-proof.js';
import { refusedForwards } from './001x/0017-refused-forwards.js';
import { permissionReads } from './001x/0018-permission-reads.js';
import { queues } from './001x/0019-queues.js';
import { floorLock } from './002x/0020-floor-lock.js';
import { waitingDeliveries } from './002x/0022-waiting-deliveries.js';
import { severalNumbers } from './002x/0023-several-numbers.js';
import { peopleOfNumbers } from './002x/0024-people-of-numbers.js';
import { queueIndexes, queuePerNumber } from './002x/0025-queue-per-number.js';
import { sealedSecrets } from './002x/0027-sealed-secrets.js';
import { numbersApi } from './002x/0029-numbers-api.js';
import { keysOfNumbers } from './003x/0030-keys-of-numbers.js';
import { forwardPerNumber } from './003x/0031-forward-per-number.js';
import { listsOfNumbers } from './003x/0033-lists-of-numbers.js';
import { sharedReadings } from './003x/0034-shared-readings.js';
import { templateUsers } from './003x/0035-template-users.js';
import { partnerRequests } from './003x/0036-partner-requests.js';
import { adoptions } from './003x/0037-adoptions.js';
import { limitsOfKeys } from './004x/0040-limits-of-keys.js';
import { personWords } from './004x/0041-person-words.js';
import { reportDeliveries } from './004x/0042-report-deliveries.js';
import { metricsOfReports } from './004x/0043-metrics-of-reports.js';
import { graphCalls } from './004x/0044-graph-calls.js';
import { metaSubscriptions } from './004x/0045-meta-subscriptions.js';
import { callsByReference } from './004x/0047-calls-by-reference.js';
import { SQL_WORDS, type SqlWords } from './sql-words.js';

/**
 * The last migration of the oldest release that can run on this schema. It rises only with a migration that removes something.
 * A rollback works to any release whose own last migration is not before this one.
 */
export const READABLE_SINCE = '0009-retention';

/** One step of the schema. */
export interface Migration {
  /** Runs its statements in the transaction of `db`. */
  up(db: QueryExecutorProvider): Promise<void>;
  readonly statements: readonly string[];
  /**
   * Statements that Postgres runs outside of a transaction, such as `create index concurrently`. They can be repeated from the beginning, and such a
   * migration has no others.
   */
  readonly alone: readonly string[];
}

/** Every migration in order, as statements; the schema that a released one builds is never changed. */
export class Migrations {
  readonly #words: SqlWords;

  constructor(engine: SqlWords['engine']) {
    this.#words = SQL_WORDS[engine];
  }

  all(): Record<string, Migration> {
    return {
      '0001-first-ring': of(firstRing(this.#words)),
      '0002-events-out': of(eventsOut(this.#words)),
      '0003-compliance': of(compliance),
      '0004-console': of(consoleSessions),
      '0005-gates': of(gateTables),
      '0006-event-gaps': of(eventGaps),
      '0008-audit': of(audit(this.#words)),
      '0009-retention': of(retention),
      '0010-account': of(account),
      '0012-rights': of(rights),
      '0013-early-facts': of(earlyFacts(this.#words), (db) => repairFutureTimes(db, Date.now())),
      '0014-addresses': of(addressTimes),
      '0016-number-proof': of(numberProof),
      '0017-refused-forwards': of(refusedForwards),
      '0018-permission-reads': of(permissionReads(this.#words)),
      '0019-queues': of(queues),
      '0020-floor-lock': of(floorLock(this.#words)),
      '0022-waiting-deliveries': of(waitingDeliveries(this.#words)),
      '0023-several-numbers': of(severalNumbers),
      '0024-people-of-numbers': of(peopleOfNumbers),
      '0025-queue-per-number': of(queuePerNumber(this.#words)),
      '0026-queue-indexes': this.#words.engine === 'sqlite' ? of(queueIndexes(this.#words)) : alone(queueIndexes(this.#words)),
      '0027-sealed-secrets': of(sealedSecrets),
      '0029-numbers-api': of(numbersApi),
      '0030-keys-of-numbers': of(keysOfNumbers),
      '0031-forward-per-number': of(forwardPerNumber(this.#words)),
      '0033-lists-of-numbers': this.#words.engine === 'sqlite' ? of(listsOfNumbers(this.#words)) : alone(listsOfNumbers(this.#words)),
      '0034-shared-readings': of(sharedReadings),
      '0035-template-users': this.#words.engine === 'sqlite' ? of(templateUsers(this.#words)) : alone(templateUsers(this.#words)),
      '0036-partner-requests': of(partnerRequests),
      '0037-adoptions': of(adoptions),
      '0040-limits-of-keys': of(limitsOfKeys),
      '0041-person-words': of(personWords(this.#words)),
      '0042-report-deliveries': of(reportDeliveries),
      '0043-metrics-of-reports': of(metricsOfReports),
      '0044-graph-calls': of(graphCalls),
      '0045-meta-subscriptions': of(metaSubscriptions),
      '0047-calls-by-reference': this.#words.engine === 'sqlite' ? of(callsByReference(this.#words)) : alone(callsByReference(this.#words)),
    };
  }
}

/** A migration of statements, and of a repair of rows that no statement of both engines can express. */
const of = (statements: readonly string[], repair?: (db: QueryExecutorProvider) => Promise<void>): Migration => ({
  statements,
  alone: [],
  async up(db) {
    for (const statement of statements) await sql.raw(statement).execute(db);
    await repair?.(db);
  },
});

const alone = (statements: readonly string[]): Migration => ({ statements: [], alone: statements, up: async () => undefined });
