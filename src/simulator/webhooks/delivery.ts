import { createHmac } from 'node:crypto';
import { DAY, HOUR, SECOND } from '#kernel/clock.js';
import type { Agenda } from '#simulator/world/agenda.js';
import type { MovableClock } from '#simulator/world/clock.js';
import type { Journal } from '#simulator/world/journal.js';

/** Where deliveries go, with the headers that 360dialog replays on each. */
interface WebhookTarget {
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
}

const TIMEOUT_MS = 5 * SECOND;
const FIRST_RETRY_MS = 5 * SECOND;
const LONGEST_BACKOFF_MS = HOUR;
const LIFE_MS = 7 * DAY;

/**
 * 360dialog's delivery: only a 200 within the timeout of 5 s counts. Retries follow with a backoff of 5 s, 10 s, 20 s … up to
 * an hour, for 7 days. Deliveries about one call or user keep their order; there is no order between subjects, and none
 * once a retry is due.
 */
export class SimulatedDelivery {
  target: WebhookTarget | null = null;
  /** Signs each body (`x-360dialog-signature`: hex HMAC-SHA256); null signs none. */
  signingSecret: string | null = null;
  readonly #queues = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  #serial = 0;

  constructor(
    private readonly clock: MovableClock,
    private readonly agenda: Agenda,
    private readonly journal: Journal,
  ) {}

  /** Sends a body as it stands; without a registered webhook it is dropped, as 360dialog has nowhere to send it. */
  post(body: string, about: string, what: string, routine = false): void {
    if (!this.target) this.journal.note(`webhook ${what} dropped: none is registered`, about);
    else this.#queue({ id: ++this.#serial, body, about, what, bornAt: this.clock.now(), attempts: 0, routine });
  }

  /** Resolves when every delivery about a subject has been tried. */
  async tried(about: string): Promise<void> {
    await this.#queues.get(about);
  }

  /** Resolves when nothing is on its way any more; retries that are planned do not count. */
  async idle(): Promise<void> {
    while (this.#queues.size) await Promise.all(this.#queues.values());
  }

  /** Aborts the attempts that are under way; nothing is sent any more. */
  close(): void {
    this.#closing.abort();
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  #queue(webhook: QueuedWebhook): void {
    const before = this.#queues.get(webhook.about) ?? Promise.resolve();
    const queue = before
      .then(() => this.#attempt(webhook))
      .finally(() => {
        if (this.#queues.get(webhook.about) === queue) this.#queues.delete(webhook.about);
      });
    this.#queues.set(webhook.about, queue);
  }

  async #attempt(webhook: QueuedWebhook): Promise<void> {
    if (this.#closing.signal.aborted || !this.target) return;
    webhook.attempts += 1;
    const outcome = await this.#send(this.target, webhook.body);
    if (this.#closing.signal.aborted) return;
    if (!webhook.routine || outcome !== 200) this.journal.note(`webhook ${webhook.what} answered: ${outcome}`, webhook.about);
    if (outcome !== 200) this.#retry(webhook);
  }

  async #send({ url, headers }: WebhookTarget, body: string): Promise<number | string> {
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.#closing.signal]);
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...this.#signature(body), ...headers },
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

  #signature(body: string): Record<string, string> {
    if (this.signingSecret === null) return {};
    return { 'x-360dialog-signature': createHmac('sha256', this.signingSecret).update(body).digest('hex') };
  }

  #retry(webhook: QueuedWebhook): void {
    const backoffMs = Math.min(FIRST_RETRY_MS * 2 ** (webhook.attempts - 1), LONGEST_BACKOFF_MS);
    if (this.clock.now() + backoffMs > webhook.bornAt + LIFE_MS) {
      this.journal.note(`webhook ${webhook.what} given up after 7 days`, webhook.about);
      return;
    }
    this.agenda.plan(backoffMs, `delivery ${webhook.id}`, `webhook ${webhook.what} is tried again (attempt ${webhook.attempts + 1})`, () =>
      this.#queue(webhook),
    );
  }
}
