import { Injectable } from '@nestjs/common';
import type { Element } from '#dialog360/fact.js';
import { readDelivery } from '#dialog360/webhook-reader.js';
import { NumbersService } from '#identity/numbers.service.js';
import { numberLock, Store, type Tx } from '#store/store.js';
import { type Application, ElementsService } from './elements.service.js';
import { type Delivery, InboxStore, type NewDelivery } from './inbox.store.js';
import type { AfterCommit } from './received-fact.js';

type Parsed<D> = { delivery: D; elements: Element[] };

/**
 * Applies deliveries. Facts, their consequences and the mark that the delivery is done share one transaction, so a crash repeats
 * all or nothing. Each method rejects when anything in its transaction fails.
 */
@Injectable()
export class ProcessingService {
  constructor(
    private readonly inbox: InboxStore,
    private readonly elements: ElementsService,
    private readonly numbers: NumbersService,
    private readonly store: Store,
  ) {}

  /** Persists new bodies and applies them in the same transaction. */
  async keepAndApply(phoneNumberId: string, batch: readonly NewDelivery[]): Promise<void> {
    const parsed = await this.#parse(phoneNumberId, batch);
    await this.#write(phoneNumberId, async (tx, afterCommit) => {
      for (const { delivery, elements } of parsed) {
        const counts = await this.elements.applyAll(tx, this.#application(phoneNumberId, delivery, afterCommit), elements);
        await this.inbox.keepDone(tx, delivery, counts);
      }
    });
  }

  /** Applies persisted deliveries, except those that another replica has applied meanwhile. */
  async apply(phoneNumberId: string, batch: readonly Delivery[]): Promise<void> {
    const parsed = await this.#parse(phoneNumberId, batch);
    await this.#write(phoneNumberId, async (tx, afterCommit) => {
      const claimed = await this.inbox.claim(tx, batch);
      for (const { delivery, elements } of parsed) {
        if (!claimed.has(delivery.id)) continue;
        const counts = await this.elements.applyAll(tx, this.#application(phoneNumberId, delivery, afterCommit), elements);
        await this.inbox.finish(tx, delivery.id, counts);
      }
    });
  }

  /** Applies each element in a transaction of its own. @param onFailure gets the error of an element, and may throw to stop */
  async applyEach(phoneNumberId: string, delivery: Delivery, onFailure: (error: unknown, element: Element) => void): Promise<void> {
    for (const element of readDelivery(delivery.body).elements) {
      await this.#write(phoneNumberId, async (tx, afterCommit) => {
        await this.elements.apply(tx, this.#application(phoneNumberId, delivery, afterCommit), element);
      }).catch((error) => onFailure(error, element));
    }
  }

  async #write(phoneNumberId: string, work: (tx: Tx, afterCommit: AfterCommit[]) => Promise<void>): Promise<void> {
    let afterCommit: AfterCommit[] = [];
    await this.store.write(
      (tx) => {
        // The store may run the work again.
        afterCommit = [];
        return work(tx, afterCommit);
      },
      [numberLock(phoneNumberId)],
    );
    for (const after of afterCommit) after();
  }

  #application(phoneNumberId: string, delivery: NewDelivery, afterCommit: AfterCommit[]): Application {
    const isOurs = (element: Element) => this.numbers.isOurs(element.phoneNumberId, element.displayPhoneNumber);
    return { phoneNumberId, isOurs, delivery, afterCommit };
  }

  async #parse<D extends NewDelivery>(phoneNumberId: string, batch: readonly D[]): Promise<Parsed<D>[]> {
    const parsed = batch.map((delivery) => ({ delivery, elements: readDelivery(delivery.body).elements }));
    const ours = parsed.flatMap(({ elements }) => elements).filter((element) => element.phoneNumberId === phoneNumberId);
    const display = ours.find(({ displayPhoneNumber }) => displayPhoneNumber)?.displayPhoneNumber;
    if (display) await this.numbers.learnDisplay(display);
    return parsed;
  }
}
