import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Secret } from '#kernel/secret.js';

/** The name of the connection that every replica holds. */
export const REPLICA_NAME = 'whatsapp-calling-gateway notifications';
const CHANNEL = 'whatsapp_calling_gateway';
/** A line that a pooler or a firewall has swallowed hears nothing and reports nothing, so the process sends itself a word. */
const ECHO_EVERY_MS = 5_000;
const ECHO_WITHIN_MS = 2_000;
const CONNECT_MS = 3_000;

/** A process that was not heard for so long is gone, or hears nothing itself and says so. */
const OTHERS_FORGOTTEN_MS = 2 * ECHO_EVERY_MS + ECHO_WITHIN_MS;

/** Of what there may be something new. */
export type Topic = 'deliveries' | 'events' | 'numbers';
/** Those that each process announces with its own id, and of which it hears nothing from itself. */
const OF_OTHERS = ['events', 'numbers'] as const;

/** Sends one notification through the pool, in a transaction of its own. */
type Send = (channel: string, payload: string) => Promise<unknown>;

/**
 * Notifications between the replicas of one Postgres: one connection listens, and a notification says that there may be something
 * new, never what. It may be lost; whoever listens looks from time to time all the same.
 *
 * `NOTIFY` inside of a transaction takes a lock of the whole server until its end, so it is sent after the commit, and while one is
 * under way others share the next.
 */
export class Notifications {
  readonly #id = randomUUID();
  readonly #listeners: Record<Topic, Array<() => void>> = { deliveries: [], events: [], numbers: [] };
  readonly #wanted = new Set<Topic>();
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #late: NodeJS.Timeout | null = null;
  #isUp = false;
  #hasEchoed = false;
  #closed = false;
  #sending: Promise<void> | null = null;
  /** When the line came up, and when another process was heard last, in monotonic time. */
  #upAt = 0;
  #otherAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly url: Secret,
    private readonly send: Send,
  ) {}

  /** Whether the line has heard its own word lately. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Calls `listener` after each notification of any replica, for events and numbers of any other, and after each new connection, when some may have been lost. */
  listen(topic: Topic, listener: () => void): void {
    this.#listeners[topic].push(listener);
    if (this.#timer) return;
    this.#timer = setInterval(() => void this.#prove(), ECHO_EVERY_MS).unref();
    void this.#prove();
  }

  /** Tells every replica that there may be something new; of events only while there may be another replica. Never rejects. */
  announce(topic: Topic): void {
    if (topic === 'events' && this.#isAlone()) return;
    this.#wanted.add(topic);
    this.#sending ??= this.#announce();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#sending;
    await this.#hangUp();
  }

  async #announce(): Promise<void> {
    for (const topic of this.#wanted) {
      if (this.#closed) return;
      this.#wanted.delete(topic);
      await this.send(CHANNEL, topic === 'deliveries' ? '' : `${topic} ${this.#id}`).catch(() => undefined);
    }
    this.#sending = null;
  }

  /** Connects when there is no connection, and lets the line hear a word of this process. */
  async #prove(): Promise<void> {
    try {
      if (!this.#client) await this.#connect();
      this.#hasEchoed = false;
      await this.send(CHANNEL, this.#id);
      // The line may be faster than the answer to the commit, above all when a pooler stands before the other.
      if (!this.#hasEchoed) this.#late ??= setTimeout(() => void this.#hangUp(), ECHO_WITHIN_MS).unref();
    } catch {
      await this.#hangUp();
    }
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url.reveal(),
      connectionTimeoutMillis: CONNECT_MS,
      application_name: REPLICA_NAME,
      keepAlive: true,
    });
    this.#client = client;
    client.on('error', () => void this.#hangUp());
    client.on('end', () => void this.#hangUp(client));
    client.on('notification', ({ payload }) => this.#heard(payload ?? ''));
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
  }

  #heard(payload: string): void {
    const now = performance.now();
    if (payload === '') this.#notify('deliveries');
    else if (!payload.endsWith(this.#id)) this.#otherAt = now;
    for (const topic of OF_OTHERS) if (payload.startsWith(`${topic} `) && !payload.endsWith(this.#id)) this.#notify(topic);
    if (payload !== this.#id) return;
    this.#hasEchoed = true;
    if (this.#late) clearTimeout(this.#late);
    this.#late = null;
    if (this.#isUp) return;
    this.#isUp = true;
    this.#upAt = now;
    for (const topic of ['deliveries', ...OF_OTHERS] as const) this.#notify(topic);
  }

  /** Every process sends its own word now and then, so one that hears nobody else for long enough is alone. */
  #isAlone(): boolean {
    const since = performance.now() - OTHERS_FORGOTTEN_MS;
    return this.#isUp && this.#upAt < since && this.#otherAt < since;
  }

  #notify(topic: Topic): void {
    for (const listener of this.#listeners[topic]) listener();
  }

  /** The next look makes a new connection. */
  async #hangUp(which = this.#client): Promise<void> {
    if (which !== this.#client) return;
    if (this.#late) clearTimeout(this.#late);
    this.#late = null;
    this.#isUp = false;
    this.#client = null;
    await which?.end().catch(() => undefined);
  }
}
