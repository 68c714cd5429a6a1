import { setTimeout as wait } from 'node:timers/promises';

/** @param {number} ms @returns {Promise<void>} */
export const pause = (ms) => wait(ms);

/** Asks again every `everyMs` until the answer is true. @throws Error naming `what` when it never is */
export async function until(what, isSo, { withinMs = 120_000, everyMs = 100 } = {}) {
  const end = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await pause(everyMs);
  }
}
