import 'reflect-metadata';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { AppModule } from '#app.module.js';
import { readSettings } from '#config/read-settings.js';
import { InvalidSettings, Settings } from '#config/settings.js';
import { WEBHOOK_PATH } from '#config/webhook-path.js';
import { banner } from '#http/banner.js';
import { buildApp } from '#http/build-app.js';
import { HealthService } from '#http/health/health.service.js';
import { NumbersService } from '#identity/numbers.service.js';
import { OtherNumber } from '#identity/other-number.js';
import type { OurNumber } from '#identity/our-number.js';
import { InboxService } from '#inbox/inbox.service.js';
import { Clock, DAY, HOUR, MINUTE, SECOND } from '#kernel/clock.js';
import { SABOTAGE } from '#kernel/sabotage.js';
import type { Simulator } from '#simulator/simulator.js';
import { WrongDatabase } from '#store/open-store.js';
import { Log } from '#telemetry/telemetry.module.js';

/** The words of sysexits.h: what a supervisor should make of the end. */
const EXIT = { ok: 0, stuck: 1, bug: 70, later: 75, configuration: 78 } as const;
/** Orchestrators kill after 30 s; what still runs then is better named in a log than cut. */
const LONGEST_DRAIN_MS = 25 * SECOND;
const GRACE_SLICES = 20;
const LEARN_EVERY_MS = 3 * SECOND;
/** The start waits no longer for 360dialog to say whose key it is; the comparison then goes on in the background. */
const PROOF_MS = 2 * SECOND;
const LONGEST_PROOF_PAUSE_MS = MINUTE;
const PAST_MS = 30 * DAY;
const PAST_PER_SECOND = 250;

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const settings = readSettings(process.env);
  const app = await buildApp(AppModule.with(settings), settings);
  const log = app.get(Log).pino;
  process.on('unhandledRejection', (error) => {
    log.fatal({ error }, 'nobody took care of a failure; the process ends');
    process.exit(EXIT.bug);
  });
  const simulator = settings.mode === 'simulator' ? await mountSimulator(app, settings) : null;
  // Before anything is made in the database: it may belong to another number than the key.
  await Promise.race([app.get(NumbersService).prove(), pause(PROOF_MS, undefined, { ref: false })]);
  const firstKey = await app.get(ApiKeysService).prepare();
  const heardAt = await app.get(InboxService).lastReceivedAt();
  await app.listen({ port: settings.port, host: settings.host });
  stopOnSignals(app, simulator, settings.shutdownGraceMs);
  const address = loopback(app);
  if (simulator) {
    simulator.registerWebhook(`${address}${WEBHOOK_PATH}`, { Authorization: `Bearer ${settings.dialog360.webhookTokens[0]?.reveal()}` });
    simulator.start();
  }
  process.stdout.write(banner(settings, address, firstKey));
  if (simulator) tellPast(app, simulator, await learnNumber(app), heardAt);
  else await proveNumber(app);
}

/** Only now, and only without a key, does the pretended 360dialog exist. */
async function mountSimulator(app: NestFastifyApplication, settings: Settings): Promise<Simulator> {
  const [{ Simulator }, { simulatorPlugin }] = await Promise.all([import('#simulator/simulator.js'), import('#simulator/plugin.js')]);
  const simulator = new Simulator({ clock: app.get(Clock), apiKey: settings.dialog360.apiKey.reveal() });
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  await fastify.register(simulatorPlugin, { prefix: '/simulator', simulator });
  return simulator;
}

/** Where this machine itself reaches the gateway. */
function loopback(app: NestFastifyApplication): string {
  const { address, port } = app.getHttpServer().address() as AddressInfo;
  const host = ['0.0.0.0', '::'].includes(address) ? '127.0.0.1' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Which number is ours may take 360dialog a while to say; deliveries are kept meanwhile, so the start does not wait. */
async function learnNumber(app: NestFastifyApplication): Promise<OurNumber> {
  const numbers = app.get(NumbersService);
  for (;;) {
    const number = await numbers.learn().catch(() => null);
    if (number) return number;
    await pause(LEARN_EVERY_MS, undefined, { ref: false });
  }
}

/** Whose key it is may take 360dialog as long; `onOther` ends the process when it is another number's. */
async function proveNumber(app: NestFastifyApplication): Promise<void> {
  const numbers = app.get(NumbersService);
  for (let ms = LEARN_EVERY_MS; !(await numbers.prove().catch(() => false)); ms = Math.min(2 * ms, LONGEST_PROOF_PAUSE_MS)) {
    await pause(ms, undefined, { ref: false });
  }
}

/**
 * The simulator's business has a past that leads to the day on which the number was learnt. A young gateway is told 30 days
 * of it, slowly enough for calls to come through; a later start goes on where the last one was left.
 * @param heardAt when a delivery last came before this start
 */
function tellPast(app: NestFastifyApplication, simulator: Simulator, { learnedAt }: OurNumber, heardAt: number | null): void {
  const now = app.get(Clock).now();
  const all = now - PAST_MS;
  const isYoung = heardAt === null || now - learnedAt < HOUR;
  simulator.traffic.load(app.get(Settings).simulatorHistory, { present: learnedAt });
  simulator.traffic.goOn(isYoung ? all : Math.max(all, heardAt - HOUR), PAST_PER_SECOND);
}

/** The first signal lets everything under way end; the second ends at once. A key of another number ends the process, too. */
function stopOnSignals(app: NestFastifyApplication, simulator: Simulator | null, graceMs: number): void {
  let draining = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (draining || SABOTAGE === 'leave-at-once') process.exit(EXIT.stuck);
    draining = true;
    // Who types Ctrl-C waits for no proxy.
    void drain(app, simulator, { signal }, signal === 'SIGTERM' ? graceMs : 0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  app.get(NumbersService).onOther(({ message }) => {
    if (draining) return;
    draining = true;
    process.stderr.write(`${message}\n`);
    void drain(app, simulator, { reason: message }, 0, EXIT.configuration);
  });
}

/** @param end the exit code when everything under way has ended */
async function drain(
  app: NestFastifyApplication,
  simulator: Simulator | null,
  why: object,
  graceMs: number,
  end: number = EXIT.ok,
): Promise<void> {
  const log = app.get(Log).pino;
  const server = (app.getHttpAdapter().getInstance() as unknown as FastifyInstance).server;
  log.info(why, 'draining');
  app.get(HealthService).drain();
  setTimeout(() => {
    server.getConnections((_, open) => {
      log.fatal({ open }, 'draining took too long; what is open is cut');
      process.exit(end || EXIT.stuck);
    });
  }, LONGEST_DRAIN_MS);
  try {
    // In slices, so that a process which got no turn for a while does not close the door on those who could not look meanwhile.
    for (let slice = 0; slice < GRACE_SLICES; slice += 1) await pause(graceMs / GRACE_SLICES);
    simulator?.close();
    await app.close();
    process.exit(end);
  } catch (error) {
    log.fatal({ error }, 'draining failed');
    process.exit(EXIT.bug);
  }
}

/** Errors of the system that pass, or that another process or machine causes. */
const LATER = new Set([
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EACCES',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P03',
]);

/** One message on stderr, never a value of a secret, and the exit code that says whose turn it is. */
function refuse(error: unknown): never {
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof InvalidSettings || error instanceof WrongDatabase || error instanceof OtherNumber) {
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT.configuration);
  }
  if (code === 'EADDRINUSE') {
    process.stderr.write('Another process listens on HOST and PORT already: stop it, or choose another PORT.\n');
    process.exit(EXIT.later);
  }
  const text = error instanceof Error ? error : new Error(String(error));
  const passes = typeof code === 'string' && LATER.has(code);
  process.stderr.write(passes ? `The gateway cannot start now: ${text.message || code}\n` : `${text.stack}\n`);
  process.exit(passes ? EXIT.later : EXIT.bug);
}

main().catch(refuse);
