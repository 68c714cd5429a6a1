import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { InvalidSettings } from '#config/environment.js';
import { HealthService } from '#http/health/health.service.js';
import { SECOND } from '#kernel/clock.js';
import { EnvironmentNumberService } from '#numbers/environment-number.service.js';
import { OtherNumber } from '#numbers/other-number.js';
import type { Simulator } from '#simulator/simulator.js';
import { DatabaseAway, WrongDatabase } from '#store/start-fault.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';

/** Exit codes of sysexits.h: they say to a supervisor whether a restart can help. */
export const EXIT_CODE = { ok: 0, stuck: 1, bug: 70, later: 75, configuration: 78 } as const;
/** Orchestrators kill after 30 s. Before that, the log names what is still open. */
const DRAIN_TIMEOUT_MS = 25 * SECOND;
const GRACE_SLICES = 20;

/** The first signal drains the gateway, the second ends the process at once. A key of another number ends the process, too. */
export function stopOnSignals(app: NestFastifyApplication, simulator: Simulator | null, graceMs: number): void {
  let draining = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (draining) process.exit(EXIT_CODE.stuck);
    draining = true;
    // Ctrl-C comes from a terminal, where no proxy needs the grace period.
    void drain(app, simulator, { signal }, signal === 'SIGTERM' ? graceMs : 0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  app.get(EnvironmentNumberService).onOther(({ message }) => {
    if (draining) return;
    draining = true;
    process.stderr.write(`${message}\n`);
    void drain(app, simulator, { reason: message }, 0, EXIT_CODE.configuration);
  });
}

/** @param end the exit code when everything under way has ended */
async function drain(
  app: NestFastifyApplication,
  simulator: Simulator | null,
  why: object,
  graceMs: number,
  end: number = EXIT_CODE.ok,
): Promise<void> {
  const log = app.get(Log).pino;
  const server = (app.getHttpAdapter().getInstance() as unknown as FastifyInstance).server;
  log.info({ event: 'process.draining', ...why }, 'The gateway drains');
  app.get(HealthService).drain();
  setTimeout(() => {
    server.getConnections((_, open) => {
      log.fatal({ event: 'process.drain_timed_out', open }, 'Draining took too long: open connections are cut');
      process.exit(end || EXIT_CODE.stuck);
    });
  }, DRAIN_TIMEOUT_MS);
  try {
    // In slices: after a process was suspended, clients still get time to see that it drains.
    for (let slice = 0; slice < GRACE_SLICES; slice += 1) await pause(graceMs / GRACE_SLICES);
    simulator?.close();
    await app.close();
    process.exit(end);
  } catch (error) {
    log.fatal({ event: 'process.drain_failed', error }, 'Draining failed');
    process.exit(EXIT_CODE.bug);
  }
}

/** Errors of the system that pass, or that another process or machine causes. */
const LATER = new Set(['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Writes one message without secrets to stderr, and exits with a code of `EXIT_CODE`. */
export function refuseStart(error: unknown): never {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof InvalidSettings || error instanceof WrongDatabase || error instanceof OtherNumber) {
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CODE.configuration);
  }
  if (error instanceof DatabaseAway) {
    process.stderr.write(`The gateway cannot start now: ${error.message}\n`);
    process.exit(EXIT_CODE.later);
  }
  if (code === 'EADDRINUSE') {
    process.stderr.write('Another process listens on HOST and PORT already: stop it, or choose another PORT.\n');
    process.exit(EXIT_CODE.later);
  }
  const text = error instanceof Error ? error : new Error(String(error));
  const passes = isStoreFault(text) || (typeof code === 'string' && LATER.has(code));
  process.stderr.write(passes ? `The gateway cannot start now: ${text.message || code}\n` : `${text.stack}\n`);
  process.exit(passes ? EXIT_CODE.later : EXIT_CODE.bug);
}
