import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Secret } from '#kernel/secret.js';

const CHANNEL = 'whatsapp_calling_gateway';
/** A line that a pooler or a firewall has swallowed hears nothing and reports nothing, so the process sends itself a word. */
const ECHO_EVERY_MS = 5_000;
const ECHO_WITHIN_MS = 2_000;
const CONNECT_MS = 3_000;

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
  readonly #listeners: Array<() => void> = [];
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #late: NodeJS.Timeout | null = null;
  #isUp = false;
  #closed = false;
  #sending: Promise<void> | null = null;
  #wanted = false;

  constructor(
    private readonly url: Secret,
    private readonly send: Send,
  ) {}

  /** Whether the line has heard its own word lately. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Calls `listener` after each notification of any replica, and after each new connection, when some may have been lost. */
  listen(listener: () => void): void {
    this.#listeners.push(listener);
    if (this.#timer) return;
    this.#timer = setInterval(() => void this.#prove(), ECHO_EVERY_MS).unref();
    void this.#prove();
  }

  /** Tells every replica that there may be something new. Never rejects. */
  announce(): void {
    this.#wanted = true;
    this.#sending ??= this.#announce().finally(() => {
      this.#sending = null;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#sending;
    await this.#hangUp();
  }

  async #announce(): Promise<void> {
    while (this.#wanted && !this.#closed) {
      this.#wanted = false;
      await this.send(CHANNEL, '').catch(() => undefined);
    }
  }

  /** Connects when there is no connection, and lets the line hear a word of this process. */
  async #prove(): Promise<void> {
    try {
      if (!this.#client) await this.#connect();
      await this.send(CHANNEL, this.#id);
      this.#late ??= setTimeout(() => void this.#hangUp(), ECHO_WITHIN_MS).unref();
    } catch {
      await this.#hangUp();
    }
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url.reveal(),
      connectionTimeoutMillis: CONNECT_MS,
      application_name: 'whatsapp-calling-gateway notifications',
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
    if (payload === '') this.#tell();
    if (payload !== this.#id) return;
    if (this.#late) clearTimeout(this.#late);
    this.#late = null;
    if (!this.#isUp) this.#tell();
    this.#isUp = true;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
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
