import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Overload } from './overload.js';

/** The overload of each number: one that is flooded slows down itself alone. */
@Injectable()
export class Overloads {
  readonly #byNumber = new Map<string | null, Overload>();

  constructor(private readonly clock: Clock) {}

  /** That of a number; of null, that of deliveries of which none is known. */
  of(phoneNumberId: string | null): Overload {
    const known = this.#byNumber.get(phoneNumberId) ?? new Overload(this.clock);
    this.#byNumber.set(phoneNumberId, known);
    return known;
  }
}
