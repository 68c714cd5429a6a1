import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { readSettings } from '#config/read-settings.js';
import { Settings } from '#config/settings.js';
import { WEBHOOK_PATH } from '#config/webhook-path.js';
import { banner } from '#http/banner.js';
import { buildApp } from '#http/build-app.js';
import { OperationsPort } from '#http/entry/operations.server.js';
import { waitForMigration } from '#http/health/migration-wait.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { InboxService } from '#inbox/inbox.service.js';
import { Clock, DAY, HOUR, MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { EnvironmentNumberService } from '#numbers/environment-number.service.js';
import { ShownNumbersService } from '#onboarding/shown/shown-numbers.service.js';
import { RegistrationsService } from '#onboarding/webhook/registrations.service.js';
import type { Simulator } from '#simulator/simulator.js';
import { plainHostOf } from '#store/postgres/plain-host.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';
import { createLogger } from '#telemetry/logger.js';
import { EXIT_CODE, stopOnSignals } from './stop.js';

const LEARN_EVERY_MS = 3 * SECOND;
/** The start waits this long for 360dialog to confirm the key's number. After that the check goes on in the background. */
const PROOF_TIMEOUT_MS = 2 * SECOND;
const LONGEST_PROOF_BACKOFF_MS = MINUTE;
const PAST_MS = 30 * DAY;
const PAST_PER_SECOND = 250;

/**
 * Starts the gateway in this process and listens.
 * @param rootOf makes the root module from the settings of the environment
 * @throws InvalidSettings, WrongDatabase, OtherNumber and errors of the system: see `refuseStart`
 */
export async function start(rootOf: (settings: Settings) => DynamicModule): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const settings = readSettings(process.env);
  if (!settings.migrate) await untilMigrated(settings);
  const app = await buildApp(rootOf(settings), settings);
  const log = app.get(Log).pino;
  warnOfPlainConnection(settings, log);
  process.on('unhandledRejection', (error) => {
    // A database that goes away ends no process: whatever asked it asks again.
    if (isStoreFault(error)) return log.error({ event: 'store.fault_not_handled', error }, 'A fault of the database was not handled');
    log.fatal({ event: 'process.unhandled_rejection', error }, 'A promise was rejected and not handled: the process ends');
    process.exit(EXIT_CODE.bug);
  });
  const simulator = settings.mode === 'simulator' ? await mountSimulator(app, settings) : null;
  if (simulator) await hostNumbers(app, simulator);
  // Before anything is written to the database: it may belong to another number than the key.
  await Promise.race([app.get(EnvironmentNumberService).prove(), pause(PROOF_TIMEOUT_MS, undefined, { ref: false })]);
  const firstKey = await app.get(ApiKeysService).prepare();
  const lastReceivedAt = await app.get(InboxService).lastReceivedAt();
  await app.listen({ port: settings.port, host: settings.host });
  await app.get(OperationsPort).listen();
  stopOnSignals(app, simulator, settings.shutdownGraceMs);
  const address = loopback(app);
  if (simulator) {
    simulator.registerWebhook(`${address}${WEBHOOK_PATH}`, { Authorization: `Bearer ${settings.dialog360.webhookTokens[0]?.reveal()}` });
    simulator.delivery.signingSecret = settings.webhookSignature.secret?.reveal() ?? null;
    simulator.start();
    await registerAgain(app);
  }
  process.stdout.write(banner(settings, address, firstKey));
  if (simulator) playHistory(app, simulator, await learnNumber(app), lastReceivedAt);
  else await proveNumber(app);
}

/** A signal ends the wait: nothing is under way yet. In a container the first process has no default for SIGTERM. */
async function untilMigrated(settings: Settings): Promise<void> {
  const stop = (): never => process.exit(EXIT_CODE.ok);
  process.on('SIGTERM', stop).on('SIGINT', stop);
  await waitForMigration(settings, createLogger(settings));
  process.off('SIGTERM', stop).off('SIGINT', stop);
}

function warnOfPlainConnection({ database }: Settings, log: Log['pino']): void {
  const host = plainHostOf(database);
  if (host === null) return;
  const advice = 'The connection to Postgres is not protected: add sslmode=verify-full to DATABASE_URL';
  log.warn({ event: 'store.connection_not_protected', host }, advice);
}

/** The simulated 360dialog exists only without a key, and is loaded only then. */
async function mountSimulator(app: NestFastifyApplication, settings: Settings): Promise<Simulator> {
  const [{ Simulator }, { simulatorPlugin }] = await Promise.all([import('#simulator/simulator.js'), import('#simulator/plugin.js')]);
  const { webhookOrigins, appSecret, ...access } = settings.simulator;
  const simulator = new Simulator({
    clock: app.get(Clock),
    apiKey: settings.dialog360.apiKey.reveal(),
    appSecret: appSecret?.reveal(),
    webhookOrigins,
  });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  await fastify.register(simulatorPlugin, { prefix: '/simulator', simulator, access });
  return simulator;
}

/** The simulator keeps nothing: a start gives it the numbers that were added before, with the keys that the gateway has of them. */
async function hostNumbers(app: NestFastifyApplication, simulator: Simulator): Promise<void> {
  const numbers = app.get(NumbersService);
  await numbers.refresh();
  for (const { source, phoneNumberId, displayPhoneNumber, wabaId, portfolioId, name, apiKey } of numbers.all()) {
    if (source === 'environment' || apiKey === null || simulator.lineOf(phoneNumberId)) continue;
    const given = Object.fromEntries(
      Object.entries({ displayPhoneNumber, wabaId, portfolioId, name }).filter(([, value]) => value !== null),
    );
    simulator.addNumber({ ...given, phoneNumberId, apiKey: apiKey.reveal() });
  }
}

/** Registers the webhooks of those numbers as they were. */
async function registerAgain(app: NestFastifyApplication): Promise<void> {
  const [shown, registrations] = [app.get(ShownNumbersService), app.get(RegistrationsService)];
  for (const number of app.get(NumbersService).all()) {
    if (number.source === 'environment' || !(await shown.show(number)).webhook.matches) continue;
    await registrations.register(number, { replaces: null, dryRun: false }).catch((error) => {
      if (!(error instanceof Problem)) throw error;
    });
  }
}

/** Where this machine itself reaches the gateway. */
function loopback(app: NestFastifyApplication): string {
  const { address, port } = app.getHttpServer().address() as AddressInfo;
  const host = ['0.0.0.0', '::'].includes(address) ? '127.0.0.1' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** 360dialog may take a while to name our number. Deliveries are kept meanwhile, so the start does not wait. */
async function learnNumber(app: NestFastifyApplication): Promise<OurNumber> {
  const numbers = app.get(EnvironmentNumberService);
  for (;;) {
    const number = await numbers.find().catch(() => null);
    if (number) return number;
    await pause(LEARN_EVERY_MS, undefined, { ref: false });
  }
}

/** Asks 360dialog for the key's number until it answers. `onOther` ends the process when it is another number. */
async function proveNumber(app: NestFastifyApplication): Promise<void> {
  const numbers = app.get(EnvironmentNumberService);
  for (let ms = LEARN_EVERY_MS; !(await numbers.prove().catch(() => false)); ms = Math.min(2 * ms, LONGEST_PROOF_BACKOFF_MS)) {
    await pause(ms, undefined, { ref: false });
  }
}

/**
 * The simulated business has a history that ends on the day on which the number was learnt. A young gateway receives 30 days
 * of it, at a pace that leaves room for calls. A later start continues where the last one stopped.
 * @param lastReceivedAt when the last delivery came before this start
 */
function playHistory(app: NestFastifyApplication, simulator: Simulator, { learnedAt }: OurNumber, lastReceivedAt: number | null): void {
  const now = app.get(Clock).now();
  const all = now - PAST_MS;
  const isYoung = lastReceivedAt === null || now - learnedAt < HOUR;
  simulator.traffic.load(app.get(Settings).simulatorHistory, { present: learnedAt });
  simulator.traffic.continueFrom(isYoung ? all : Math.max(all, lastReceivedAt - HOUR), PAST_PER_SECOND);
}
