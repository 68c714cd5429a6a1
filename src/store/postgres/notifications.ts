import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Secret } from '#kernel/secret.js';
import { sendBehind } from '#store/batch/batch.js';

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
const TOPICS = ['deliveries', 'events', 'numbers'] as const;

type Announcement = Map<Topic, Set<string>>;

/** Gets the subjects of which there may be something new; null stands for all. */
type Listener = (subjects: readonly string[] | null) => void;

/** Sends notifications through the pool, in a transaction of their own. */
type Send = (channel: string, payloads: readonly string[]) => Promise<unknown>;

/** Postgres takes payloads of less than 8,000 bytes. */
const MOST_BYTES = 7_500;
/** In place of the subjects. */
const ALL = '*';

/**
 * Notifications between the replicas of one Postgres: one connection listens, and a notification says that there may be something
 * new, and of which subjects, never what. It may be lost; whoever listens looks from time to time all the same.
 *
 * `NOTIFY` inside of a transaction takes a lock of the whole server until its end, so it is sent after the commit: right behind it on the
 * same connection, or alone; then, while one is under way, others share the next.
 */
export class Notifications {
  readonly #id = randomUUID();
  readonly #listeners: Record<Topic, Listener[]> = { deliveries: [], events: [], numbers: [] };
  /** What is to be announced next, with its subjects; and behind the commit of a transaction. */
  #wanted: Announcement = new Map();
  readonly #behind = new WeakMap<object, Announcement>();
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

  /** Calls `listener` after each notification of another replica, and after each new connection, when some may have been lost. */
  listen(topic: Topic, listener: Listener): void {
    this.#listeners[topic].push(listener);
    if (this.#timer) return;
    this.#timer = setInterval(() => void this.#prove(), ECHO_EVERY_MS).unref();
    void this.#prove();
  }

  /**
   * Tells the other replicas that there may be something new; of events only while there may be another replica. Never rejects.
   * @param subject of what; left out, of everything
   */
  announce(topic: Topic, subject = ALL): void {
    if (this.#isInVain(topic)) return;
    add(this.#wanted, topic, subject);
    this.#sending ??= this.#announce();
  }

  /** The same right behind the commit of a transaction. */
  announceBehind(tx: object, topic: Topic, subject = ALL): void {
    if (this.#isInVain(topic)) return;
    const announced = this.#behind.get(tx) ?? new Map();
    this.#behind.set(tx, announced);
    if (!add(announced, topic, subject)) return;
    const calls = this.#payloads(announced).map((payload) => `pg_notify('${CHANNEL}', ${pg.escapeLiteral(payload)})`);
    sendBehind(tx, `select ${calls.join(', ')}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearInterval(this.#timer);
    await this.#sending;
    await this.#hangUp();
  }

  async #announce(): Promise<void> {
    while (this.#wanted.size > 0 && !this.#closed) {
      const payloads = this.#payloads(this.#wanted);
      this.#wanted = new Map();
      await this.send(CHANNEL, payloads).catch(() => undefined);
    }
    this.#sending = null;
  }

  #payloads(announced: Announcement): string[] {
    return [...announced].map(([topic, subjects]) => `${topic} ${told(subjects)} ${this.#id}`);
  }

  /** Connects when there is no connection, and lets the line hear a word of this process. */
  async #prove(): Promise<void> {
    try {
      if (!this.#client) await this.#connect();
      this.#hasEchoed = false;
      await this.send(CHANNEL, [this.#id]);
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
    if (payload === this.#id) this.#echoed();
    if (payload.endsWith(this.#id)) return;
    const { topic, subjects } = read(payload);
    // An older release does not say who announces deliveries.
    if (payload !== '') this.#otherAt = performance.now();
    if (topic) this.#notify(topic, subjects);
  }

  #echoed(): void {
    this.#hasEchoed = true;
    if (this.#late) clearTimeout(this.#late);
    this.#late = null;
    if (this.#isUp) return;
    this.#isUp = true;
    this.#upAt = performance.now();
    for (const topic of TOPICS) this.#notify(topic, null);
  }

  /** Every process sends its own word now and then, so one that hears nobody else for long enough is alone. */
  #isInVain(topic: Topic): boolean {
    if (topic !== 'events') return false;
    const since = performance.now() - OTHERS_FORGOTTEN_MS;
    return this.#isUp && this.#upAt < since && this.#otherAt < since;
  }

  #notify(topic: Topic, subjects: readonly string[] | null): void {
    for (const listener of this.#listeners[topic]) listener(subjects);
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

/** @returns false when it was announced already */
function add(announced: Announcement, topic: Topic, subject: string): boolean {
  const subjects = announced.get(topic) ?? new Set();
  if (subjects.has(subject)) return false;
  announced.set(topic, subjects.add(subject));
  return true;
}

function told(subjects: ReadonlySet<string>): string {
  const all = [...subjects].join(',');
  return subjects.has(ALL) || Buffer.byteLength(all) > MOST_BYTES ? ALL : all;
}

/** An empty payload, and one without subjects, come from a release before this one. */
function read(payload: string): { topic: Topic | null; subjects: readonly string[] | null } {
  const [name, subjects, sender] = payload.split(' ');
  const topic = payload === '' ? 'deliveries' : (TOPICS.find((one) => one === name) ?? null);
  return { topic, subjects: sender === undefined || subjects === undefined || subjects === ALL ? null : subjects.split(',') };
}
