import { setTimeout as pause } from 'node:timers/promises';
import type { LineProof } from '#dialog360/line-proof.js';
import type { Health } from '#dialog360/number-reading.js';
import { SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { SingleFlight } from '#kernel/wake-up-loop.js';
import { OtherNumber } from './other-number.js';

/** With a proof of an earlier answer, a command waits this long for 360dialog to name the number again. */
const CONFIRMATION_TIMEOUT_MS = 2 * SECOND;

/** What a proof needs of the key that it is about. */
export interface ProvenKey {
  /** Reads the health over the line of the key; the line hands what comes to `KeyProof.observe`. */
  readHealth(): Promise<unknown>;
  /** Whether 360dialog has named the number of this very key earlier. */
  isKept(): Promise<boolean>;
  /** Before the health is asked for. @throws OtherNumber when what is known without it does not fit */
  check(): Promise<void>;
  /** Compares the number that came, and stores it. @returns whether the key is now known to be of the number @throws OtherNumber */
  take(health: Health, isNamed: boolean): Promise<boolean>;
  /** 360dialog has refused the key. */
  refused?(): void;
}

/**
 * Of which number a key is. Nothing but the reading of the health goes to 360dialog before it has named the number of the key, and that
 * number is the one that is expected. The proof is stored with a digest of the key: the same key keeps it over a restart, also while
 * 360dialog does not answer; another key needs a proof of its own. Every later answer is compared, too.
 */
export class KeyProof implements LineProof {
  readonly #asking = new SingleFlight<Problem | null>();
  #unproven: Problem | null = null;

  /** @param isNamed whether 360dialog has named the number of the key to this process; in simulator mode there is nothing to compare */
  constructor(
    private readonly key: ProvenKey,
    private isNamed = false,
  ) {}

  /** Why the latest attempt named no number; null when it did, or none was made. */
  get reason(): Problem | null {
    return this.#unproven;
  }

  /**
   * Asks 360dialog for the number of the key and compares it. Once it is named, this sends no further request.
   * @returns false while 360dialog names no number
   * @throws OtherNumber
   */
  async prove(): Promise<boolean> {
    return this.isNamed || (await this.ask()) === null;
  }

  async assertProven(): Promise<void> {
    if (this.isNamed) return;
    const isKept = await this.key.isKept();
    const asked = this.ask();
    asked.catch(() => undefined);
    const late = isKept ? pause(CONFIRMATION_TIMEOUT_MS, null, { ref: false }) : asked;
    const problem = await Promise.race([asked, late]);
    if (problem && !isKept) throw problem;
  }

  async observe(health: Health): Promise<void> {
    this.isNamed = (await this.#compared(() => this.key.take(health, this.isNamed))) || this.isNamed;
  }

  keyRefused(): void {
    this.key.refused?.();
  }

  /** Concurrent callers share one request. @returns why no number is named; null when one is @throws OtherNumber */
  ask(): Promise<Problem | null> {
    return this.#asking.run(async () => {
      this.#unproven = await this.#askOnce();
      return this.#unproven;
    });
  }

  async #askOnce(): Promise<Problem | null> {
    await this.#compared(() => this.key.check());
    try {
      await this.key.readHealth();
    } catch (error) {
      if (!(error instanceof Problem) || error instanceof OtherNumber) throw error;
      return unprovenBy(error);
    }
    return this.isNamed ? null : new Problem('number_unproven', { params: { message: NAMES_NONE } });
  }

  async #compared<T>(compare: () => Promise<T>): Promise<T> {
    try {
      return await compare();
    } catch (error) {
      if (error instanceof OtherNumber) this.isNamed = false;
      throw error;
    }
  }
}

const NAMES_NONE = 'HTTP 200, no number';

/** Why a failed reading of the health proves no number. */
function unprovenBy(problem: Problem): Problem {
  const { code, upstream, retryAt, params } = problem;
  // These say themselves what is wrong, and what to do.
  if (code === 'upstream_unavailable' || code === 'upstream_key_rejected') return problem;
  const words = upstream ? [`HTTP ${upstream.status}`, upstream.message, upstream.details].filter(Boolean).join(', ') : params.message;
  return new Problem('number_unproven', { params: { message: words ?? code }, upstream, retryAt, onReading: true });
}
