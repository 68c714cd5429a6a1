import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import { isAfter, ORIGIN } from '#events/cursor.js';
import type { NewEvent } from '#events/event.js';
import { FeedService } from '#events/feed.service.js';
import type { OutboxService } from '#events/outbox.service.js';
import { PresenterService } from '#events/presenter.service.js';
import { SealingKeys } from '#kernel/sealed.js';
import { PostClient } from '#outbound-http/post.client.js';
import { SecretsService } from '#secrets/secrets.service.js';
import type { Store } from '#store/store.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { Metrics } from '#telemetry/metrics.js';
import { DeliveriesService } from './deliveries.service.js';
import { EndpointClient } from './endpoint.client.js';
import { EventDeliveriesStore } from './event-deliveries.store.js';
import { GapsObserver } from './gaps.observer.js';
import { MetaEndpointClient } from './meta/meta-endpoint.client.js';
import { SubscriptionsService } from './subscriptions.service.js';
import { SubscriptionsStore } from './subscriptions.store.js';
import { AttemptResultsService } from './worker/attempt-results.service.js';
import { DisablingService } from './worker/disabling.service.js';
import { LeasesStore } from './worker/leases.store.js';

/** Seals nothing. */
export const WITHOUT_KEY = new SecretsService({ secretsKeys: new SealingKeys([]) });

const SILENT = { pino: pino({ level: 'silent' }) };

export const OWNER = { keyId: 'key_1', name: 'owner', scopes: new Set(ALL_SCOPES), numbers: null };

const OWNERS_KEY = {
  id: OWNER.keyId,
  name: OWNER.name,
  hash: 'hash',
  scopes: JSON.stringify(ALL_SCOPES),
  source: 'api',
  every_scope: 1,
  created_at: 0,
  last_used_at: null,
} as const;

export interface Received {
  id: string;
  headers: IncomingHttpHeaders;
  body: string;
  event: { id: string; type: string; sequence: number; expires_at?: string; data: { id: string; session: unknown } };
}

/** The server of a consumer; `answer` decides the response, by default 204. */
export class Endpoint {
  readonly got: Received[] = [];
  /** All attempts, failed ones included. */
  attempts = 0;
  status = 204;
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.writeHead(this.status).end();
  /** The response to a body; by default only `answer` decides. */
  reply: ((body: string) => [status: number, text: string]) | null = null;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      this.attempts += 1;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      response.once('finish', () => {
        if (response.statusCode >= 300 || request.method === 'GET') return;
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

/** On Postgres an unrelated long transaction hides committed events for a moment: `flush` waits until it sees them. */
class WaitingFeed extends FeedService {
  constructor(
    private readonly all: OutboxService,
    private readonly database: Store,
  ) {
    super(all, SILENT);
  }

  override async flush(): Promise<void> {
    const newest = this.database.read.selectFrom('events').select(['xid', 'id']).orderBy('xid', 'desc').orderBy('id', 'desc').limit(1);
    const committed = (await newest.executeTakeFirst()) ?? ORIGIN;
    while (isAfter(committed, await this.all.latestCursor())) await new Promise(setImmediate);
    await super.flush();
  }
}

class WithoutJitter extends DeliveriesService {
  protected override random(): number {
    return 0.5;
  }
}

/** One process that delivers events, with a stopped clock. */
export class Gateway {
  readonly feed: FeedService;
  readonly workers: DeliveriesService;
  readonly service: SubscriptionsService;
  readonly deliveries: EventDeliveriesStore;
  readonly endpoint: EndpointClient;
  readonly settings = { eventsChallenge: false, graph: { enabled: true, queryToken: false } };
  readonly meta: MetaEndpointClient;
  readonly presenter = new PresenterService(SILENT);
  readonly metrics = new Metrics();
  readonly faults: unknown[] = [];

  constructor(
    readonly store: Store,
    readonly outbox: OutboxService,
    readonly clock: StoppedClock,
    readonly secrets = WITHOUT_KEY,
  ) {
    const subscriptions = new SubscriptionsStore(store, this.secrets);
    this.deliveries = new EventDeliveriesStore(store);
    this.feed = new WaitingFeed(this.outbox, store);
    const client = new PostClient({ reach: 'any', timeoutMs: 60_000 });
    this.meta = new MetaEndpointClient(client, this.settings, clock);
    this.endpoint = new EndpointClient(this.presenter, client, this.settings, clock, this.meta);
    const leases = new LeasesStore(store, this.secrets);
    const disabling = new DisablingService(subscriptions, this.outbox, clock, SILENT);
    const results = new AttemptResultsService(disabling, leases, this.deliveries, store, clock, SILENT, this.metrics);
    results.unexpected = (error) => void this.faults.push(error);
    new GapsObserver(subscriptions, this.deliveries, this.outbox, clock).onModuleInit();
    this.workers = new WithoutJitter(leases, this.deliveries, this.outbox, this.endpoint, results, this.feed, clock);
    this.service = new SubscriptionsService(subscriptions, this.deliveries, this.workers, this.endpoint, this.outbox, store, clock);
  }

  /** Cuts each attempt after this time. */
  set timeoutMs(timeoutMs: number) {
    Object.assign(this.endpoint, { post: new PostClient({ reach: 'any', timeoutMs }) });
  }

  async start(): Promise<this> {
    await this.feed.onApplicationBootstrap();
    await this.workers.onApplicationBootstrap();
    return this;
  }

  async stop(): Promise<void> {
    await this.feed.beforeApplicationShutdown();
    await this.workers.beforeApplicationShutdown();
  }

  async publish(...events: Partial<NewEvent>[]): Promise<void> {
    await this.store.write(async (tx) => {
      for (const event of events) await this.outbox.append(tx, { ...PLAIN, occurredAt: this.clock.now(), ...event });
    });
  }

  /** Lets time pass, and delivers what becomes due meanwhile. */
  async pass(ms: number, step = ms): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      this.clock.pass(Math.min(step, ms - passed));
      await this.workers.flush();
    }
  }

  subscribe(url: string, wish: Partial<Parameters<SubscriptionsService['create']>[1]> = {}) {
    return this.service.create(OWNER, { url, description: null, types: null, scopes: [], phoneNumberId: null, ...wish });
  }

  /** The deliveries of a subscription, the oldest event first. */
  async log(id: string) {
    return (await this.service.listDeliveries(OWNER, id, null, 200, null)).reverse();
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

/** Opens the gateways and endpoints of a test, and closes them. */
export class TestBed {
  readonly clock = new StoppedClock();
  readonly #gateways: Gateway[] = [];
  readonly #endpoints: Endpoint[] = [];
  #database!: TemporaryStore;

  constructor(private readonly outboxOf: (store: Store) => OutboxService) {}

  /** @param secrets seals and opens; without keys by default */
  async open(engine: 'sqlite' | 'postgres', secrets = WITHOUT_KEY): Promise<Gateway> {
    this.#database = await temporaryStore(engine);
    const store = await this.#database.open();
    await store.write((tx) => tx.insertInto('api_keys').values(OWNERS_KEY).execute());
    return this.gateway(store, secrets);
  }

  /** Another process on the same database. */
  async gateway(store?: Store, secrets = WITHOUT_KEY): Promise<Gateway> {
    store ??= await this.#database.open();
    const gateway = await new Gateway(store, this.outboxOf(store), this.clock, secrets).start();
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
