import { Injectable } from '@nestjs/common';
import type { Scope } from '#access/authorization/scope.js';
import { rfc3339 } from '#kernel/clock.js';
import { type Json, record } from '#kernel/read.js';
import { Log } from '#telemetry/log.js';
import { writeCursor } from './cursor.js';
import { mayHaveSession, type PublicEvent, type StoredEvent } from './event.js';

/** The source of the SDP of calls: the other side's `{ sdp_type, sdp }` while it is of use; `null` otherwise. */
type SessionSource = { sessionOf(callId: string): Promise<unknown> };

/** Turns stored events into what consumers get. It adds the SDP, and only for consumers that may control calls. */
@Injectable()
export class PresenterService {
  readonly #plain = new WeakMap<StoredEvent, PublicEvent>();
  readonly #full = new WeakMap<StoredEvent, Promise<PublicEvent>>();
  /** The calling module sets itself as the source at start. */
  sessions: SessionSource | null = null;

  constructor(private readonly log: Log) {}

  /** The event as a consumer with these scopes gets it; cached, since it is the same for every consumer of one event. */
  present(event: StoredEvent, scopes: ReadonlySet<Scope>): PublicEvent | Promise<PublicEvent> {
    if (!this.sessions || !mayHaveSession(event.type) || !scopes.has('calls:control')) return this.#withoutSession(event);
    const cached = this.#full.get(event) ?? this.#withSession(event, this.sessions);
    this.#full.set(event, cached);
    return cached;
  }

  #withoutSession(event: StoredEvent): PublicEvent {
    const cached = this.#plain.get(event) ?? toPublic(event);
    this.#plain.set(event, cached);
    return cached;
  }

  /** A session that cannot be read is shown as `null`: the rest of the event is still of use. */
  async #withSession(event: StoredEvent, source: SessionSource): Promise<PublicEvent> {
    const plain = this.#withoutSession(event);
    try {
      const session = ((await source.sessionOf(event.subject)) ?? null) as Json;
      return session === null ? plain : { ...plain, data: { ...(record(plain.data) as { [key: string]: Json }), session } };
    } catch (error) {
      this.log.pino.warn({ event: 'events.session_unreadable', call: event.subject, error }, 'The session of a call could not be read');
      return plain;
    }
  }
}

const toPublic = (event: StoredEvent): PublicEvent => ({
  id: writeCursor(event.cursor),
  type: event.type,
  occurred_at: rfc3339(event.occurredAt),
  sequence: event.sequence,
  phone_number_id: event.phoneNumberId,
  ...(event.expiresAt === null ? {} : { expires_at: rfc3339(event.expiresAt) }),
  data: event.data as Json,
});
