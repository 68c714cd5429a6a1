import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { WebhookFact } from '#dialog360/fact.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Metrics } from '#telemetry/metrics.js';
import { originHere } from '#telemetry/traces.js';
import { DeliveryProcessor } from './delivery-processor.js';
import { InboxStore } from './inbox.store.js';
import { GroupCommit } from './intake/group-commit.js';
import { Intakes } from './intake/intakes.js';
import { Overloads } from './intake/overloads.service.js';
import { type BatchReader, type FactHandler, FactHandlers } from './received-fact.js';
import type { UnreadField } from './unread-fields.js';
import { UnreadFieldsStore } from './unread-fields.store.js';

const MEASURE_EVERY_MS = 5 * SECOND;

/**
 * Webhooks as 360dialog delivers them, persisted before they are applied: `keep` queues a body, one commit persists what waits, and
 * the worker applies it, inline when it can and later otherwise. Each number has a queue and limits of its own.
 */
@Injectable()
export class InboxService {
  readonly #keptListeners: Array<() => void> = [];
  readonly #intakes: Intakes;

  constructor(
    private readonly inbox: InboxStore,
    private readonly handlers: FactHandlers,
    private readonly processor: DeliveryProcessor,
    overloads: Overloads,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly unread: UnreadFieldsStore,
  ) {
    const commits = new GroupCommit((all) => inbox.keep(all, processor.elsewhere(all)));
    this.#intakes = new Intakes({ commits, processor, committed: (bodies) => this.#committed(bodies) }, overloads);
  }

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

  /**
   * Resolves once the body is durable.
   * @param phoneNumberId the number whose path or token it came with; null while the gateway does not know its number
   * @throws Problem `inbox_full`, or `store_unavailable` when the commit fails: 360dialog then delivers again.
   */
  keep(body: Uint8Array, phoneNumberId: string | null): Promise<void> {
    return this.#intakes.keep({ phoneNumberId, body, receivedAt: this.clock.now(), cause: originHere() });
  }

  /**
   * Waits until what was kept of a number by now is applied, so that a refusal does not rest on a call that a webhook has ended
   * meanwhile. Ends after `timeoutMs` all the same.
   */
  async applied(phoneNumberId: string, timeoutMs: number): Promise<void> {
    const over = new AbortController();
    const late = pause(timeoutMs, undefined, { ref: false, signal: over.signal }).catch(() => undefined);
    await Promise.race([this.processor.applied(phoneNumberId, over.signal), late]);
    over.abort();
  }

  /** How many deliveries wait, for the metric; each replica tells of the whole queue. */
  @Interval(MEASURE_EVERY_MS)
  async measure(): Promise<void> {
    const waiting = await this.inbox.countWaiting().catch(() => null);
    if (waiting !== null) this.metrics.pending.set(waiting);
    if (this.inbox.isShared) this.metrics.notified.set(this.inbox.isNotified ? 1 : 0);
  }

  /** How many deliveries of a number wait to be applied. */
  waitingOf(phoneNumberId: string): Promise<number> {
    return this.inbox.countWaiting(phoneNumberId);
  }

  /** When the last delivery of a number was kept, or of any, in ms since 1970; null before the first. */
  lastReceivedAt(phoneNumberId?: string): Promise<number | null> {
    return this.inbox.lastReceivedAt(phoneNumberId === undefined ? null : this.processor.keptUnder(phoneNumberId));
  }

  /** The fields of webhooks of a number that the gateway does not read, the latest first; at most 51. */
  unreadFields(phoneNumberId: string): Promise<UnreadField[]> {
    return this.unread.list(this.inbox.reader, phoneNumberId);
  }

  #committed(bodies: number): void {
    this.metrics.commitRows.observe(bodies);
    for (const listener of this.#keptListeners) listener();
  }
}
