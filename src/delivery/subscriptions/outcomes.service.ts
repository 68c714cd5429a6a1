import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { OutboxService } from '#events/outbox.service.js';
import type { PresenterService } from '#events/presenter.service.js';
import { Clock, SECOND } from '#kernel/clock.js';
import type { PostClient } from '#outbound-http/post.client.js';
import { type Attempt, type Health, succeeded } from '#outbound-http/retry.js';
import { Store, type Tx } from '#store/store.js';
import { Metrics } from '#telemetry/metrics.js';
import { Log } from '#telemetry/telemetry.module.js';
import { DispatchesStore } from './dispatches.store.js';
import { type DisabledReason, type Dispatch, disabledEvent, type Subscription } from './subscription.js';
import { SubscriptionsStore } from './subscriptions.store.js';

/** What an attempt changed, or how far a subscription has come without one. */
export interface Outcome {
  subscriptionId: string;
  position: Subscription['position'];
  health: Health;
  dispatch: Dispatch | null;
  /** The endpoint came back: everything that waits is due now. */
  back: boolean;
  disable: DisabledReason | null;
}

interface Waiting {
  outcome: Outcome;
  recorded: () => void;
}

/**
 * Writes down what became of attempts: all of one turn of the event loop in one commit. Only what is written counts; after
 * a crash the same events are sent again, under the same ids.
 */
@Injectable()
export class OutcomesService {
  /** Who we are to other replicas. */
  readonly holder = randomUUID();
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | null = null;
  #stopped = false;

  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly dispatches: DispatchesStore,
    private readonly outbox: OutboxService,
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** Counts an attempt, whatever came of it. */
  measure(attempt: Attempt): void {
    const answer = attempt.status === null ? 'unreachable' : 'refused';
    this.metrics.attempts.inc({ result: succeeded(attempt) ? 'delivered' : answer });
    this.metrics.attemptSeconds.observe(attempt.latencyMs / SECOND);
  }

  /** Resolves once it is written; while the database fails, nothing more is sent. */
  record(outcome: Outcome): Promise<void> {
    const written = new Promise<void>((recorded) => {
      this.#waiting.push({ outcome, recorded });
    });
    this.#flushing ??= this.#flush();
    return written;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      while (!(await this.#write(batch.map(({ outcome }) => outcome)))) {
        if (this.#stopped) break;
        await pause(SECOND, undefined, { ref: false });
      }
      for (const { recorded } of batch) recorded();
    }
    // In the same breath in which nothing was left: what comes a moment later flushes anew.
    this.#flushing = null;
  }

  async #write(outcomes: readonly Outcome[]): Promise<boolean> {
    const latest = Map.groupBy(outcomes, ({ subscriptionId }) => subscriptionId);
    try {
      await this.store.write(async (tx) => {
        for (const [id, own] of latest) await this.#writeOf(tx, id, own);
      });
      return true;
    } catch (error) {
      this.log.pino.error({ error }, 'what became of deliveries could not be written; it is tried again');
      return false;
    }
  }

  /** Of one subscription: its newest place and health, and each dispatch. Nothing when it was deleted or taken over. */
  async #writeOf(tx: Tx, id: string, outcomes: readonly Outcome[]): Promise<void> {
    const newest = outcomes.at(-1) as Outcome;
    const { position, health } = newest;
    if (!(await this.subscriptions.progress(tx, id, this.holder, { position, ...health }))) return;
    const dispatches = new Map(
      outcomes.flatMap(({ dispatch }) => (dispatch ? [[`${dispatch.cursor.xid}/${dispatch.cursor.id}`, dispatch]] : [])),
    );
    if (dispatches.size > 0) await this.dispatches.save(tx, [...dispatches.values()]);
    const reason = outcomes.find(({ disable }) => disable)?.disable;
    if (reason) await this.#disable(tx, id, reason);
    else if (outcomes.some(({ back }) => back)) await this.dispatches.hasten(tx, id, this.clock.now());
  }

  async #disable(tx: Tx, id: string, reason: DisabledReason): Promise<void> {
    const subscription = await this.subscriptions.find(id, tx);
    if (subscription?.state !== 'active') return;
    const now = this.clock.now();
    await this.subscriptions.change(tx, id, { state: 'disabled', disabledAt: now, disabledReason: reason });
    await this.outbox.append(tx, disabledEvent(subscription, reason, now));
    this.log.pino.warn({ subscription: id, reason }, 'a subscription is disabled');
  }
}

/** What every courier works with. */
export abstract class CourierTools {
  abstract readonly outbox: Pick<OutboxService, 'after' | 'at'>;
  abstract readonly presenter: Pick<PresenterService, 'present'>;
  abstract readonly dispatches: Pick<DispatchesStore, 'due' | 'nextDueAt' | 'beyond' | 'purge'>;
  abstract readonly outcomes: Pick<OutcomesService, 'record' | 'measure' | 'holder' | 'stop'>;
  abstract readonly post: Pick<PostClient, 'post' | 'ask' | 'faultOf' | 'closed' | 'close'>;
  /** Whether an endpoint must say that it wants events before it gets any. */
  abstract readonly challenges: boolean;
  abstract readonly clock: Clock;
  /** 0 to 1. */
  abstract readonly random: () => number;
  abstract readonly failed: (error: unknown) => void;
}
