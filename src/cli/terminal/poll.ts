import { SECOND } from '#kernel/clock.js';
import type { Surroundings } from './surroundings.js';

const POLL_EVERY_MS = SECOND / 2;

interface Polling<T> {
  /** The timeout; at least one read is left out when `holds` is true at once. */
  seconds: number;
  holds: (value: T) => boolean;
  /** Ends the polling early; never by default. */
  interruption?: AbortSignal | undefined;
}

/** Reads a value again every half second until it holds, the time is over, or the operator interrupts. @returns the last one */
export async function pollUntil<T>(
  first: T,
  read: (last: T) => Promise<T>,
  { seconds, holds, interruption }: Polling<T>,
  { pause }: Pick<Surroundings, 'pause'>,
): Promise<T> {
  let last = first;
  for (let waited = 0; waited < seconds * SECOND && !holds(last) && !interruption?.aborted; waited += POLL_EVERY_MS) {
    await pause(POLL_EVERY_MS);
    last = await read(last);
  }
  return last;
}
