import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { WebhookFact } from '#dialog360/fact.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Metrics } from '#telemetry/metrics.js';
import { originHere } from '#telemetry/traces.js';
import { DeliveryProcessor } from './delivery-processor.js';
import { InboxStore, type NewDelivery } from './inbox.store.js';
import { Overload } from './overload.service.js';
import { type BatchReader, type FactHandler, FactHandlers } from './received-fact.js';
import type { UnreadField } from './unread-fields.js';
import { UnreadFieldsStore } from './unread-fields.store.js';

/** A longer queue means that the disk does not keep up. */
const QUEUE_LIMIT = 5_000;
/** A batch of this size is committed without waiting for more. */
const BATCH_SIZE = 128;

const MEASURE_EVERY_MS = 5 * SECOND;

/** 360dialog gives up after 5 s. What is not durable by then is refused, so that 360dialog delivers it again. */
const KEEP_WITHIN_MS = 4_000;

interface Queued extends NewDelivery {
  kept: () => void;
  failed: (error: unknown) => void;
  /** Refused already. */
  late: boolean;
}

/**
 * Webhooks as 360dialog delivers them, persisted before they are applied: `keep` queues a body, one commit persists the whole
 * queue, and the worker applies it, inline when it can and later otherwise.
 */
@Injectable()
export class InboxService {
  readonly #keptListeners: Array<() => void> = [];
  #queue: Queued[] = [];
  #flushing = false;

  constructor(
    private readonly inbox: InboxStore,
    private readonly handlers: FactHandlers,
    private readonly processor: DeliveryProcessor,
    private readonly overload: Overload,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly unread: UnreadFieldsStore,
  ) {}

  /** Registers a handler for facts of webhooks. Several may handle one kind; they run in the order in which they registered. */
  on<K extends WebhookFact['kind']>(kinds: readonly K[], handler: FactHandler<K>): void {
    this.handlers.on(kinds, handler);
  }

  /** Registers what reads at once, on Postgres, the rows that the handlers of a batch look up. Without it they read one by one. */
  beforeBatch<K extends WebhookFact['kind']>(kinds: readonly K[], read: BatchReader<K>): void {
    this.handlers.beforeBatch(kinds, read);
  }

  /** Calls `listener` after each commit of bodies. */
  onKept(listener: () => void): void {
    this.#keptListeners.push(listener);
  }

  /** Whether deliveries come faster than they can be applied. */
  get overloaded(): boolean {
    return this.overload.isOn();
  }

  /**
   * Resolves once the body is durable. All bodies of one turn of the event loop share one commit, so a burst costs one
   * fsync and not one each.
   * @throws Problem `inbox_full`, or `store_unavailable` when the commit fails: 360dialog then delivers again.
   */
  keep(body: Uint8Array): Promise<void> {
    if (this.#queue.length >= QUEUE_LIMIT) return Promise.reject(new Problem('inbox_full'));
    const kept = new Promise<void>((resolve, reject) => {
      this.#queue.push(queued(body, this.clock.now(), resolve, reject));
    });
    if (!this.#flushing) {
      this.#flushing = true;
      setImmediate(() => void this.#flush());
    }
    return kept;
  }

  /**
   * Waits until what was kept by now is applied, so that a refusal does not rest on a call that a webhook has ended meanwhile.
   * Ends after `timeoutMs` all the same.
   */
  async applied(timeoutMs: number): Promise<void> {
    const over = new AbortController();
    const late = pause(timeoutMs, undefined, { ref: false, signal: over.signal }).catch(() => undefined);
    await Promise.race([this.processor.applied(over.signal), late]);
    over.abort();
  }

  /** How many deliveries wait, for the metric; each replica tells of the whole queue. */
  @Interval(MEASURE_EVERY_MS)
  async measure(): Promise<void> {
    const waiting = await this.inbox.countWaiting().catch(() => null);
    if (waiting !== null) this.metrics.pending.set(waiting);
    if (this.inbox.isShared) this.metrics.notified.set(this.inbox.isNotified ? 1 : 0);
  }

  /** When the last delivery was kept, in ms since 1970; null before the first. */
  lastReceivedAt(): Promise<number | null> {
    return this.inbox.lastReceivedAt();
  }

  /** The fields of webhooks of a number that the gateway does not read, the latest first; at most 51. */
  unreadFields(phoneNumberId: string): Promise<UnreadField[]> {
    return this.unread.list(this.inbox.reader, phoneNumberId);
  }

  async #flush(): Promise<void> {
    while (this.#queue.length) {
      if (this.overloaded) await this.#fillBatch();
      const batch = this.#queue.filter(({ late }) => !late);
      this.#queue = [];
      if (batch.length > 0) await this.#keepBatch(batch);
    }
    this.#flushing = false;
  }

  async #keepBatch(batch: Queued[]): Promise<void> {
    try {
      const applied = await this.#commit(batch);
      this.metrics.commitRows.observe(batch.length);
      for (const { kept } of batch) kept();
      if (!applied) void this.processor.applyKept();
      for (const listener of this.#keptListeners) listener();
    } catch (error) {
      for (const { failed } of batch) failed(new Problem('store_unavailable', { cause: error }));
    }
  }

  /** Waits while each turn of the event loop brings more bodies: in an overload, commits take most of the time. */
  async #fillBatch(): Promise<void> {
    for (let before = 0; this.#queue.length > before && this.#queue.length < BATCH_SIZE; ) {
      before = this.#queue.length;
      await turn();
    }
  }

  /** @returns whether the batch is applied already */
  async #commit(batch: Queued[]): Promise<boolean> {
    this.overload.note(batch.length);
    if (!this.overloaded && (await this.processor.processInline(batch))) return true;
    await this.inbox.keep(batch);
    return false;
  }
}

/** A body of which the caller gets an answer in time, whatever the database does. A commit that succeeds later makes a duplicate. */
function queued(body: Uint8Array, receivedAt: number, resolve: () => void, reject: (error: unknown) => void): Queued {
  const late = setTimeout(() => {
    one.late = true;
    reject(new Problem('store_unavailable', { cause: new Error('the database took too long to keep a delivery') }));
  }, KEEP_WITHIN_MS);
  const ended =
    <V extends unknown[]>(end: (...values: V) => void) =>
    (...values: V): void => {
      clearTimeout(late);
      end(...values);
    };
  const one: Queued = { body, receivedAt, cause: originHere(), kept: ended(resolve), failed: ended(reject), late: false };
  return one;
}
