import { callIn, make } from '../dialing.mjs';
import { pause } from '../pause.mjs';

const RETRY_MS = 250;
/** A gateway gives up the run of another process after 13 s at these timeouts. */
const GIVE_UP_MS = 60_000;

/**
 * What became of one key: `ms` from the first request to the first answer with a call, `call` its id, `status` that of the last answer.
 * @typedef {{ wish: import('../dialing.mjs').Wish, at: number, ms: number, call: string | undefined, status: number }} Dialled
 */

/** Dials as a careful client does: one key each, asked for again until there is an answer with a call. */
export class PersistentDials {
  /** @type {Dialled[]} */
  done = [];
  /** How often a request got this answer before its key had its call. */
  refusals = {};
  #count = 0;
  #pending = new Set();

  /** @param {{ gatewayOf: () => import('../gateway.mjs').Gateway, timeoutMs?: number }} options */
  constructor({ gatewayOf, timeoutMs = 10_000 }) {
    Object.assign(this, { gatewayOf, timeoutMs });
  }

  /** How many requests were answered 500: a database that is away is no bug. */
  get bugs() {
    const found = Object.entries(this.refusals).filter(([name]) => name.startsWith('500'));
    return found.reduce((sum, [, times]) => sum + times, 0);
  }

  /** Begins one dial and does not wait for it. */
  begin() {
    this.#count += 1;
    const wish = { key: `persistent-${this.#count}`, to: `5491${String(this.#count).padStart(9, '0')}` };
    const done = this.#insist(wish).finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }

  /** Waits for the keys that have no answer yet. */
  async settle() {
    await Promise.all(this.#pending);
  }

  /**
   * Asks once more for each key, at each gateway: the call must be the one of the first answer, and all must say the same.
   * @param {import('../gateway.mjs').Gateway[]} gateways
   */
  async verdict(gateways) {
    const result = { keys: this.done.length, unanswered: 0, unstable: 0, answers: {} };
    for (const { wish, call } of this.done) {
      if (call === undefined) {
        result.unanswered += 1;
        continue;
      }
      const answers = [];
      for (const gateway of [...gateways, ...gateways]) answers.push(await make(gateway, wish));
      const [{ status }] = answers;
      if (answers.some((answer) => answer.status !== status || callIn(answer) !== call)) result.unstable += 1;
      result.answers[status] = (result.answers[status] ?? 0) + 1;
    }
    return result;
  }

  async #insist(wish) {
    const at = performance.now();
    const one = { wish, at, ms: Number.POSITIVE_INFINITY, call: undefined, status: 0 };
    this.done.push(one);
    while (performance.now() - at < GIVE_UP_MS) {
      const answer = await make(this.gatewayOf(), wish, { timeoutMs: this.timeoutMs }).catch(() => null);
      one.status = answer?.status ?? 0;
      one.call = answer === null ? undefined : callIn(answer);
      if (one.call !== undefined) {
        one.ms = performance.now() - at;
        return;
      }
      const name = answer === null ? 'none' : `${answer.status} ${answer.body?.code}`;
      this.refusals[name] = (this.refusals[name] ?? 0) + 1;
      await pause(RETRY_MS);
    }
  }
}
