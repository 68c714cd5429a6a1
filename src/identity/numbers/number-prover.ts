import type { Problem } from '#kernel/problem.js';
import type { BusinessNumber } from './business-number.js';

/** Who asks 360dialog about our numbers; the registry itself knows no client. */
export interface NumberProver {
  /** Finds the number of the environment while no number is known; `reason` has the failure. */
  find(): Promise<void>;
  /** Why no number is known; null when nothing has been tried, or one is. */
  readonly reason: Problem | null;
  /** The configured number whose key 360dialog refuses: it can be asked about, and is not stored. */
  readonly declared: BusinessNumber | null;
  /** @throws Problem while nothing proves that the key is the one of this number */
  assertProven(number: BusinessNumber): Promise<void>;
}
