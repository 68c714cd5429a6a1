import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Element, WebhookFact } from '#dialog360/fact.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { SABOTAGE } from '#kernel/sabotage.js';
import type { Tx } from '#store/store.js';
import { Metrics } from '#telemetry/metrics.js';
import { originHere } from '#telemetry/traces.js';
import { Flood } from './flood.js';
import { type Fresh, InboxStore } from './inbox.store.js';

/** A fact with the circumstances of its arrival. `at` is Meta's time, or ours when Meta gave none. */
export interface Received<F extends WebhookFact = WebhookFact> {
  fact: F;
  element: Element;
  phoneNumberId: string;
  at: number;
  receivedAt: number;
}

/** Takes a fact in, under the number's lock. What it returns runs after the commit. */
export type Handler<K extends WebhookFact['kind'] = WebhookFact['kind']> = (
  tx: Tx,
  received: Received<Extract<WebhookFact, { kind: K }>>,
) => Promise<undefined | (() => void)>;

/** Takes bodies in by the very commit that keeps them; false when nothing was written and they are to be kept alone. */
export type TakeAtOnce = (batch: readonly Fresh[]) => Promise<boolean>;

/** More bodies than this waiting for their commit means that the disk does not keep up. */
const MOST_WAITING = 5_000;
/** So many are committed without waiting for more. */
const MOST_GATHERED = 128;
/** The wrong build that `npm run prove` must catch. */
const ANSWERS_TOO_SOON = SABOTAGE === 'ack-before-commit';
const PARSES = SABOTAGE === 'keep-what-was-parsed';

interface Waiting extends Fresh {
  kept: () => void;
  failed: (error: unknown) => void;
}

/** What 360dialog tells us, kept before anybody understands it. */
@Injectable()
export class InboxService {
  readonly #handlers = new Map<string, Handler[]>();
  readonly #listeners: Array<(understood: boolean) => void> = [];
  readonly #flood = new Flood();
  #takeAtOnce: TakeAtOnce = async () => false;
  #waiting: Waiting[] = [];
  #flushing = false;

  constructor(
    private readonly inbox: InboxStore,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** Domain rooms say which facts they take in; several may take the same, in the order in which they registered. */
  on<K extends WebhookFact['kind']>(kinds: readonly K[], handler: Handler<K>): void {
    for (const kind of kinds) this.#handlers.set(kind, [...this.handlersOf(kind), handler as unknown as Handler]);
  }

  handlersOf(kind: WebhookFact['kind']): Handler[] {
    return this.#handlers.get(kind) ?? [];
  }

  /** Calls `listener` after each commit of bodies; `understood` when they were taken in by it as well. */
  onKept(listener: (understood: boolean) => void): void {
    this.#listeners.push(listener);
  }

  /** Who can take bodies in as they come is asked first, unless there are too many of them. */
  onArrival(takeAtOnce: TakeAtOnce): void {
    this.#takeAtOnce = takeAtOnce;
  }

  /** Whether deliveries come faster than they can be understood. */
  get flooded(): boolean {
    return this.#flood.isOn(this.clock.now());
  }

  /**
   * Resolves once the body is durable. All bodies of one turn of the event loop share one commit, so a burst costs one
   * fsync and not one each.
   * @throws Problem `inbox_full`, or `store_unavailable` when the commit fails: 360dialog then delivers again.
   */
  keep(body: Uint8Array): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) return Promise.reject(new Problem('inbox_full'));
    const kept = new Promise<void>((resolve, reject) => {
      const fresh = { body: PARSES ? rewritten(body) : body, receivedAt: this.clock.now(), cause: originHere() };
      this.#waiting.push({ ...fresh, kept: resolve, failed: reject });
    });
    if (!this.#flushing) {
      this.#flushing = true;
      if (ANSWERS_TOO_SOON) setTimeout(() => void this.#flush(), 5);
      else setImmediate(() => void this.#flush());
    }
    return ANSWERS_TOO_SOON ? Promise.resolve() : kept;
  }

  /** When the last delivery was kept; null before the first. */
  lastReceivedAt(): Promise<number | null> {
    return this.inbox.lastReceivedAt();
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length) {
      if (this.flooded) await this.#gather();
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const understood = await this.#commit(batch);
        this.metrics.commitRows.observe(batch.length);
        for (const { kept } of batch) kept();
        for (const listener of this.#listeners) listener(understood);
      } catch (error) {
        for (const { failed } of batch) failed(new Problem('store_unavailable', { cause: error }));
      }
    }
    this.#flushing = false;
  }

  /** Waits as long as each turn of the event loop brings more: in a flood, commits are what takes the time. */
  async #gather(): Promise<void> {
    for (let had = 0; this.#waiting.length > had && this.#waiting.length < MOST_GATHERED; ) {
      had = this.#waiting.length;
      await turn();
    }
  }

  /** @returns whether they are understood already */
  async #commit(batch: Waiting[]): Promise<boolean> {
    this.#flood.note(batch.length, this.clock.now());
    if (!this.flooded && (await this.#takeAtOnce(batch))) return true;
    await this.inbox.keep(batch);
    return false;
  }
}

const rewritten = (body: Uint8Array): Uint8Array => Buffer.from(JSON.stringify(JSON.parse(Buffer.from(body).toString())));
