import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { BacklogStore } from './backlog.store.js';
import type { DeliveryProcessor } from './delivery-processor.js';
import { InboxStore, type NewDelivery } from './inbox.store.js';
import { FailedDeliveries } from './processing/failed-deliveries.service.js';
import type { DeliveryQueue } from './queue/delivery-queue.js';
import { QueueLeases } from './queue/queue-leases.service.js';
import { QueuesService } from './queue/queues.service.js';

/** How often a replica looks whether another has applied what it has kept. */
const LOOK_EVERY_MS = 20;
/** How often the holder of a queue looks when no notification of another replica can reach it. */
const UNNOTIFIED_MS = 100;
/**
 * Applies persisted deliveries in batches, and retries what fails. Each number has a queue, which one replica at a time holds; a few of
 * them are worked at once, in turn, so that no number waits for another's flood. When nothing waits in a queue, its new deliveries are
 * applied inline, in the transaction that persists them, which saves a second commit.
 */
@Injectable()
export class InboxWorker implements DeliveryProcessor, OnApplicationBootstrap, BeforeApplicationShutdown, OnModuleDestroy {
  readonly #looks = new WakeUpLoop(
    () => this.#lookHeld(),
    (error) => this.failed.storeFailed(error),
  );

  constructor(
    private readonly inbox: InboxStore,
    private readonly backlog: BacklogStore,
    private readonly leases: QueueLeases,
    private readonly numbers: NumbersService,
    private readonly queues: QueuesService,
    private readonly failed: FailedDeliveries,
  ) {}

  onApplicationBootstrap(): void {
    this.inbox.onAnnounced((numbers) => (numbers === null ? void this.#looks.wake() : this.#wakeHeld(numbers)));
    void this.drain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#looks.stop();
    await this.queues.stop();
    await this.leases.release().catch(() => undefined);
  }

  async onModuleDestroy(): Promise<void> {
    await this.queues.stop();
  }

  /** Keeps the queues that this replica holds, finds what another has left, and retries deliveries that failed. */
  @Interval(1_000)
  async wake(): Promise<void> {
    await this.#look((queue) => queue.wake());
  }

  @Interval(UNNOTIFIED_MS)
  lookUnnotified(): void {
    if (!this.inbox.isNotified) void this.#looks.wake();
  }

  keptUnder(phoneNumberId: string): readonly string[] {
    return this.numbers.keptUnder(phoneNumberId);
  }

  /** Works until no untried delivery of any number waits. A call while it works makes it look once more. */
  drain(): Promise<void> {
    return this.#look((queue) => queue.drain());
  }

  elsewhere(batch: readonly NewDelivery[]): ReadonlySet<string | null> {
    const numbers = new Set(batch.map(({ phoneNumberId }) => phoneNumberId));
    return new Set([...numbers].filter((number) => !this.queues.of(number).isHeld));
  }

  async applyKept(phoneNumberId: string | null): Promise<void> {
    const queue = this.queues.of(phoneNumberId);
    if (!this.leases.isElsewhere(queue.key)) await queue.wake();
  }

  async applied(phoneNumberId: string, signal: AbortSignal): Promise<void> {
    await Promise.all([phoneNumberId, null].map((queue) => this.#applied(this.queues.of(queue), signal)));
  }

  async processInline(phoneNumberId: string | null, batch: readonly NewDelivery[]): Promise<boolean> {
    return this.queues.of(phoneNumberId).processInline(batch);
  }

  async #applied(queue: DeliveryQueue, signal: AbortSignal): Promise<void> {
    await queue.wake();
    if (queue.isHeld) return;
    const { phoneNumberId } = queue;
    for (const last = await this.inbox.lastWaiting(phoneNumberId); last !== null && !signal.aborted; await pause(LOOK_EVERY_MS)) {
      if (!(await this.inbox.isUntried(phoneNumberId, last))) return;
    }
  }

  /** Another replica has kept something of these numbers: the holders of their queues apply it. */
  #wakeHeld(numbers: readonly (string | null)[]): void {
    for (const queue of numbers.map((number) => this.queues.of(number))) if (queue.isHeld) void queue.wake();
  }

  /** The same when it is not known of which numbers. Notifications that come while it looks are answered by one look more. */
  async #lookHeld(): Promise<boolean> {
    if (!this.leases.holdsAny) return false;
    await this.leases.renew();
    const held = (await this.backlog.waitingNumbers()).map((number) => this.queues.of(number)).filter(({ isHeld }) => isHeld);
    for (const queue of held) void queue.wake();
    return false;
  }

  /** Looks for numbers of which something waits. The queue of the only number is taken without that, so that its next delivery is applied inline. */
  async #look(work: (queue: DeliveryQueue) => Promise<void>): Promise<void> {
    try {
      await this.leases.renew();
      const waiting = await this.backlog.waitingNumbers();
      const all = this.numbers.all().map(({ phoneNumberId }) => phoneNumberId);
      await Promise.all(
        [...new Set(all.length === 1 ? [...waiting, ...all] : waiting)].map((phoneNumberId) => work(this.queues.of(phoneNumberId))),
      );
    } catch (error) {
      this.failed.storeFailed(error);
    }
  }
}
