import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type FastifyInstance, fastify } from 'fastify';
import type { Settings } from '#config/settings.js';
import { SECOND } from '#kernel/clock.js';
import { schemaStateOf } from '#store/migrations/migrate-database.js';
import { DatabaseAway } from '#store/start-fault.js';
import type { Log } from '#telemetry/log.js';

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
  log: Log['pino'],
  { lookEveryMs = LOOK_EVERY_MS, onListening }: WaitOptions = {},
): Promise<void> {
  let { pending } = await schemaStateOf(database);
  if (pending.length === 0) return;
  const server = await answerHealth(host, port);
  onListening?.((server.server.address() as AddressInfo).port);
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
  await server.close();
}

async function answerHealth(host: string, port: number): Promise<FastifyInstance> {
  const server = fastify({ forceCloseConnections: true });
  // The next request may be for the gateway itself, on the same port.
  server.addHook('onSend', async (_request, reply) => void reply.headers({ 'Cache-Control': 'no-store', Connection: 'close' }));
  server.get('/health/live', async () => ({ status: 'ok' }));
  server.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null);
  });
  server.setNotFoundHandler((_request, reply) => reply.status(503).header('Retry-After', '5').send({ status: 'waiting_for_migration' }));
  server.setErrorHandler((_error, _request, reply) =>
    reply.status(503).header('Retry-After', '5').send({ status: 'waiting_for_migration' }),
  );
  await server.listen({ port, host });
  return server;
}
