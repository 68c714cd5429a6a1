import 'reflect-metadata';
import { pino } from 'pino';
import { ALL_SCOPES } from '../dist/access/authorization/scope.js';
import { ApiKeysStore } from '../dist/access/keys/api-keys.store.js';
import { ForwardingWorker } from '../dist/delivery/forwarding/forwarding.worker.js';
import { ForwardsStore } from '../dist/delivery/forwarding/forwards.store.js';
import { RefusedForwardsService } from '../dist/delivery/forwarding/refused-forwards.service.js';
import { DeliveriesService } from '../dist/delivery/subscriptions/deliveries.service.js';
import { EndpointClient } from '../dist/delivery/subscriptions/endpoint.client.js';
import { EventDeliveriesStore } from '../dist/delivery/subscriptions/event-deliveries.store.js';
import { SubscriptionsService } from '../dist/delivery/subscriptions/subscriptions.service.js';
import { SubscriptionsStore } from '../dist/delivery/subscriptions/subscriptions.store.js';
import { AttemptResultsService } from '../dist/delivery/subscriptions/worker/attempt-results.service.js';
import { DisablingService } from '../dist/delivery/subscriptions/worker/disabling.service.js';
import { LeasesStore } from '../dist/delivery/subscriptions/worker/leases.store.js';
import { FeedService } from '../dist/events/feed.service.js';
import { OutboxService } from '../dist/events/outbox.service.js';
import { OutboxStore } from '../dist/events/outbox.store.js';
import { PresenterService } from '../dist/events/presenter.service.js';
import { InboxService } from '../dist/inbox/inbox.service.js';
import { InboxStore } from '../dist/inbox/inbox.store.js';
import { Overloads } from '../dist/inbox/intake/overloads.service.js';
import { Clock } from '../dist/kernel/clock.js';
import { SealingKeys } from '../dist/kernel/sealed.js';
import { PostClient } from '../dist/outbound-http/post.client.js';
import { SecretsService } from '../dist/secrets/secrets.service.js';
import { openStore } from '../dist/store/open-store.js';
import { Metrics } from '../dist/telemetry/metrics.js';

const SILENT = { pino: pino({ level: 'silent' }) };
const OWNER = { keyId: 'key_1', name: 'owner', scopes: new Set(ALL_SCOPES) };
/** A subscription is made only while its key is there. */
const KEY_OF_OWNER = { id: OWNER.keyId, name: OWNER.name, scopes: ALL_SCOPES, source: 'api', last_used_at: null };

/** A clock that stands until it is moved: a day of an outage in a minute of ours. */
export class StoppedClock extends Clock {
  #now = Date.UTC(2026, 10, 22, 12);

  now() {
    return this.#now;
  }

  pass(ms) {
    this.#now += ms;
  }
}

/** One worker for all subscriptions: a slow endpoint holds up every other. */
class QueueingPost extends PostClient {
  #last = Promise.resolve();

  post(...request) {
    const mine = this.#last.then(() => super.post(...request));
    this.#last = mine;
    return mine;
  }
}

/** The delivery workers of a gateway, within this process. */
export class StoppedDeliveries {
  clock = new StoppedClock();

  /** @param {object} database as `openStore` takes it @param {{ one?: boolean }} options `one` lets all subscriptions wait for each other */
  static async open(database, { one = false } = {}) {
    const gateway = new StoppedDeliveries();
    const post = new (one ? QueueingPost : PostClient)({ reach: 'any', timeoutMs: 5_000 });
    await gateway.#begin(await openStore({ database, mode: 'simulator' }), post);
    return gateway;
  }

  async #begin(store, post) {
    const { clock } = this;
    this.store = store;
    this.outbox = new OutboxService(new OutboxStore(store), store);
    this.feed = new FeedService(this.outbox, SILENT);
    const secrets = new SecretsService({ secretsKeys: new SealingKeys([]) });
    const subscriptions = new SubscriptionsStore(store, secrets);
    const leases = new LeasesStore(store, secrets);
    const deliveries = new EventDeliveriesStore(store);
    const endpoint = new EndpointClient(new PresenterService(SILENT), post, { eventsChallenge: false }, clock);
    const disabling = new DisablingService(subscriptions, this.outbox, clock, SILENT);
    const results = new AttemptResultsService(disabling, leases, deliveries, store, clock, SILENT, new Metrics());
    results.unexpected = (error) => process.emitWarning(error);
    this.workers = new DeliveriesService(leases, deliveries, this.outbox, endpoint, results, this.feed, clock);
    this.subscriptions = new SubscriptionsService(subscriptions, deliveries, this.workers, endpoint, this.outbox, store, clock);
    await store.write((tx) => new ApiKeysStore(store).insert(tx, { ...KEY_OF_OWNER, created_at: clock.now() }, 'hash'));
    await this.feed.onApplicationBootstrap();
    await this.workers.onApplicationBootstrap();
  }

  subscribe(url) {
    return this.subscriptions.create(OWNER, { url, description: null, types: null, scopes: [], phoneNumberId: null });
  }

  /** Tells events of so many calls, in one commit as a busy gateway would. @param {Array<{ subject: string, sequence: number }>} events */
  tell(events) {
    const occurredAt = this.clock.now();
    return this.store.write(async (tx) => {
      for (const { subject, sequence } of events) {
        const data = { id: subject, session: null };
        await this.outbox.append(tx, { type: 'call.updated', subject, sequence, phoneNumberId: '1', occurredAt, expiresAt: null, data });
      }
    });
  }

  async close() {
    await this.feed.beforeApplicationShutdown();
    await this.workers.beforeApplicationShutdown();
    await this.store.close();
  }
}

/** An inbox that persists deliveries and applies none. */
function inboxOf(store, clock, metrics) {
  const idle = { processInline: async () => false, drain: async () => undefined };
  return new InboxService(new InboxStore(store), null, idle, new Overloads(clock), clock, metrics);
}

/** The inbox of a gateway and what forwards it, within this process. */
export class StoppedForwarding {
  clock = new StoppedClock();

  /** @param {string} path of the SQLite file @param {string} url of the target */
  static async open(path, url, clock = new StoppedClock()) {
    const forwarding = new StoppedForwarding();
    forwarding.clock = clock;
    const metrics = new Metrics();
    forwarding.store = await openStore({ database: { kind: 'sqlite', path }, mode: 'simulator' });
    forwarding.inbox = inboxOf(forwarding.store, clock, metrics);
    const settings = { forward: { url, headers: {} } };
    forwarding.worker = new ForwardingWorker(new ForwardsStore(forwarding.store), forwarding.inbox, settings, clock, SILENT, metrics);
    forwarding.refused = new RefusedForwardsService(forwarding.store);
    await forwarding.worker.onApplicationBootstrap();
    return forwarding;
  }

  /** Another process on the same database; time goes on. */
  async restart(path, url) {
    await this.close();
    return StoppedForwarding.open(path, url, this.clock);
  }

  async close() {
    await this.worker.beforeApplicationShutdown();
    await this.store.close();
  }
}
