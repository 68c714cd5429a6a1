import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SchedulerRegistry } from '@nestjs/schedule';
import { fastify } from 'fastify';
import { AuditService } from '#access/audit/audit.service.js';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { AppModule } from '#app.module.js';
import { CallWatchdogJob } from '#calling/lifecycle/call-watchdog.job.js';
import { ReadingsService } from '#compliance/eligibility/readings.service.js';
import { PollJob } from '#compliance/polling/poll.job.js';
import { ReportJob } from '#compliance/reports/report.job.js';
import { readSettings } from '#config/read-settings.js';
import type { Settings } from '#config/settings.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import { ORIGIN } from '#events/cursor.js';
import { OutboxService } from '#events/outbox.service.js';
import { buildApp } from '#http/build-app.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { Clock } from '#kernel/clock.js';
import { Secret } from '#kernel/secret.js';
import { EnvironmentNumberService } from '#numbers/environment-number.service.js';
import { simulatorPlugin } from '#simulator/plugin.js';
import { Simulator } from '#simulator/simulator.js';
import type { RequestFault } from '#simulator/wire/faults.js';
import { type Engine, type TemporaryDatabase, temporaryDatabase } from '#store/temporary-database.fixture.js';

const KEY = 'world-key-0123456789-abcdefghijklmnop';
const D360_KEY = 'simulator-key';
const TOKEN = 'world-webhook-token-0123456789';
/** The tests begin on a Monday noon, UTC. */
const START = Date.UTC(2026, 10, 23, 12);
/** Longer than the time limits of the code: only a request that is stuck meets it, however busy the machine. */
const STUCK_MS = 100_000;
const timeout = AbortSignal.timeout.bind(AbortSignal);
const lenient = (ms: number): AbortSignal => timeout(Math.max(ms, STUCK_MS));

// biome-ignore lint/suspicious/noExplicitAny: answers are read as consumers read them
export type Body = any;

/** `undefined` leaves out a header that is sent otherwise. */
type GivenHeaders = Record<string, string | undefined>;

export interface Reply {
  status: number;
  headers: Headers;
  body: Body;
}

export interface WorldOptions {
  engine?: Engine;
  env?: Record<string, string>;
  /** Schedules and time limits run in real time, as in production; otherwise nothing is due unless the test lets it. */
  realTime?: boolean;
  /** Prepares the other side before the gateway starts. */
  prepare?: (world: World) => void;
}

/** A clock that stands until it is moved. */
class StoppedClock extends Clock {
  #moved = 0;

  constructor(public time = START) {
    super();
  }

  now(): number {
    return this.time;
  }

  override steady(): number {
    return this.time - this.#moved;
  }

  /** Somebody sets the machine's clock: no time passes. */
  move(ms: number): void {
    this.time += ms;
    this.#moved += ms;
  }
}

/**
 * The gateway, the simulator as its 360dialog, and a stopped clock over both. Nothing happens between two lines of a test
 * unless the test lets it: `pass` moves the time, `settle` lets everything that is due happen. Schedules do not run, and no
 * time limit is met by a slow machine.
 */
export class World {
  /** An API key with every scope. */
  static readonly KEY = KEY;
  readonly clock = new StoppedClock();
  readonly simulator = new Simulator({ clock: this.clock, apiKey: D360_KEY, seed: 'world' });
  readonly #wire = fastify();
  #database!: TemporaryDatabase;
  #settings!: Settings;
  #realTime = false;
  #limits: { mockRestore(): void } | null = null;
  app!: NestFastifyApplication;
  url = '';
  /** Sees every request and its answer. */
  onReply: ((method: string, path: string, body: unknown, reply: Reply) => void) | null = null;
  /** Where the gateway finds its pretended 360dialog. */
  simulatorUrl = '';

  static async open({ engine = 'sqlite', env = {}, realTime = false, prepare }: WorldOptions = {}): Promise<World> {
    const world = new World();
    world.#realTime = realTime;
    if (!realTime) world.#limits = jest.spyOn(AbortSignal, 'timeout').mockImplementation(lenient);
    await world.#wire.register(simulatorPlugin, { prefix: '/simulator', simulator: world.simulator });
    await world.#wire.listen({ port: 0, host: '127.0.0.1' });
    world.#database = await temporaryDatabase(engine);
    const base = `http://127.0.0.1:${(world.#wire.server.address() as AddressInfo).port}/simulator/360dialog`;
    world.simulatorUrl = base;
    const settings = readSettings({
      PORT: '0',
      API_KEY: KEY,
      D360_API_KEY: D360_KEY,
      D360_BASE_URL: base,
      D360_WEBHOOK_TOKEN: TOKEN,
      LOG_LEVEL: 'fatal',
      // Hundreds of requests within a second of real time are within hours of the test's.
      RATE_LIMIT_PER_MINUTE: '1000000',
      AUTH_FAILURES_PER_MINUTE: '100000',
      ...env,
    });
    world.#settings = { ...settings, database: world.#database.database };
    prepare?.(world);
    await world.start();
    return world;
  }

  /** The line of the environment's number. */
  get line(): Dialog360Client {
    return this.app.get(EnvironmentNumberService).line();
  }

  /** Starts the gateway; after `stop`, a new life on the same database. */
  async start(): Promise<void> {
    this.app = await buildApp(AppModule.with(this.#settings, this.clock), this.#settings, { logger: false });
    await this.app.get(ApiKeysService).prepare();
    await this.app.listen(0, '127.0.0.1');
    if (!this.#realTime) await stopSchedules(this.app);
    this.url = `http://127.0.0.1:${(this.app.getHttpServer().address() as AddressInfo).port}`;
    this.simulator.registerWebhook(`${this.url}/api/webhooks/360dialog`, { Authorization: `Bearer ${TOKEN}` });
    await this.app.get(EnvironmentNumberService).find();
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

  /** Another gateway on the same database, beside the first; Postgres takes several. */
  async startAnother(): Promise<NestFastifyApplication> {
    const app = await buildApp(AppModule.with(this.#settings, this.clock), this.#settings, { logger: false });
    await app.listen(0, '127.0.0.1');
    if (!this.#realTime) await stopSchedules(app);
    return app;
  }

  get database(): TemporaryDatabase['database'] {
    return this.#settings.database;
  }

  /** The next life has another `API_KEY`. */
  rotate(apiKey: string): void {
    this.#settings = { ...this.#settings, apiKey: new Secret(apiKey) };
  }

  /** The next life is on another database. */
  moveTo(other: TemporaryDatabase): void {
    const before = this.#database;
    this.#database = { database: other.database, erase: () => Promise.all([before.erase(), other.erase()]).then(() => undefined) };
    this.#settings = { ...this.#settings, database: other.database };
  }

  async close(): Promise<void> {
    await this.stop();
    this.simulator.close();
    await this.#wire.close();
    await this.#database.erase();
    this.#limits?.mockRestore();
  }

  /** Lets a user write to the business first, so that the 24-hour window is open on both sides. */
  async greet(): Promise<void> {
    this.simulator.greet();
    await this.pass(3);
  }

  /** One of the simulator's people calls in, and lets it ring for nearly a minute. */
  async ring(who: string): Promise<Body> {
    const user = this.simulator.context.users.meet(who);
    if (!user) throw new Error(`nobody is called ${who}`);
    this.simulator.callSimulation.callIn(user, { giveUpAfterSeconds: 55 });
    await this.settle();
    return (await this.get('/api/calling/calls?state=ringing')).body.data[0];
  }

  /** A user's permission as it stands at Meta, set without a word to the gateway. */
  allow(who: string, permission: 'temporary' | 'permanent' | null = 'permanent'): void {
    const user = this.simulator.context.users.meet(who);
    if (!user) throw new Error(`nobody is called ${who}`);
    this.simulator.permissionSimulation.setSilently(user, permission);
  }

  /** Lets time pass in steps of a second at most, and everything that becomes due happen. */
  async pass(seconds: number): Promise<void> {
    const end = this.clock.time + seconds * 1_000;
    const step = Math.max(1_000, (seconds * 1_000) / 200);
    while (this.clock.time < end) {
      this.clock.time = Math.min(this.clock.time + step, end);
      await this.settle();
    }
  }

  /** The watchdog alone looks at the calls. */
  async watch(): Promise<void> {
    await this.app.get(CallWatchdogJob).tick();
    await this.app.get(CallWatchdogJob).markDialsWithoutResponse();
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      this.simulator.tick();
      await this.simulator.settle();
      await this.app.get(EnvironmentNumberService).look();
      await this.app.get(InboxWorker).drain();
      await this.app.get(CallWatchdogJob).tick();
      // What an answer does not wait for.
      await this.app.get(ApiKeysService).flush();
      await this.app.get(AuditService).flush();
    }
  }

  /** The next request of this kind misbehaves: `instead` of acting, or `afterwards`. */
  fault(operation: RequestFault['operation'], how: Partial<RequestFault>): void {
    this.simulator.requestFaults.add({
      operation,
      user: null,
      times: 1,
      delayMs: 0,
      answerDelayMs: 0,
      instead: null,
      afterwards: null,
      ...how,
    });
  }

  /** Delivers a body to the gateway as 360dialog would, outside of the simulator. */
  async deliver(body: unknown, token = TOKEN): Promise<number> {
    const { status } = await fetch(`${this.url}/api/webhooks/360dialog`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    await this.app.get(InboxWorker).drain();
    return status;
  }

  get(path: string, headers?: GivenHeaders): Promise<Reply> {
    return this.#request('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers?: GivenHeaders): Promise<Reply> {
    return this.#request('POST', path, body, headers);
  }

  patch(path: string, body: unknown, headers?: GivenHeaders): Promise<Reply> {
    return this.#request('PATCH', path, body, headers);
  }

  put(path: string, body: unknown, headers?: GivenHeaders): Promise<Reply> {
    return this.#request('PUT', path, body, headers);
  }

  delete(path: string, headers?: GivenHeaders): Promise<Reply> {
    return this.#request('DELETE', path, undefined, headers);
  }

  /** A verb of `/api/calling`; the answer is the call. */
  do(verb: string, body: unknown, headers?: GivenHeaders): Promise<Reply> {
    return this.post(`/api/calling/${verb}`, body, headers);
  }

  async call(id: string): Promise<Body> {
    return (await this.get(`/api/calling/calls/${encodeURIComponent(id)}`)).body;
  }

  /** Every event so far, as `type` and the call or subject it tells of. */
  async events(): Promise<Array<{ type: string; subject: string; sequence: number; data: Body }>> {
    const all = [];
    let cursor = ORIGIN;
    for (;;) {
      const page = await this.app.get(OutboxService).after(cursor, 500);
      all.push(...page);
      const last = page.at(-1);
      if (!last) return all;
      cursor = last.cursor;
    }
  }

  async #request(method: string, path: string, body: unknown, headers: GivenHeaders = {}): Promise<Reply> {
    const given = { authorization: `Bearer ${KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: Object.entries(given).filter((header): header is [string, string] => header[1] !== undefined),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const reply = { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    this.onReply?.(method, path, body, reply);
    return reply;
  }
}

/** What a gateway does by the machine's time would happen between any two lines of a test, the sooner the slower it runs. */
async function stopSchedules(app: NestFastifyApplication): Promise<void> {
  const schedules = app.get(SchedulerRegistry);
  for (const name of schedules.getIntervals()) schedules.deleteInterval(name);
  await app.get(PollJob).onModuleDestroy();
  await app.get(ReportJob).onModuleDestroy();
  const figures = app.get(ReadingsService);
  const settings = figures.settings.bind(figures);
  figures.settings = (phoneNumberId, { refresh = false } = {}) => settings(phoneNumberId, { refresh });
}
