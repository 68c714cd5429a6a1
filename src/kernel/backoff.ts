export interface BackoffRange {
  /** The delay after the first failure, in ms, before it is spread. */
  firstMs: number;
  /** The delay stops growing here, in ms, before it is spread. */
  longestMs: number;
  /** Between which shares of the delay it is spread. */
  spread: Spread;
}

/** The lowest and the highest share of a delay, such as 0.8 and 1.2. */
export type Spread = readonly [lowest: number, highest: number];

/** A fifth less to a fifth more, so that retries of one outage do not come at the same moment. */
export const JITTER: Spread = [0.8, 1.2];

/** A delay with jitter, in whole ms. @param random 0 to 1 */
export const jittered = (delayMs: number, random: number, [lowest, highest]: Spread = JITTER): number =>
  Math.round(delayMs * (lowest + (highest - lowest) * random));

/** Exponential backoff with jitter: twice as long after each failure. Pure; the caller gives the random number. */
export class Backoff {
  constructor(private readonly range: BackoffRange) {}

  /** The delay before the next attempt, in ms. @param failures in a row, 1 or more @param random 0 to 1 */
  delayMs(failures: number, random: number): number {
    const { firstMs, longestMs, spread } = this.range;
    return jittered(Math.min(longestMs, firstMs * 2 ** (failures - 1)), random, spread);
  }
}
