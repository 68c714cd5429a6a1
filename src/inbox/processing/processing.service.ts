import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Element } from '#dialog360/fact.js';
import { elementsIn, readDelivery } from '#dialog360/webhook-reader.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { type Delivery, InboxStore, type NewDelivery } from '#inbox/inbox.store.js';
import { type QueueLease, QueueLost } from '#inbox/queue/queue-lease.js';
import type { AfterCommit } from '#inbox/received-fact.js';
import { batchOf, NotNow } from '#store/batch/batch.js';
import { numberLock, Store, type Tx } from '#store/store.js';
import { type Application, type Counts, ElementsService, type Parsed, type ReceivingNumber } from './elements.service.js';
import type { KeptBatch, NewBatch, NumberBatch } from './number-batch.js';
import { seenKeyOf } from './seen-key.js';
import { PART_SIZE, SMALL_BYTES } from './sizes.js';

/**
 * Applies deliveries. Facts, their consequences and the mark that the delivery is done share one transaction, so a crash repeats
 * all or nothing. A delivery of many elements is applied in parts, each in a transaction of its own: a crash repeats it from the
 * beginning, and the parts that were applied are duplicates then. Each method rejects when anything in its transaction fails.
 */
@Injectable()
export class ProcessingService {
  constructor(
    private readonly inbox: InboxStore,
    private readonly elements: ElementsService,
    private readonly numbers: NumbersService,
    private readonly store: Store,
  ) {}

  /** Deliveries of a number as they are applied together; null when they hold too much for one transaction. */
  readBatch<D extends NewDelivery>(phoneNumberId: string, batch: readonly D[]): NumberBatch<D> | null {
    if (!batch.every(isSmall)) return null;
    const parsed = batch.map((delivery) => parse(delivery));
    const elements = elementsOf(parsed);
    return elements > PART_SIZE ? null : { phoneNumberId, parsed, elements };
  }

  /**
   * Persists new bodies of some numbers and applies them, all in one transaction.
   * @returns the batches of which this was done; of the others nothing is written, since another writer is at work on their number, or what
   *   another replica has kept of it waits to be applied first
   */
  keepAndApply(batches: readonly NewBatch[]): Promise<ReadonlySet<NewBatch>> {
    return this.#applyNow(
      batches,
      async (_tx, free) => new Map(free.map((batch) => [batch, batch.parsed])),
      (tx, free) => this.#assertFirst(tx, free),
      (tx, delivery, counts) => this.inbox.keepDone(tx, delivery, counts),
    );
  }

  /**
   * Applies persisted deliveries of some numbers in one transaction.
   * @returns the batches of which this was done; the others wait for another writer of their number, or are another replica's by now
   */
  applyTogether(batches: readonly KeptBatch[]): Promise<ReadonlySet<KeptBatch>> {
    return this.#applyNow(
      batches,
      (tx, free) => this.#claimed(tx, free),
      async () => undefined,
      (tx, { id }, counts) => this.inbox.finish(tx, id, counts),
    );
  }

  /**
   * Applies persisted deliveries, except those that another replica has applied meanwhile.
   * @returns those that hold too much for one transaction, for `applyInParts`
   * @throws QueueLost
   */
  async apply<D extends Delivery>(phoneNumberId: string, lease: QueueLease, batch: readonly D[]): Promise<D[]> {
    const large: D[] = batch.filter((delivery) => !isSmall(delivery));
    let group: Parsed<D>[] = [];
    for (const delivery of batch.filter(isSmall)) {
      const parsed = parse(delivery);
      if (parsed.elements.length > PART_SIZE) {
        large.push(delivery);
        continue;
      }
      if (elementsOf(group) + parsed.elements.length > PART_SIZE) {
        await this.#applyGroup(phoneNumberId, lease, group);
        group = [];
      }
      group.push(parsed);
    }
    await this.#applyGroup(phoneNumberId, lease, group);
    return large;
  }

  /** Applies a persisted delivery part by part. @throws QueueLost. @param between runs before each part, in a turn of its own */
  async applyInParts(phoneNumberId: string, lease: QueueLease, delivery: Delivery, between: () => Promise<void>): Promise<void> {
    const counts: Counts = { new: 0, known: 0, foreign: 0, unknown: 0 };
    const reading = elementsIn(delivery);
    for (let part = nextPart(reading), more = true; more; part = nextPart(reading)) {
      await turn();
      await between();
      more = part.length === PART_SIZE;
      await this.#applyPart(phoneNumberId, lease, { delivery, elements: part }, counts, !more);
    }
  }

  /** Applies each element in a transaction of its own. @param onFailure gets the error of an element, and may throw to stop */
  async applyEach(phoneNumberId: string, delivery: Delivery, onFailure: (error: unknown, element: Element) => void): Promise<void> {
    for (const element of elementsIn(delivery)) {
      await turn();
      await this.#write(phoneNumberId, async (tx, afterCommit) => {
        await this.elements.apply(tx, this.#application(phoneNumberId, delivery, afterCommit), element);
      }).catch((error) => onFailure(error, element));
    }
  }

  async #applyGroup(phoneNumberId: string, lease: QueueLease, group: readonly Parsed<Delivery>[]): Promise<void> {
    if (group.length === 0) return;
    await turn();
    await this.#learnNumber(
      phoneNumberId,
      group.flatMap(({ elements }) => elements),
    );
    await this.#write(phoneNumberId, async (tx, afterCommit) => {
      const [mine] = (await this.#claimed(tx, [{ lease, parsed: group }])).values();
      if (!mine) throw new QueueLost();
      await this.elements.prepare(tx, [{ ...this.#receiver(phoneNumberId), parsed: mine }]);
      for (const { delivery, elements } of mine) {
        const counts = await this.elements.applyAll(tx, this.#application(phoneNumberId, delivery, afterCommit), elements);
        await this.inbox.finish(tx, delivery.id, counts);
      }
    });
  }

  /** One statement beside those that prepare a batch. @throws NotNow where deliveries of a number wait that came before */
  async #assertFirst(tx: Tx, batches: readonly NewBatch[]): Promise<void> {
    if (!batchOf(tx)) return;
    const queueOf = ({ parsed }: NewBatch) => parsed[0]?.delivery.phoneNumberId ?? null;
    const waiting = await this.inbox.withUntried(tx, batches.map(queueOf));
    if (waiting.size === 0) return;
    const first = batches.filter((batch) => !waiting.has(queueOf(batch)));
    throw new NotNow(first.map(({ phoneNumberId }) => numberLock(phoneNumberId)));
  }

  /**
   * @param assertFirst runs beside what is read before
   * @param end writes that a delivery is done
   */
  async #applyNow<D extends NewDelivery, B extends NumberBatch<D>>(
    batches: readonly B[],
    claim: (tx: Tx, free: readonly B[]) => Promise<ReadonlyMap<B, readonly Parsed<D>[]>>,
    assertFirst: (tx: Tx, mine: readonly B[]) => Promise<void>,
    end: (tx: Tx, delivery: D, counts: Counts) => Promise<void>,
  ): Promise<ReadonlySet<B>> {
    const learning = batches.map(({ phoneNumberId, parsed }) =>
      this.#learnNumber(
        phoneNumberId,
        parsed.flatMap(({ elements }) => elements),
      ),
    );
    await Promise.all(learning);
    let afterCommit: AfterCommit[] = [];
    const written = await this.store.writeBatchNow(
      {
        prepare: async (tx, locks) => {
          const mine = await claim(
            tx,
            batches.filter(({ phoneNumberId }) => locks.includes(numberLock(phoneNumberId))),
          );
          await Promise.all([assertFirst(tx, [...mine.keys()]), this.elements.prepare(tx, this.#receiversOf(mine))]);
          return mine;
        },
        apply: async (tx, mine) => {
          afterCommit = [];
          for (const { phoneNumberId, parsed } of this.#receiversOf(mine)) {
            for (const { delivery, elements } of parsed) {
              await end(tx, delivery, await this.elements.applyAll(tx, this.#application(phoneNumberId, delivery, afterCommit), elements));
            }
          }
          return new Set(mine.keys());
        },
      },
      batches.map(({ phoneNumberId }) => numberLock(phoneNumberId)),
    );
    if (written) for (const after of afterCommit) after();
    return written?.result ?? new Set();
  }

  #receiversOf<D extends NewDelivery>(
    batches: ReadonlyMap<NumberBatch<D>, readonly Parsed<D>[]>,
  ): Array<ReceivingNumber & { parsed: readonly Parsed<D>[] }> {
    return [...batches].map(([{ phoneNumberId }, parsed]) => ({ ...this.#receiver(phoneNumberId), parsed }));
  }

  /** Each batch with those of its deliveries that are not applied yet; without those of which none is left, or another replica has the lease. */
  async #claimed<B extends Pick<KeptBatch, 'lease' | 'parsed'>>(tx: Tx, batches: readonly B[]): Promise<Map<B, Parsed<Delivery>[]>> {
    const claims = batches.map(({ lease, parsed }) => ({ lease, deliveries: parsed.map(({ delivery }) => delivery) }));
    const claimed = await this.inbox.claim(tx, claims);
    const left = batches.map((batch) => [batch, batch.parsed.filter(({ delivery }) => claimed.has(delivery.id))] as const);
    return new Map(left.filter(([, parsed]) => parsed.length > 0));
  }

  async #applyPart(phoneNumberId: string, lease: QueueLease, part: Parsed<Delivery>, counts: Counts, isLast: boolean): Promise<void> {
    const { delivery, elements } = part;
    await this.#learnNumber(phoneNumberId, elements);
    let counted = counts;
    await this.#write(phoneNumberId, async (tx, afterCommit) => {
      if (!(await this.inbox.claim(tx, [{ lease, deliveries: [delivery] }])).has(delivery.id)) throw new QueueLost();
      await this.elements.prepare(tx, [{ ...this.#receiver(phoneNumberId), parsed: [part] }]);
      counted = sumOf(counts, await this.elements.applyAll(tx, this.#application(phoneNumberId, delivery, afterCommit), elements));
      if (isLast) await this.inbox.finish(tx, delivery.id, counted);
    });
    Object.assign(counts, counted);
  }

  async #write<T>(phoneNumberId: string, work: (tx: Tx, afterCommit: AfterCommit[]) => Promise<T>): Promise<T> {
    const collected = collecting(work);
    const result = await this.store.writeBatch(collected.run, [numberLock(phoneNumberId)]);
    collected.committed();
    return result;
  }

  #application(phoneNumberId: string, delivery: NewDelivery, afterCommit: AfterCommit[]): Application {
    return { ...this.#receiver(phoneNumberId), delivery, afterCommit };
  }

  #receiver(phoneNumberId: string): ReceivingNumber {
    const { numbers } = this;
    return {
      phoneNumberId,
      isOurs: (element) => numbers.isOurs(phoneNumberId, element),
      keyOf: (element) => seenKeyOf(element, numbers.byId(phoneNumberId)),
    };
  }

  /** What webhooks about our number say of it: account webhooks may name the number by nothing else. */
  async #learnNumber(phoneNumberId: string, elements: readonly Element[]): Promise<void> {
    const shown = elements.find((element) => element.phoneNumberId === phoneNumberId && element.displayPhoneNumber);
    const account = elements.find((element) => element.phoneNumberId === phoneNumberId)?.wabaId;
    await this.numbers.learn(phoneNumberId, { displayPhoneNumber: shown?.displayPhoneNumber ?? null, wabaId: account ?? null });
  }
}

/** `work` with what it wants to run after the commit. */
function collecting<T>(work: (tx: Tx, afterCommit: AfterCommit[]) => Promise<T>) {
  let afterCommit: AfterCommit[] = [];
  return {
    run: (tx: Tx): Promise<T> => {
      // The store may run the work again.
      afterCommit = [];
      return work(tx, afterCommit);
    },
    committed: (): void => {
      for (const after of afterCommit) after();
    },
  };
}

/** Whether a body is read at once with others. */
const isSmall = ({ body }: NewDelivery): boolean => body.length <= SMALL_BYTES;

const parse = <D extends NewDelivery>(delivery: D): Parsed<D> => ({ delivery, elements: readDelivery(delivery).elements });

const elementsOf = (parsed: readonly Parsed<NewDelivery>[]): number => parsed.reduce((sum, { elements }) => sum + elements.length, 0);

/** Up to one part of what is left of a delivery. */
function nextPart(reading: Generator<Element>): Element[] {
  const part: Element[] = [];
  while (part.length < PART_SIZE) {
    const { done, value } = reading.next();
    if (done) break;
    part.push(value);
  }
  return part;
}

const sumOf = (one: Counts, other: Counts): Counts => ({
  new: one.new + other.new,
  known: one.known + other.known,
  foreign: one.foreign + other.foreign,
  unknown: one.unknown + other.unknown,
});
