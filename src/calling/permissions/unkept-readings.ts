import { addressesOf, type Person } from '#identity/person.js';
import { type Clock, MINUTE } from '#kernel/clock.js';
import type { ObservedReading } from './permission.js';

const MAX_AGE_MS = MINUTE;
/** A reading takes about 1 KiB. */
const MOST = 2_000;

/**
 * Readings about people of whom no row is kept, in memory, by address and for a minute: who only looks whether somebody may be
 * called creates nobody, and asks 360dialog no more often for all that. The oldest go when there are too many.
 */
export class UnkeptReadings {
  readonly #readings = new Map<string, ObservedReading>();
  #forgotten = 0;

  constructor(private readonly clock: Clock) {}

  /** Under any address of the person, also once a row is kept of them; null when there is none of the last minute. */
  get(phoneNumberId: string, person: Person): ObservedReading | null {
    this.#dropOld();
    for (const key of keysOf(phoneNumberId, person)) {
      const found = this.#readings.get(key);
      if (found) return found;
    }
    return null;
  }

  /** What is read now is kept by the function that this returns, unless everything was forgotten meanwhile. */
  begin(phoneNumberId: string, person: Person): (observed: ObservedReading) => void {
    const forgotten = this.#forgotten;
    return (observed) => {
      if (forgotten !== this.#forgotten) return;
      for (const key of keysOf(phoneNumberId, person)) {
        // Written anew, so that the order of the map is that of age.
        this.#readings.delete(key);
        this.#readings.set(key, observed);
      }
      for (const key of this.#readings.keys()) {
        if (this.#readings.size <= MOST) break;
        this.#readings.delete(key);
      }
    };
  }

  /** Drops what is older than a minute; called by the clock as well, so that nobody stays because nobody asks. */
  purge(): void {
    this.#dropOld();
  }

  /** Drops everything, also what is being read. */
  forget(): void {
    this.#forgotten += 1;
    this.#readings.clear();
  }

  #dropOld(): void {
    const oldest = this.clock.now() - MAX_AGE_MS;
    for (const [key, { observedAt }] of this.#readings) if (observedAt <= oldest) this.#readings.delete(key);
  }
}

const keysOf = (phoneNumberId: string, person: Person): string[] => addressesOf(person).map((address) => `${phoneNumberId}:${address}`);
