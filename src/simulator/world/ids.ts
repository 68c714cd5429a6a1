import { createHash, randomBytes } from 'node:crypto';

/** Ids in Meta's forms. The same seed gives the same ids; without one they differ in each run, as gateways keep them. */
export class Ids {
  #seed: string;
  #serial = 0;

  constructor(seed?: string) {
    this.#seed = seed ?? randomBytes(12).toString('hex');
  }

  /** Begins anew with this seed. */
  reseed(seed: string): void {
    this.#seed = seed;
    this.#serial = 0;
  }

  wacid(): string {
    return `wacid.SIM${this.#next(28)}`;
  }

  wamid(): string {
    return `wamid.SIM${this.#next(28)}`;
  }

  /** Meta's trace of one refused request. */
  trace(): string {
    return `A${this.#next(22)}`;
  }

  /** `length` hex digits that follow from the seed, for SDP and conversations. */
  hex(length: number): string {
    return this.#next(length).toLowerCase();
  }

  #next(length: number): string {
    this.#serial += 1;
    return createHash('sha256').update(`${this.#seed}:${this.#serial}`).digest('hex').slice(0, length).toUpperCase();
  }
}

/** The business-scoped id that Meta would show for a phone: 20 digits that follow from the number and from how many had it before. */
export const bsuidOf = (digits: string, turn = 1): string => `MX.${turn}${digits.padStart(19, '0')}`;
