import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { EventDeliveriesStore } from '#delivery/subscriptions/event-deliveries.store.js';
import type { EventDelivery } from '#delivery/subscriptions/event-delivery.js';
import { type Cursor, writeCursor } from '#events/cursor.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import type { EndpointChange, EndpointHealth } from '#outbound-http/endpoint-health.js';
import { type AttemptResult, succeeded } from '#outbound-http/retry.js';
import { Store, type Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';
import { DisablingService } from './disabling.service.js';
import { LeasesStore } from './leases.store.js';

/** What an attempt changes in the database, or how far a subscription has come without one. */
export interface DeliveryProgress extends EndpointChange {
  subscriptionId: string;
  cursor: Cursor;
  health: EndpointHealth;
  delivery: EventDelivery | null;
}

interface Waiting {
  progress: DeliveryProgress;
  written: () => void;
}

/**
 * Writes the results of attempts: all of one turn of the event loop in one transaction. After a crash, the events of results
 * that were not written are sent again under the same ids.
 */
@Injectable()
export class AttemptResultsService {
  /** Names this process to other replicas. */
  readonly holder = randomUUID();
  #maySendUntil = 0;
  readonly #loop = new WakeUpLoop(
    () => this.#flush(),
    (error) => this.unexpected(error),
  );
  #waiting: Waiting[] = [];
  #stopped = false;

  constructor(
    private readonly disabling: DisablingService,
    private readonly leases: LeasesStore,
    private readonly deliveries: EventDeliveriesStore,
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** The leases of this process were taken or renewed: attempts may begin until that time. */
  extend(until: number): void {
    this.#maySendUntil = until;
  }

  /** Whether an attempt may begin. A process that stood still may have lost its leases to another, which delivers by now. */
  mayBegin(): boolean {
    return this.store.engine === 'sqlite' || this.clock.now() < this.#maySendUntil;
  }

  /** Counts an attempt by its result. */
  measure(result: AttemptResult): void {
    const failure = result.status === null ? 'unreachable' : 'refused';
    this.metrics.attempts.inc({ result: succeeded(result) ? 'delivered' : failure });
    this.metrics.attemptSeconds.observe(result.latencyMs / SECOND);
  }

  /** Resolves once it is written; while the database fails, the worker that waits sends nothing more. */
  record(progress: DeliveryProgress): Promise<void> {
    const done = new Promise<void>((written) => {
      this.#waiting.push({ progress, written });
    });
    void this.#loop.wake();
    return done;
  }

  /** Logs an error that a delivery worker did not expect; the worker tries again at the next tick. */
  unexpected(error: unknown): void {
    this.log.pino.error({ event: 'subscriptions.unexpected_error', error }, 'Events could not be delivered; the delivery is retried');
  }

  /** Disables subscriptions whose secret was changed or moved in the database: nothing is signed for them any more. */
  async disableUnreadable(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.store.write((tx) => this.disabling.disable(tx, id, 'secret_unreadable'));
  }

  /** Resolves once everything is written, or was tried once more while the database fails. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop.idle();
  }

  async #flush(): Promise<boolean> {
    await nextTurn();
    const batch = this.#waiting;
    this.#waiting = [];
    while (!(await this.#write(batch.map(({ progress }) => progress))) && !this.#stopped) await wait(SECOND, undefined, { ref: false });
    for (const { written } of batch) written();
    return false;
  }

  async #write(batch: readonly DeliveryProgress[]): Promise<boolean> {
    const bySubscription = Map.groupBy(batch, ({ subscriptionId }) => subscriptionId);
    try {
      await this.store.write((tx) => this.#writeAll(tx, bySubscription));
      return true;
    } catch (error) {
      this.log.pino.error({ event: 'subscriptions.results_not_written', error }, 'Results of deliveries could not be written; retried');
      return false;
    }
  }

  /** Writes the newest cursor and health of each subscription, and its deliveries; nothing of one that was deleted or taken over. */
  async #writeAll(tx: Tx, bySubscription: ReadonlyMap<string, readonly DeliveryProgress[]>): Promise<void> {
    const newest = [...bySubscription].map(([id, own]) => ({ ...(own.at(-1) as DeliveryProgress), id }));
    const held = await this.leases.progress(tx, this.holder, newest);
    const own = [...bySubscription].filter(([id]) => held.has(id));
    const deliveries = own.flatMap(([, batch]) => batch.flatMap(({ delivery }) => (delivery ? [delivery] : [])));
    const newestDeliveries = new Map(deliveries.map((one) => [`${one.subscriptionId} ${writeCursor(one.cursor)}`, one]));
    await this.deliveries.save(tx, [...newestDeliveries.values()]);
    for (const [id, batch] of own) await this.#react(tx, id, batch);
  }

  async #react(tx: Tx, id: string, batch: readonly DeliveryProgress[]): Promise<void> {
    const reason = batch.find(({ disable }) => disable)?.disable;
    if (reason) await this.disabling.disable(tx, id, reason);
    else if (batch.some(({ recovered }) => recovered)) await this.deliveries.rescheduleNow(tx, id, this.clock.now());
  }
}
