import { Problem } from '#kernel/problem.js';
import type { Health } from './number-reading.js';

/** Who knows which number the API key is for. The client asks before every request but the reading of the health. */
export interface LineProof {
  /** @throws Problem while nothing proves that the key is the one of our number; the request is then not sent */
  assertProven(): Promise<void>;
  /** Receives every health that 360dialog answers, before the caller does. @throws Problem `other_number` */
  observe(health: Health): Promise<void>;
  /** 360dialog has refused the key. */
  keyRefused?(): void;
}

/** The proof of a key whose number is not known yet: whatever number 360dialog names for it, it is the one of that number. */
export class AnyNumber implements LineProof {
  #isNamed = false;

  async assertProven(): Promise<void> {
    if (!this.#isNamed) throw new Problem('number_unproven', { params: { message: 'not asked' } });
  }

  async observe({ phoneNumberId }: Health): Promise<void> {
    this.#isNamed = phoneNumberId !== null;
  }
}

/** Without a database there is no number to compare with: the diagnosis without a gateway, which only reads. */
export const NO_NUMBER: LineProof = { assertProven: async () => undefined, observe: async () => undefined };
