import { Backoff } from '#kernel/backoff.js';
import { DAY, HOUR, SECOND } from '#kernel/clock.js';
import type { Agenda } from '#simulator/world/agenda.js';
import type { MovableClock } from '#simulator/world/clock.js';
import type { Journal } from '#simulator/world/journal.js';

/** Where deliveries go, with the headers that 360dialog replays on each. */
export interface WebhookTarget {
  url: string;
  headers: Record<string, string>;
}

interface Letter {
  id: number;
  body: string;
  /** Letters about one subject leave one after the other. */
  about: string;
  what: string;
  bornAt: number;
  attempts: number;
  /** The journal tells only when it is not taken. */
  routine: boolean;
}

const ANSWER_LIMIT_MS = 5 * SECOND;
/** Without jitter, so that a rehearsal can be repeated. */
const BACKOFF = new Backoff({ firstMs: 5 * SECOND, longestMs: HOUR, spread: [1, 1] });
const LIFE_MS = 7 * DAY;

/**
 * 360dialog's way of delivering: only a 200 within 5 s counts; anything else is tried again after 5 s, 10 s, 20 s … up to
 * an hour, for 7 days. Deliveries about one call or user keep their order; there is no order between subjects, and none
 * once a retry is due.
 */
export class Delivery {
  target: WebhookTarget | null = null;
  readonly #lines = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  #serial = 0;

  constructor(
    private readonly clock: MovableClock,
    private readonly agenda: Agenda,
    private readonly journal: Journal,
  ) {}

  /** How many subjects have a delivery on its way. */
  get inFlight(): number {
    return this.#lines.size;
  }

  /** Sends a body as it stands; without a registered webhook it is dropped, as 360dialog has nowhere to send it. */
  post(body: string, about: string, what: string, routine = false): void {
    if (!this.target) this.journal.note(`webhook ${what} dropped: none is registered`, about);
    else this.#queue({ id: ++this.#serial, body, about, what, bornAt: this.clock.now(), attempts: 0, routine });
  }

  /** Resolves when every delivery about a subject has been tried. */
  async tried(about: string): Promise<void> {
    await this.#lines.get(about);
  }

  /** Resolves when nothing is on its way any more; retries that are planned do not count. */
  async idle(): Promise<void> {
    while (this.#lines.size) await Promise.all(this.#lines.values());
  }

  close(): void {
    this.#closing.abort();
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  #queue(letter: Letter): void {
    const before = this.#lines.get(letter.about) ?? Promise.resolve();
    const line = before
      .then(() => this.#attempt(letter))
      .finally(() => {
        if (this.#lines.get(letter.about) === line) this.#lines.delete(letter.about);
      });
    this.#lines.set(letter.about, line);
  }

  async #attempt(letter: Letter): Promise<void> {
    if (this.#closing.signal.aborted || !this.target) return;
    letter.attempts += 1;
    const outcome = await this.#send(this.target, letter.body);
    if (this.#closing.signal.aborted) return;
    if (!letter.routine || outcome !== 200) this.journal.note(`webhook ${letter.what} answered: ${outcome}`, letter.about);
    if (outcome !== 200) this.#retry(letter);
  }

  async #send({ url, headers }: WebhookTarget, body: string): Promise<number | string> {
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_LIMIT_MS), this.#closing.signal]);
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        signal,
        redirect: 'manual',
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch (error) {
      return error instanceof Error && error.name === 'TimeoutError' ? 'nothing within 5 s' : 'no connection';
    }
  }

  #retry(letter: Letter): void {
    const pause = BACKOFF.delayMs(letter.attempts, 0);
    if (this.clock.now() + pause > letter.bornAt + LIFE_MS) {
      this.journal.note(`webhook ${letter.what} given up after 7 days`, letter.about);
      return;
    }
    this.agenda.plan(pause, `delivery ${letter.id}`, `webhook ${letter.what} is tried again (attempt ${letter.attempts + 1})`, () =>
      this.#queue(letter),
    );
  }
}
