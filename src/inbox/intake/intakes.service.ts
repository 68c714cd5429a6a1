import { Injectable } from '@nestjs/common';
import { DeliveryProcessor } from '#inbox/delivery-processor.js';
import type { NewDelivery } from '#inbox/inbox.store.js';
import { GroupCommit } from './group-commit.service.js';
import { NumberIntake } from './number-intake.js';
import { Overloads } from './overloads.service.js';

/** Persists the bodies of every number, each within the limits of its own. */
@Injectable()
export class IntakesService {
  readonly #byNumber = new Map<string | null, NumberIntake>();
  #committed: (bodies: number) => void = () => undefined;

  constructor(
    private readonly processor: DeliveryProcessor,
    private readonly commits: GroupCommit,
    private readonly overloads: Overloads,
  ) {}

  /** Registers what learns of each batch that became durable. */
  onCommitted(listener: (bodies: number) => void): void {
    this.#committed = listener;
  }

  /** Resolves once the body is durable. @throws Problem `inbox_full`, `store_unavailable` */
  keep(delivery: NewDelivery): Promise<void> {
    return this.#of(delivery.phoneNumberId).keep(delivery);
  }

  #of(phoneNumberId: string | null): NumberIntake {
    const { commits, processor } = this;
    const committed = (bodies: number) => this.#committed(bodies);
    const known =
      this.#byNumber.get(phoneNumberId) ??
      new NumberIntake(phoneNumberId, { commits, processor, committed }, this.overloads.of(phoneNumberId));
    this.#byNumber.set(phoneNumberId, known);
    return known;
  }
}
