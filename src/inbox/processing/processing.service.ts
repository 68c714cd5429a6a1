import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Element } from '#dialog360/fact.js';
import { elementsIn, readDelivery } from '#dialog360/webhook-reader.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { type Delivery, InboxStore, type NewDelivery } from '#inbox/inbox.store.js';
import { type QueueLease, QueueLost } from '#inbox/queue/queue-lease.js';
import type { AfterCommit } from '#inbox/received-fact.js';
import { numberLock, Store, type Tx } from '#store/store.js';
import { type Application, type Counts, ElementsService, type Parsed, type ReceivingNumber } from './elements.service.js';
import { seenKeyOf } from './seen-key.js';
import { PART_SIZE, SMALL_BYTES } from './sizes.js';

/** Whether a body is read at once with others. */
const isSmall = ({ body }: NewDelivery): boolean => body.length <= SMALL_BYTES;

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

  /**
   * Persists new bodies and applies them in the same transaction.
   * @returns false, with nothing written, when they are too many for one, or another writer of the number is at work
   */
  async keepAndApply(phoneNumberId: string, batch: readonly NewDelivery[]): Promise<boolean> {
    if (!batch.every(isSmall)) return false;
    const parsed = batch.map(parse);
    if (countOf(parsed) > PART_SIZE) return false;
    await this.#learnNumber(
      phoneNumberId,
      parsed.flatMap(({ elements }) => elements),
    );
    const work = collecting(async (tx, afterCommit) => {
      await this.elements.prepare(tx, this.#receiver(phoneNumberId), parsed);
      for (const { delivery, elements } of parsed) {
        const counts = await this.elements.applyAll(tx, this.#application(phoneNumberId, delivery, afterCommit), elements);
        await this.inbox.keepDone(tx, delivery, counts);
      }
    });
    const written = await this.store.writeBatchNow(work.run, [numberLock(phoneNumberId)]);
    if (written) work.committed();
    return written !== null;
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
      if (countOf(group) + parsed.elements.length > PART_SIZE) {
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
      const claimed = await this.inbox.claim(
        tx,
        lease,
        group.map(({ delivery }) => delivery),
      );
      const mine = group.filter(({ delivery }) => claimed.has(delivery.id));
      if (mine.length === 0) throw new QueueLost();
      await this.elements.prepare(tx, this.#receiver(phoneNumberId), mine);
      for (const { delivery, elements } of mine) {
        const counts = await this.elements.applyAll(tx, this.#application(phoneNumberId, delivery, afterCommit), elements);
        await this.inbox.finish(tx, delivery.id, counts);
      }
    });
  }

  async #applyPart(phoneNumberId: string, lease: QueueLease, part: Parsed<Delivery>, counts: Counts, isLast: boolean): Promise<void> {
    const { delivery, elements } = part;
    await this.#learnNumber(phoneNumberId, elements);
    let counted = counts;
    await this.#write(phoneNumberId, async (tx, afterCommit) => {
      if (!(await this.inbox.claim(tx, lease, [delivery])).has(delivery.id)) throw new QueueLost();
      await this.elements.prepare(tx, this.#receiver(phoneNumberId), [part]);
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
    if (shown?.displayPhoneNumber) await this.numbers.learnDisplay(phoneNumberId, shown.displayPhoneNumber);
    const account = elements.find((element) => element.phoneNumberId === phoneNumberId)?.wabaId;
    if (account) await this.numbers.learnAccount(phoneNumberId, account);
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

const parse = <D extends NewDelivery>(delivery: D): Parsed<D> => ({ delivery, elements: readDelivery(delivery).elements });

const countOf = (parsed: readonly Parsed<NewDelivery>[]): number => parsed.reduce((sum, { elements }) => sum + elements.length, 0);

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
