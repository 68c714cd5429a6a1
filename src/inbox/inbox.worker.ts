import { setTimeout as rest, setImmediate as turn } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Element } from '#dialog360/fact.js';
import { readDelivery } from '#dialog360/webhook-reader.js';
import { NumbersService } from '#identity/numbers.service.js';
import { Clock, DAY } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { isLocked, numberLock, Store, type Tx } from '#store/store.js';
import { isStoreFault } from '#store/store-fault.js';
import { Metrics } from '#telemetry/metrics.js';
import { Log } from '#telemetry/telemetry.module.js';
import { traced } from '#telemetry/traces.js';
import { InboxService } from './inbox.service.js';
import { type Delivery, type Fresh, InboxStore } from './inbox.store.js';

/** So many in one transaction; between two, whatever else waits for this process has its turn. */
const BATCH = 50;
/** In a flood, keeping has so many times as long as understanding, but understanding rests no longer than this. */
const KEEPING_SHARE = 9;
const LONGEST_REST_MS = 100;
const MOST_ATTEMPTS = 5;
/** 360dialog repeats a delivery for up to 7 days; the raw bodies outlive that by a day, the digests by far. */
const KEEP_DELIVERIES = 8 * DAY;
const KEEP_DIGESTS = 30 * DAY;

type FollowUp = () => void;
type Counts = { new: number; known: number; foreign: number; unknown: number };

/**
 * Takes deliveries in: reads them, drops what is known already, hands every fact to the rooms that registered for it.
 * Facts, their consequences and the mark that the delivery is done share one transaction, so a crash repeats all or nothing.
 * On SQLite that is the transaction that keeps the body, too, as long as they are few and nothing older waits: one commit
 * instead of two. What cannot be understood is rolled back and kept alone.
 */
@Injectable()
export class InboxWorker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #loop = new WakeUpLoop(
    () => this.#work(),
    (error) => this.log.pino.error({ error }, 'the inbox could not be worked off; it is tried again'),
  );

  constructor(
    private readonly inbox: InboxService,
    private readonly deliveries: InboxStore,
    private readonly numbers: NumbersService,
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (this.store.engine === 'sqlite') this.inbox.onArrival((batch) => this.#takeAtOnce(batch));
    this.inbox.onKept((understood) => {
      if (!understood) void this.drain();
    });
    void this.drain();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** The fallback for what another replica left, and for deliveries that failed. */
  @Interval(1_000)
  async wake(): Promise<void> {
    await this.drain();
  }

  @Interval(3_600_000)
  async purge(): Promise<void> {
    const now = this.clock.now();
    await this.deliveries.purge(now - KEEP_DELIVERIES, now - KEEP_DIGESTS);
  }

  /** Works until nothing untried waits; calls while it works make it look once more. */
  drain(): Promise<void> {
    return this.#loop.wake();
  }

  async #work(): Promise<boolean> {
    const number = await this.numbers.learn();
    if (!number) return false;
    for (;;) {
      // Those who wait for their 200 come first.
      await turn();
      const began = this.clock.now();
      const batch = await this.deliveries.waiting(BATCH);
      if (!batch.length || this.#loop.isStopped) break;
      const done = await this.#takeAll(number.phoneNumberId, batch);
      if (!done) break;
      if (this.inbox.flooded) await rest(Math.min(LONGEST_REST_MS, Math.max(0, this.clock.now() - began) * KEEPING_SHARE));
    }
    this.metrics.pending.set(await this.deliveries.countWaiting());
    return false;
  }

  /** Keeps and takes in by one commit; false, with nothing written, when something older waits or something fails. */
  async #takeAtOnce(batch: readonly Fresh[]): Promise<boolean> {
    const number = this.numbers.current;
    if (!number || this.#loop.isRunning) return false;
    const read = batch.map((fresh) => ({ fresh, elements: readDelivery(fresh.body).elements }));
    const followUps: FollowUp[] = [];
    try {
      await this.#learnDisplay(
        number.phoneNumberId,
        read.flatMap(({ elements }) => elements),
      );
      await this.store.write(async (tx) => {
        followUps.length = 0;
        for (const { fresh, elements } of read) {
          const counts = await this.#elements(tx, number.phoneNumberId, fresh, elements, followUps);
          await this.deliveries.keepDone(tx, fresh, counts);
        }
      });
    } catch (error) {
      // To keep them alone would wait for the same lock once more, and whoever waits for an answer waits twice as long.
      if (isLocked(error)) throw error;
      // The worker finds out which of them it was, and says so.
      return false;
    }
    run(followUps);
    return true;
  }

  /** The whole batch in one transaction; when something in it fails, each delivery for itself. */
  async #takeAll(phoneNumberId: string, batch: Delivery[]): Promise<boolean> {
    try {
      await this.#take(phoneNumberId, batch);
      return true;
    } catch (error) {
      if (isStoreFault(error)) throw error;
      let progress = false;
      for (const delivery of batch) progress = (await this.#takeOne(phoneNumberId, delivery)) || progress;
      return progress;
    }
  }

  /** @throws a fault of the store, which counts no attempt: the delivery waits until the database is well again */
  async #takeOne(phoneNumberId: string, delivery: Delivery): Promise<boolean> {
    try {
      await this.#take(phoneNumberId, [delivery]);
      return true;
    } catch (error) {
      if (isStoreFault(error)) throw error;
      const attempts = delivery.attempts + 1;
      const last = attempts >= MOST_ATTEMPTS;
      this.log.pino.error({ error, delivery: delivery.id, attempts, last }, 'a delivery could not be taken in');
      if (last) await this.#salvage(phoneNumberId, delivery);
      await this.deliveries.countAttempt(delivery.id, attempts, last);
      if (last) this.metrics.webhooks.inc({ result: 'quarantined' });
      return last;
    }
  }

  /** One poisonous element does not take the rest of its delivery with it: each gets a transaction of its own. */
  async #salvage(phoneNumberId: string, delivery: Delivery): Promise<void> {
    for (const element of readDelivery(delivery.body).elements) {
      const followUps: FollowUp[] = [];
      await this.store
        .write((tx) => this.#element(tx, phoneNumberId, delivery, element, followUps), [numberLock(phoneNumberId)])
        .then(() => run(followUps))
        .catch((error) => {
          if (isStoreFault(error)) throw error;
          this.log.pino.error({ error, delivery: delivery.id, field: element.field }, 'an element is set aside');
        });
    }
  }

  async #take(phoneNumberId: string, batch: Delivery[]): Promise<void> {
    const read = batch.map((delivery) => ({ delivery, elements: readDelivery(delivery.body).elements }));
    await this.#learnDisplay(
      phoneNumberId,
      read.flatMap(({ elements }) => elements),
    );
    const followUps: FollowUp[] = [];
    await this.store.write(
      async (tx) => {
        followUps.length = 0;
        const ours = await this.deliveries.claim(
          tx,
          batch.map(({ id }) => id),
        );
        for (const { delivery, elements } of read.filter((one) => ours.has(one.delivery.id))) {
          const counts = await this.#elements(tx, phoneNumberId, delivery, elements, followUps);
          await this.deliveries.finish(tx, delivery.id, 'done', counts);
        }
      },
      [numberLock(phoneNumberId)],
    );
    run(followUps);
  }

  async #elements(tx: Tx, phoneNumberId: string, delivery: Fresh, elements: Element[], followUps: FollowUp[]): Promise<Counts> {
    const counts: Counts = { new: 0, known: 0, foreign: 0, unknown: 0 };
    const cause = delivery.cause ?? null;
    return traced('inbox apply', { kind: 'consumer', attributes: { 'wac.elements': elements.length }, cause }, async (span) => {
      for (const element of elements) counts[await this.#element(tx, phoneNumberId, delivery, element, followUps)] += 1;
      span.set('wac.elements_new', counts.new);
      return counts;
    });
  }

  async #element(tx: Tx, phoneNumberId: string, delivery: Fresh, element: Element, followUps: FollowUp[]): Promise<keyof Counts> {
    const result = await this.#accept(tx, phoneNumberId, delivery, element, followUps);
    this.metrics.elements.inc({ field: FIELDS.has(element.field) ? element.field : 'other', result });
    return result;
  }

  async #accept(tx: Tx, phoneNumberId: string, delivery: Fresh, element: Element, followUps: FollowUp[]): Promise<keyof Counts> {
    if (this.numbers.isOurs(element.phoneNumberId, element.displayPhoneNumber) === false) return 'foreign';
    if (!(await this.deliveries.firstTime(tx, element.key, delivery.receivedAt))) return 'known';
    const { fact } = element;
    if (!fact) return 'unknown';
    const received = { fact, element, phoneNumberId, receivedAt: delivery.receivedAt, at: element.at ?? delivery.receivedAt };
    for (const handler of this.inbox.handlersOf(fact.kind)) {
      const followUp = await handler(tx, received);
      if (followUp) followUps.push(followUp);
    }
    return 'new';
  }

  async #learnDisplay(phoneNumberId: string, elements: Element[]): Promise<void> {
    const display = elements.find((element) => element.phoneNumberId === phoneNumberId && element.displayPhoneNumber)?.displayPhoneNumber;
    if (display) await this.numbers.learnDisplay(display);
  }
}

const FIELDS = new Set([
  'calls',
  'messages',
  'account_settings_update',
  'account_update',
  'business_capability_update',
  'phone_number_quality_update',
]);

const run = (followUps: FollowUp[]): void => {
  for (const followUp of followUps) followUp();
};
