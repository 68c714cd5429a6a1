import type { Health } from './number-reading.js';

/** Who knows which number the API key is for. The client asks before every request but the reading of the health. */
export interface LineProof {
  /** @throws Problem while nothing proves that the key is the one of our number; the request is then not sent */
  assertProven(): Promise<void>;
  /** Receives every health that 360dialog answers, before the caller does. @throws Problem `other_number` */
  observe(health: Health): Promise<void>;
}

/** Without a database there is no number to compare with: the diagnosis without a gateway, which only reads. */
export const NO_NUMBER: LineProof = { assertProven: async () => undefined, observe: async () => undefined };
