import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import type { Scope } from '#access/authorization/scope.js';
import { rfc3339 } from '#kernel/clock.js';
import { type Json, record } from '#kernel/read.js';
import { Log } from '#telemetry/log.js';
import { writeCursor } from './cursor.js';
import { type EventType, mayHaveSession, type PublicEvent, type StoredEvent } from './event.js';
import { pastMoment } from './views/past.js';

/** The source of the SDP of calls: the other side's `{ sdp_type, sdp }` while it is of use; none otherwise. */
interface SessionSource {
  sessionsOf(callIds: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  /** Of a call whose row was read beside its event. */
  sessionIn?(row: unknown): unknown;
}

/** A session that was read earlier is read again: its call may have ended since, while a delivery waited. */
const FRESH_MS = 500;
/** Who has shown no session for so long has nobody who asks for them. */
const LATELY_MS = 600_000;
/** A page of events. */
const MOST_AT_ONCE = 200;

/** Turns stored events into what consumers get. It adds the SDP, and only for consumers that may control calls. */
@Injectable()
export class PresenterService {
  readonly #plain = new WeakMap<StoredEvent, PublicEvent>();
  readonly #full = new WeakMap<StoredEvent, Promise<PublicEvent>>();
  /** The calling module sets itself as the source at start. */
  sessions: SessionSource | null = null;
  /** Sessions that are asked for in one turn of the event loop are read at once, and none is kept: the next event may end it. */
  readonly #sessions = new DataLoader((callIds: readonly string[]) => this.#readSessions(callIds), {
    cache: false,
    maxBatchSize: MOST_AT_ONCE,
  });

  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly log: Log) {}

  /** Whether a consumer of this process has been shown sessions lately. */
  get hasShownSessions(): boolean {
    return performance.now() - this.#shownAt <= LATELY_MS;
  }

  /** The event as a consumer with these scopes gets it; cached, since it is the same for every consumer of one event. */
  present(event: StoredEvent, scopes: ReadonlySet<Scope>): PublicEvent | Promise<PublicEvent> {
    if (!this.sessions || !mayHaveSession(event.type) || !scopes.has('calls:control')) return this.#withoutSession(event);
    const cached = this.#full.get(event) ?? this.#withSession(event);
    this.#full.set(event, cached);
    return cached;
  }

  #withoutSession(event: StoredEvent): PublicEvent {
    const cached = this.#plain.get(event) ?? toPublic(event);
    this.#plain.set(event, cached);
    return cached;
  }

  /** A session that cannot be read is shown as `null`: the rest of the event is still of use. */
  async #withSession(event: StoredEvent): Promise<PublicEvent> {
    const plain = this.#withoutSession(event);
    this.#shownAt = performance.now();
    try {
      const session = (await this.#sessionOf(event)) as Json;
      return session === null ? plain : { ...plain, data: { ...(record(plain.data) as { [key: string]: Json }), session } };
    } catch (error) {
      this.log.pino.warn({ event: 'events.session_unreadable', call: event.subject, error }, 'The session of a call could not be read');
      return plain;
    }
  }

  #sessionOf({ call, subject }: StoredEvent): unknown {
    const isFresh = call !== undefined && performance.now() - call.readAt <= FRESH_MS;
    return isFresh && this.sessions?.sessionIn ? this.sessions.sessionIn(call.row) : this.#sessions.load(subject);
  }

  /** In the order of the calls. */
  async #readSessions(callIds: readonly string[]): Promise<unknown[]> {
    const sessions = await this.sessions?.sessionsOf(callIds);
    return callIds.map((id) => sessions?.get(id) ?? null);
  }
}

function toPublic(event: StoredEvent): PublicEvent {
  const past = pastMoment(event);
  return {
    id: writeCursor(event.cursor),
    // What is presented passed the filter of a reader, and none of these has an event in Meta's shape.
    type: event.type as EventType,
    occurred_at: rfc3339(past ?? event.occurredAt),
    ...(past === null ? {} : { past: true }),
    sequence: event.sequence,
    phone_number_id: event.phoneNumberId,
    ...(event.expiresAt === null ? {} : { expires_at: rfc3339(event.expiresAt) }),
    data: event.data as Json,
  };
}
