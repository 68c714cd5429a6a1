import { Backoff } from '#kernel/backoff.js';
import { type Clock, SECOND } from '#kernel/clock.js';
import type { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import type { PostClient } from '#outbound-http/post.client.js';
import { type AttemptResult, isRefusal, succeeded } from '#outbound-http/retry.js';
import type { Log } from '#telemetry/log.js';
import { ForwardReplays } from './forward-replays.js';
import type { ForwardSource } from './forward-source.js';
import type { ForwardedDelivery, ForwardOffset, ForwardsStore, ForwardTurn } from './forwards.store.js';
import { waitAfterRefusal, waitAskedFor } from './refusal.js';

const PAGE = 20;
const REPLAY_PAGE = 5;
const BACKOFF = new Backoff({ firstMs: SECOND, longestMs: 30 * SECOND, spread: [0.8, 1] });
/** Outlasts an attempt and its commit, so that no two replicas forward at once. */
const LEASE_MS = 30 * SECOND;
/** How often a replica without the lease asks for it. */
const LEASE_RETRY_MS = 5 * SECOND;
/** A target whose last turn took longer is slow: it waits for a place behind those that answer. */
const SLOW_MS = 2 * SECOND;
/**
 * How many queues of a process are forwarded at once, each with one page in memory and one connection to its target. Half of the places are for
 * targets that have answered the last time: however many hang, those are not kept waiting.
 */
export const FORWARDED_AT_ONCE = { slots: 64, reserved: 32 };

/**
 * Forwards the deliveries of one number: one after the other in the order of the inbox. A target that is away, slow or busy holds this
 * queue; a delivery that it refuses three times is set aside, and only then the next one goes.
 */
export class ForwardQueue {
  readonly #loop = new WakeUpLoop(
    () => this.#forwardNext(),
    (error) => {
      this.#backOff();
      this.log.pino.error({ event: 'forwarding.unexpected_error', error }, 'Deliveries could not be forwarded; they are retried');
    },
  );
  readonly #replays: ForwardReplays;
  #failures = 0;
  #backoffUntil = 0;
  #isSlow = false;

  /**
   * @param source what is forwarded, and where to; it changes with the settings of the number
   * @param turns shared by the queues of all numbers
   */
  constructor(
    public source: ForwardSource,
    private readonly holder: string,
    private readonly forwards: ForwardsStore,
    private readonly poster: PostClient,
    private readonly turns: Bulkhead,
    private readonly clock: Clock,
    private readonly log: Pick<Log, 'pino'>,
  ) {
    const attempt = async (body: Uint8Array) => {
      const result = await this.#attempt(body);
      return this.poster.closed ? null : result;
    };
    this.#replays = new ForwardReplays(forwards, attempt, clock, log);
  }

  /** Forwards every delivery that can be forwarded now: goes on after a backoff, and with what other replicas have kept or left. */
  drain(): Promise<void> {
    return this.#isBackingOff() ? this.#loop.idle() : this.#loop.wake();
  }

  /** Starts no further attempt; resolves when the one under way has ended. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  #isBackingOff(): boolean {
    return this.clock.now() < this.#backoffUntil;
  }

  /** @returns whether there may be more to forward at once */
  async #forwardNext(): Promise<boolean> {
    if (this.#isBackingOff()) return false;
    return this.turns.run(() => this.#forwardTurn(), this.#failures > 0 || this.#isSlow ? 'normal' : 'urgent');
  }

  async #forwardTurn(): Promise<boolean> {
    const turn = await this.#takeTurn();
    if (!turn) return false;
    const began = this.clock.steady();
    const mayGoOn = await this.#forwardPage(turn);
    const isMore = (await this.#replay()) || mayGoOn;
    this.#isSlow = this.clock.steady() - began > SLOW_MS;
    return isMore;
  }

  /** The offset, when this replica may forward now. */
  async #takeTurn(): Promise<ForwardTurn | null> {
    if (this.#isBackingOff() || this.#loop.isStopped) return null;
    const now = this.clock.now();
    const turn = await this.forwards.claim(this.source.name, this.holder, now, now + LEASE_MS);
    if (turn && now >= (turn.heldUntil ?? 0)) return turn;
    // The wait stands in the database: after a crash, and in another replica, it holds all the same.
    this.#backoffUntil = Math.max(turn?.heldUntil ?? 0, turn ? 0 : now + LEASE_RETRY_MS);
    return null;
  }

  /** Forwards one page and writes the new offset once, so that a crash repeats a few deliveries. */
  async #forwardPage(turn: ForwardTurn): Promise<boolean> {
    const page = await this.forwards.after(this.source, turn, PAGE);
    const end = this.clock.now() + LEASE_MS / 2;
    let reached: ForwardOffset | null = null;
    const takenAfterAll: number[] = [];
    for (const delivery of page) {
      if (this.#loop.isStopped || this.clock.now() > end) break;
      const result = await this.#attempt(delivery.body);
      if (!succeeded(result)) return this.#notTaken(delivery, result, { reached, takenAfterAll });
      this.#recover(delivery.id);
      reached = { xid: delivery.xid, id: delivery.id };
      if (delivery.refusals > 0) takenAfterAll.push(delivery.id);
    }
    if (!reached) return false;
    return this.forwards.advance(this.source.name, this.holder, { reached, takenAfterAll, heldUntil: null, refusal: null });
  }

  /** Ends a page at a delivery that the target did not take. @returns whether the next delivery may go at once */
  async #notTaken(delivery: ForwardedDelivery, result: AttemptResult, done: Done): Promise<boolean> {
    // A cut attempt says nothing about the target.
    if (this.poster.closed) await this.#save(done);
    else if (isRefusal(result)) return this.#refuse(delivery, result, done);
    else await this.#hold(delivery.id, result, done);
    return false;
  }

  /** The queue waits for a target that is away, slow or busy, and at least as long as it asks for. */
  async #hold(delivery: number, result: AttemptResult, done: Done): Promise<void> {
    const now = this.clock.now();
    const asked = waitAskedFor(result, now);
    this.#backOff(asked ?? 0);
    if (this.#failures === 1) {
      const { status, error } = result;
      this.log.pino.warn(
        { event: 'forwarding.delivery_rejected', delivery, status, reason: error },
        'The target did not take a delivery; it and all after it wait for the retry',
      );
    }
    if (asked === null) await this.#save(done);
    else await this.forwards.advance(this.source.name, this.holder, { ...done, heldUntil: now + asked, refusal: null });
  }

  /** Counts a refusal; after the last one the delivery is set aside. */
  async #refuse({ id, xid, refusals }: ForwardedDelivery, { status }: AttemptResult, done: Done): Promise<boolean> {
    const [at, attempts] = [this.clock.now(), refusals + 1];
    const wait = waitAfterRefusal(attempts);
    const isFinal = wait === null;
    const written = await this.forwards.advance(this.source.name, this.holder, {
      reached: isFinal ? { xid, id } : done.reached,
      takenAfterAll: done.takenAfterAll,
      heldUntil: isFinal ? null : at + wait,
      refusal: { id, state: isFinal ? 'set_aside' : 'trying', attempts, status, at },
    });
    if (!written) return false;
    if (isFinal) {
      this.log.pino.error(
        { event: 'forwarding.delivery_set_aside', delivery: id, status, attempts },
        'The target refuses a delivery; it is set aside, and what follows goes on',
      );
      return true;
    }
    this.#backoffUntil = at + wait;
    if (attempts === 1)
      this.log.pino.warn(
        { event: 'forwarding.delivery_refused', delivery: id, status },
        'The target refused a delivery; it is tried again',
      );
    return false;
  }

  async #save(done: Done): Promise<void> {
    if (done.reached) await this.forwards.advance(this.source.name, this.holder, { ...done, heldUntil: null, refusal: null });
  }

  /** Posts what is to be replayed; the queue waits for it no longer than for one page. */
  async #replay(): Promise<boolean> {
    const page = await this.forwards.toReplay(this.source, REPLAY_PAGE);
    if (page.length === 0 || !(await this.#takeTurn())) return false;
    const end = this.clock.now() + LEASE_MS / 2;
    return this.#replays.post(page, () => this.#loop.isStopped || this.clock.now() > end);
  }

  #attempt(body: Uint8Array): Promise<AttemptResult> {
    const { url, headers } = this.source.target;
    return this.poster.post(url, headers, body);
  }

  #recover(delivery: number): void {
    if (this.#failures > 0) this.log.pino.info({ event: 'forwarding.recovered', delivery }, 'The target takes deliveries again');
    this.#failures = 0;
  }

  #backOff(leastMs = 0): void {
    this.#failures += 1;
    this.#backoffUntil = this.clock.now() + Math.max(leastMs, BACKOFF.delayMs(this.#failures, Math.random()));
  }
}

/** What of a page is forwarded before the delivery that ends it. */
interface Done {
  reached: ForwardOffset | null;
  takenAfterAll: readonly number[];
}
