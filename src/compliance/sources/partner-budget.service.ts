import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Store, type Tx } from '#store/store.js';
import { PartnerRequestsStore } from './partner-requests.store.js';
import { notAsked } from './source-request.client.js';

/** @see https://docs.360dialog.com/partner/partner-api/api-reference/balance-and-usage: 5 requests in 30 s */
const MOST_REQUESTS = 5;
/** Readings leave one request to who waits for an answer. */
const MOST_READINGS = 4;
/** Half a second longer than 360dialog's span: requests do not travel equally fast. */
const SPAN_MS = 30.5 * SECOND;
/** The longest that a client of this gateway waits for a turn. */
const LONGEST_WAIT_MS = 10 * SECOND;

/** Who asks: a reading of the schedule, which may wait, or a client of this gateway, which waits for the answer. */
export type PartnerUrgency = 'reading' | 'client';

/**
 * The requests to 360dialog's partner API: at most five in 30 s for one partner, over all replicas on Postgres, in memory on SQLite, where one
 * process holds the file. A turn is taken only when it is there: nothing is reserved, so a request of a client waits for none of the schedule.
 */
@Injectable()
export class PartnerBudget implements OnModuleDestroy {
  /** By the steady clock, the oldest first. */
  #sent: number[] = [];
  #heldUntil = 0;
  readonly #closing = new AbortController();

  constructor(
    private readonly clock: Clock,
    @Optional() private readonly store?: Store,
    @Optional() private readonly requests?: PartnerRequestsStore,
  ) {}

  /** Ends what waits, so that the process can stop. */
  onModuleDestroy(): void {
    this.#closing.abort();
  }

  /** Aborts when the process stops. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** 360dialog has refused for the rate: nothing is asked for so long. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, performance.now() + ms);
  }

  /**
   * Waits for a turn and takes it.
   * @param subject what is asked for, for the record
   * @throws Problem `rate_limited` for a client when the turn would come too late, `upstream_unavailable` when the process stops; a fault of the store
   */
  async take(partner: string, subject: string, urgency: PartnerUrgency): Promise<void> {
    const most = urgency === 'client' ? MOST_REQUESTS : MOST_READINGS;
    const latest = performance.now() + (urgency === 'client' ? LONGEST_WAIT_MS : Number.POSITIVE_INFINITY);
    for (;;) {
      if (this.#closing.signal.aborted) return notAsked('closing');
      const held = this.#heldUntil - performance.now();
      const waitMs = held > 0 ? held : await this.#tryTake(partner, subject, most);
      if (waitMs <= 0) return;
      if (performance.now() + waitMs > latest)
        throw new Problem('rate_limited', { retryAt: this.clock.now() + waitMs, params: { message: `${MOST_REQUESTS} requests in 30 s` } });
      await wait(waitMs, undefined, { ref: false, signal: this.#closing.signal }).catch(() => notAsked('closing'));
    }
  }

  /** @returns how long it is until there may be a turn; 0 when one was taken */
  async #tryTake(partner: string, subject: string, most: number): Promise<number> {
    const { store, requests } = this;
    if (requests === undefined || store?.engine !== 'postgres') return this.#tryHere(most);
    const take = async (tx: Tx): Promise<number> => {
      const { now, sent } = await requests.since(tx, partner, SPAN_MS);
      const waitMs = untilFree(sent, most, now);
      if (waitMs <= 0) await requests.add(tx, partner, subject, Math.max(now, (sent.at(-1) ?? 0) + 1));
      return waitMs;
    };
    return store.write(take, [`partner:${partner}`]);
  }

  #tryHere(most: number): number {
    const now = performance.now();
    this.#sent = this.#sent.filter((at) => at > now - SPAN_MS);
    const waitMs = untilFree(this.#sent, most, now);
    if (waitMs <= 0) this.#sent.push(now);
    return waitMs;
  }
}

/** @param sent within the span, the oldest first */
function untilFree(sent: readonly number[], most: number, now: number): number {
  const oldest = sent[sent.length - most];
  return oldest === undefined ? 0 : Math.max(1, Math.ceil(oldest + SPAN_MS - now));
}
