import type { NewDelivery } from '#inbox/inbox.store.js';
import { type IntakeLoad, type IntakeParts, NumberIntake } from './number-intake.js';
import type { Overloads } from './overloads.service.js';

/** Persists the bodies of every number, each within the limits of its own. */
export class Intakes {
  readonly #byNumber = new Map<string | null, NumberIntake>();
  readonly #load: IntakeLoad = { bytes: 0 };

  constructor(
    private readonly parts: IntakeParts,
    private readonly overloads: Overloads,
  ) {}

  /** Resolves once the body is durable. @throws Problem `inbox_full`, `store_unavailable` */
  keep(delivery: NewDelivery): Promise<void> {
    return this.#of(delivery.phoneNumberId).keep(delivery);
  }

  #of(phoneNumberId: string | null): NumberIntake {
    const known =
      this.#byNumber.get(phoneNumberId) ?? new NumberIntake(phoneNumberId, this.parts, this.#load, this.overloads.of(phoneNumberId));
    this.#byNumber.set(phoneNumberId, known);
    return known;
  }
}
