import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { isAfter, ORIGIN } from '#events/cursor.js';
import type { NewEvent } from '#events/event.js';
import { FeedService } from '#events/feed.service.js';
import type { OutboxService } from '#events/outbox.service.js';
import { PresenterService } from '#events/presenter.service.js';
import { PostClient } from '#outbound-http/post.client.js';
import type { Store } from '#store/store.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { Metrics } from '#telemetry/metrics.js';
import { CourierService } from './courier.service.js';
import { DispatchesStore } from './dispatches.store.js';
import { GapsObserver } from './gaps.observer.js';
import { type CourierTools, OutcomesService } from './outcomes.service.js';
import { SubscriptionsService } from './subscriptions.service.js';
import { SubscriptionsStore } from './subscriptions.store.js';

const SILENT = { pino: pino({ level: 'silent' }) };

export const OWNER = { keyId: 'key_1', name: 'owner', scopes: new Set(['subscriptions:write', 'calls:control'] as const) };

export interface Received {
  id: string;
  headers: IncomingHttpHeaders;
  body: string;
  event: { id: string; type: string; sequence: number; expires_at?: string; data: { id: string; session: unknown } };
}

/** A consumer's server; `answer` decides what it says, by default 204. */
export class Endpoint {
  readonly got: Received[] = [];
  /** Attempts, also those that were not taken. */
  attempts = 0;
  status = 204;
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.writeHead(this.status).end();
  /** What it says to a body; by default only `answer` decides. */
  reply: ((body: string) => [status: number, text: string]) | null = null;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      this.attempts += 1;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      response.once('finish', () => {
        if (response.statusCode >= 300) return;
        this.got.push({ id: String(request.headers['webhook-id']), headers: request.headers, body, event: JSON.parse(body) });
      });
      if (!this.reply) return this.answer(request, response);
      const [status, text] = this.reply(body);
      response.writeHead(status).end(text);
    });
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  get ids(): string[] {
    return this.got.map(({ id }) => id);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** On Postgres a transaction of any neighbour, too, keeps what was committed from being seen for a moment. */
class PatientFeed extends FeedService {
  constructor(
    private readonly all: OutboxService,
    private readonly database: Store,
  ) {
    super(all, database, SILENT);
  }

  override async settle(): Promise<void> {
    const newest = this.database.read.selectFrom('events').select(['xid', 'id']).orderBy('xid', 'desc').orderBy('id', 'desc').limit(1);
    const committed = (await newest.executeTakeFirst()) ?? ORIGIN;
    while (isAfter(committed, await this.all.latestCursor())) await new Promise(setImmediate);
    await super.settle();
  }
}

/** One process that delivers events, on a database of its own and with a clock that stands. */
export class Gateway {
  readonly feed: FeedService;
  readonly couriers: CourierService;
  readonly service: SubscriptionsService;
  readonly dispatches: DispatchesStore;
  readonly presenter = new PresenterService(SILENT);
  readonly metrics = new Metrics();
  readonly faults: unknown[] = [];
  readonly tools: CourierTools & { challenges: boolean };

  constructor(
    readonly store: Store,
    readonly outbox: OutboxService,
    readonly clock: StoppedClock,
  ) {
    const subscriptions = new SubscriptionsStore(store);
    this.dispatches = new DispatchesStore(store);
    this.feed = new PatientFeed(this.outbox, store);
    this.tools = {
      outbox: this.outbox,
      presenter: this.presenter,
      dispatches: this.dispatches,
      outcomes: new OutcomesService(subscriptions, this.dispatches, this.outbox, store, clock, SILENT, this.metrics),
      post: new PostClient({ reach: 'any', timeoutMs: 60_000 }),
      challenges: false,
      clock,
      random: () => 0.5,
      failed: (error: unknown) => this.faults.push(error),
    };
    new GapsObserver(subscriptions, this.dispatches, this.outbox, clock).onModuleInit();
    this.couriers = new CourierService(subscriptions, this.tools, this.feed);
    this.service = new SubscriptionsService(subscriptions, this.dispatches, this.couriers, this.tools, this.outbox, store);
  }

  async start(): Promise<this> {
    await this.feed.onApplicationBootstrap();
    await this.couriers.onApplicationBootstrap();
    return this;
  }

  async stop(): Promise<void> {
    await this.feed.beforeApplicationShutdown();
    await this.couriers.beforeApplicationShutdown();
  }

  async tell(...events: Partial<NewEvent>[]): Promise<void> {
    await this.store.write(async (tx) => {
      for (const event of events) await this.outbox.append(tx, { ...PLAIN, occurredAt: this.clock.now(), ...event });
    });
  }

  /** Lets time pass, and everything that becomes due meanwhile happen. */
  async pass(ms: number, step = ms): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      this.clock.pass(Math.min(step, ms - passed));
      await this.couriers.settle();
    }
  }

  subscribe(url: string, wish: Partial<Parameters<SubscriptionsService['create']>[1]> = {}) {
    return this.service.create(OWNER, { url, description: null, types: null, scopes: [], phoneNumberId: null, ...wish });
  }

  /** The log of a subscription, the oldest event first. */
  async log(id: string) {
    return (await this.service.deliveries(id, null, 200, null)).reverse();
  }
}

const PLAIN: NewEvent = {
  type: 'call.updated',
  subject: 'call_1',
  sequence: 1,
  phoneNumberId: '300000000000001',
  occurredAt: 0,
  expiresAt: null,
  data: { id: 'call_1', session: null },
};

/** Opens what a test needs and closes it all again. */
export class Stage {
  readonly clock = new StoppedClock();
  readonly #gateways: Gateway[] = [];
  readonly #endpoints: Endpoint[] = [];
  #database!: TemporaryStore;

  constructor(private readonly outboxOf: (store: Store) => OutboxService) {}

  async open(engine: 'sqlite' | 'postgres'): Promise<Gateway> {
    this.#database = await temporaryStore(engine);
    return this.gateway();
  }

  /** Another process on the same database. */
  async gateway(): Promise<Gateway> {
    const store = await this.#database.open();
    const gateway = await new Gateway(store, this.outboxOf(store), this.clock).start();
    this.#gateways.push(gateway);
    return gateway;
  }

  async endpoint(): Promise<Endpoint> {
    const endpoint = await new Endpoint().open();
    this.#endpoints.push(endpoint);
    return endpoint;
  }

  async close(): Promise<void> {
    for (const gateway of this.#gateways) await gateway.stop();
    for (const endpoint of this.#endpoints) endpoint.close();
    await this.#database.remove();
  }
}
