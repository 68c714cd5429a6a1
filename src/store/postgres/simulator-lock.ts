import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { SECOND } from '#kernel/clock.js';
import type { Secret } from '#kernel/secret.js';

const LOCK = 'whatsapp-calling-gateway simulator';
/** A process that is being replaced gets this long to end. */
const TAKE_OVER_MS = 3 * SECOND;
const AGAIN_MS = 250;
const CONNECT_MS = 3 * SECOND;

/**
 * Keeps a second gateway with a simulator off a database in Postgres: each simulator has users, calls and permissions of its own, which the
 * other knows nothing of. The lock belongs to a transaction that stays open on a connection of its own, so it ends with the process and
 * holds through a pooler, too; the transaction writes nothing and holds no other one up.
 */
export class SimulatorLock {
  #released = false;

  private constructor(
    private readonly url: Secret,
    private client: pg.Client,
    private readonly onLost: () => void,
  ) {
    this.#watch();
  }

  /**
   * @param onLost called when the connection was lost and another simulator has taken the lock since
   * @returns null when another process has the lock
   * @throws errors of the system and of Postgres
   */
  static async take(url: Secret, onLost: () => void): Promise<SimulatorLock | null> {
    const client = await held(url);
    return client && new SimulatorLock(url, client, onLost);
  }

  async release(): Promise<void> {
    this.#released = true;
    await this.client.end().catch(() => undefined);
  }

  #watch(): void {
    this.client.once('end', () => void this.#takeAgain());
  }

  /** Postgres was restarted, or the network lost the connection. */
  async #takeAgain(): Promise<void> {
    while (!this.#released) {
      const client = await held(this.url).catch(() => undefined);
      if (client === null) return this.onLost();
      if (client) {
        this.client = client;
        if (this.#released) return void client.end();
        return this.#watch();
      }
      await pause(SECOND, undefined, { ref: false });
    }
  }
}

/** A connection whose transaction holds the lock; null when another process holds it for longer than a take-over lasts. */
async function held(url: Secret): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: url.reveal(), connectionTimeoutMillis: CONNECT_MS, keepAlive: true });
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const end = performance.now() + TAKE_OVER_MS; ; await pause(AGAIN_MS)) {
      await client.query('begin');
      await client.query("select set_config('idle_in_transaction_session_timeout', '0', true)");
      const { rows } = await client.query('select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as taken', [LOCK]);
      if (rows[0]?.taken === true) {
        // A query with parameters keeps its snapshot until the next one; a build of an index would wait for it for ever.
        await client.query('select 1');
        return client;
      }
      await client.query('rollback');
      if (performance.now() > end) break;
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  await client.end();
  return null;
}
