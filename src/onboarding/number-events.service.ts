import { Injectable } from '@nestjs/common';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import type { EventType } from '#events/event.js';
import { OutboxService } from '#events/outbox.service.js';
import type { NumberChangedView, NumberEventView } from '#events/views/number-data.view.js';
import type { KeptNumber } from '#identity/numbers/numbers.service.js';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';

/** What an event says of a number. */
export type EventSubject = Pick<
  KeptNumber,
  'phoneNumberId' | 'displayPhoneNumber' | 'name' | 'reference' | 'wabaId' | 'portfolioId' | 'source' | 'state'
>;

/** Publishes what happens to numbers. The transaction holds the number's lock. */
@Injectable()
export class NumberEventsService {
  constructor(
    private readonly outbox: OutboxService,
    private readonly requirements: RequirementsService,
    private readonly clock: Clock,
  ) {}

  /** Publishes `number.added`. */
  added(tx: Tx, number: EventSubject): Promise<void> {
    return this.#append(tx, 'number.added', number, viewOf(number));
  }

  /** Publishes `number.changed`. @param changed members of the number as the API names them */
  changed(tx: Tx, number: EventSubject, changed: string[]): Promise<void> {
    const data: NumberChangedView = { ...viewOf(number), changed };
    return this.#append(tx, 'number.changed', number, data);
  }

  /** Publishes `number.removed`. */
  removed(tx: Tx, number: EventSubject): Promise<void> {
    return this.#append(tx, 'number.removed', number, viewOf(number));
  }

  /** Publishes `number.key_rejected`. */
  keyRejected(tx: Tx, number: EventSubject): Promise<void> {
    return this.#append(tx, 'number.key_rejected', number, viewOf(number));
  }

  async #append(tx: Tx, type: EventType, { phoneNumberId }: EventSubject, data: NumberEventView): Promise<void> {
    await this.outbox.append(tx, {
      type,
      subject: `number:${phoneNumberId}`,
      sequence: await this.requirements.nextSequence(tx, phoneNumberId),
      phoneNumberId,
      occurredAt: this.clock.now(),
      expiresAt: null,
      data,
    });
  }
}

const viewOf = (number: EventSubject): NumberEventView => ({
  phone_number_id: number.phoneNumberId,
  display_phone_number: number.displayPhoneNumber,
  name: number.name,
  reference: number.reference,
  waba_id: number.wabaId,
  portfolio_id: number.portfolioId,
  source: number.source,
  state: number.state,
});
