import { HOUR, SECOND } from '#kernel/clock.js';
import { record } from '#kernel/read.js';
import type { Agenda } from '#simulator/world/agenda.js';
import type { MovableClock } from '#simulator/world/clock.js';
import type { Journal } from '#simulator/world/journal.js';

/** Where deliveries go, with the headers of each. */
export interface WebhookTarget {
  url: string;
  headers: Record<string, string>;
}

interface QueuedWebhook {
  id: number;
  body: string;
  /** Webhooks about one subject leave one after the other. */
  about: string;
  what: string;
  bornAt: number;
  attempts: number;
  /** The journal notes it only when the delivery fails. */
  routine: boolean;
  /** How often the deliveries had been dropped when it was posted. */
  drops: number;
}

const FIRST_RETRY_MS = 5 * SECOND;
const LONGEST_BACKOFF_MS = HOUR;
/** The queue of all deliveries while the clock is held. */
const IN_ORDER = 'in order';

/**
 * Deliveries over HTTP: only a 200 within the timeout counts. Retries follow with a backoff of 5 s, 10 s, 20 s … up to an hour. Deliveries
 * about one call or user keep their order; there is no order between subjects, and none once a retry is due. While the clock is held all leave
 * one after the other, so that a run can be repeated.
 */
export abstract class OutgoingWebhooks {
  readonly #queues = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  #serial = 0;
  #drops = 0;

  constructor(
    protected readonly clock: MovableClock,
    private readonly agenda: Agenda,
    protected readonly journal: Journal,
    /** How long one attempt may take, and how long a delivery is tried again. */
    private readonly limits: { timeoutMs: number; lifeMs: number },
  ) {}

  /** Where the next attempt goes; null while there is nowhere. */
  abstract get target(): WebhookTarget | null;

  /** The headers that sign a body. */
  protected abstract signature(body: string): Record<string, string>;

  /** Sends a body as it stands; without a target it is dropped. */
  post(body: string, about: string, what: string, routine = false): void {
    if (!this.target) this.journal.note(`webhook ${what} dropped: none is registered`, about);
    else this.#queue({ id: ++this.#serial, body, about, what, bornAt: this.clock.now(), attempts: 0, routine, drops: this.#drops });
  }

  /** Resolves when every delivery about a subject has been tried. */
  async tried(about: string): Promise<void> {
    await Promise.all([this.#queues.get(about), this.#queues.get(IN_ORDER)]);
  }

  /** Resolves when nothing is on its way any more; retries that are planned do not count. */
  async idle(): Promise<void> {
    while (this.#queues.size) await Promise.all(this.#queues.values());
  }

  /** What was posted until now leaves no more; an attempt that is under way ends. */
  drop(): void {
    this.#drops += 1;
  }

  /** Aborts the attempts that are under way; nothing is sent any more. */
  close(): void {
    this.#closing.abort();
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  #isOver({ drops }: QueuedWebhook): boolean {
    return this.#closing.signal.aborted || drops !== this.#drops;
  }

  #queue(webhook: QueuedWebhook): void {
    const name = this.clock.held ? IN_ORDER : webhook.about;
    const before = this.#queues.get(name) ?? Promise.resolve();
    const queue = before
      .then(() => this.#attempt(webhook))
      .finally(() => {
        if (this.#queues.get(name) === queue) this.#queues.delete(name);
      });
    this.#queues.set(name, queue);
  }

  async #attempt(webhook: QueuedWebhook): Promise<void> {
    const { target } = this;
    if (this.#isOver(webhook) || !target) return;
    webhook.attempts += 1;
    const outcome = await this.#send(target, webhook.body);
    if (this.#isOver(webhook)) return;
    if (!webhook.routine || outcome !== 200) this.journal.note(`webhook ${webhook.what} answered: ${outcome}`, webhook.about);
    if (outcome !== 200) this.#retry(webhook);
  }

  async #send({ url, headers }: WebhookTarget, body: string): Promise<number | string> {
    const { timeoutMs } = this.limits;
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#closing.signal]);
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...this.signature(body), ...headers },
        body,
        signal,
        redirect: 'manual',
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') return `nothing within ${timeoutMs / SECOND} s`;
      const code = record(record(error)?.cause)?.code;
      return `no connection${typeof code === 'string' ? ` (${code})` : ''}`;
    }
  }

  #retry(webhook: QueuedWebhook): void {
    const backoffMs = Math.min(FIRST_RETRY_MS * 2 ** (webhook.attempts - 1), LONGEST_BACKOFF_MS);
    if (this.clock.now() + backoffMs > webhook.bornAt + this.limits.lifeMs) {
      this.journal.note(`webhook ${webhook.what} given up`, webhook.about);
      return;
    }
    this.agenda.plan(backoffMs, `delivery ${webhook.id}`, `webhook ${webhook.what} is tried again (attempt ${webhook.attempts + 1})`, () =>
      this.#queue(webhook),
    );
  }
}
