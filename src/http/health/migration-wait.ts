import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Settings } from '#config/settings.js';
import { SECOND } from '#kernel/clock.js';
import { schemaStateOf } from '#store/migrations/migrate-database.js';
import { DatabaseAway } from '#store/start-fault.js';

const LOOK_EVERY_MS = SECOND;
const SAY_EVERY_MS = 30 * SECOND;

interface WaitOptions {
  lookEveryMs?: number;
  /** Called when the health routes answer. @param port on which they do */
  onListening?(port: number): void;
}

/**
 * Waits until `npm run migrate` has brought the schema up to date; returns at once when it has. Meanwhile `/health/live` answers 200, and
 * everything else 503 with `waiting_for_migration`, so that proxies send nothing and orchestrators let the process live.
 * @throws WrongDatabase; DatabaseAway when the database does not answer the first time
 */
export async function waitForMigration(
  { database, host, port }: Pick<Settings, 'database' | 'host' | 'port'>,
  log: Logger,
  { lookEveryMs = LOOK_EVERY_MS, onListening }: WaitOptions = {},
): Promise<void> {
  let { pending } = await schemaStateOf(database);
  if (pending.length === 0) return;
  const server = await answerHealth(host, port);
  onListening?.((server.address() as AddressInfo).port);
  let saidAt = Number.NEGATIVE_INFINITY;
  while (pending.length > 0) {
    if (performance.now() - saidAt >= SAY_EVERY_MS) {
      log.warn({ event: 'store.waiting_for_migration', pending }, 'The database has an older schema: the start waits for npm run migrate');
      saidAt = performance.now();
    }
    await pause(lookEveryMs);
    pending = await schemaStateOf(database).then(
      (state) => state.pending,
      (error: unknown) => {
        if (error instanceof DatabaseAway) return pending;
        throw error;
      },
    );
  }
  log.info({ event: 'store.migrated' }, 'The schema is up to date: the start goes on');
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

async function answerHealth(host: string, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const isAlive = request.url === '/health/live';
    request.resume();
    response.writeHead(isAlive ? 200 : 503, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      // The next request may be for the gateway itself, on the same port.
      Connection: 'close',
      ...(isAlive ? {} : { 'Retry-After': '5' }),
    });
    response.end(JSON.stringify({ status: isAlive ? 'ok' : 'waiting_for_migration' }));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
