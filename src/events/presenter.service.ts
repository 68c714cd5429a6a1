import { Injectable } from '@nestjs/common';
import type { Scope } from '#access/authorization/scope.js';
import { rfc3339 } from '#kernel/clock.js';
import { type Json, record } from '#kernel/read.js';
import { Log } from '#telemetry/telemetry.module.js';
import { writeCursor } from './cursor.js';
import { mayHaveSession, type PublicEvent, type StoredEvent } from './event.js';

/** Knows the SDP of calls. The calling room sets itself as the presenter's source at start. */
export abstract class SessionSource {
  /** The other side's `{ sdp_type, sdp }` while it is of use; `null` otherwise. */
  abstract sessionOf(callId: string): Promise<unknown>;
}

/** Kept events as consumers get them; the SDP joins only now, and only for those who may control calls. */
@Injectable()
export class PresenterService {
  readonly #plain = new WeakMap<StoredEvent, PublicEvent>();
  readonly #full = new WeakMap<StoredEvent, Promise<PublicEvent>>();
  sessions: SessionSource | null = null;

  constructor(private readonly log: Log) {}

  /** The same for every listener of one event, so it is made once. */
  present(event: StoredEvent, scopes: ReadonlySet<Scope>): PublicEvent | Promise<PublicEvent> {
    if (!this.sessions || !mayHaveSession(event.type) || !scopes.has('calls:control')) return this.#withoutSession(event);
    const known = this.#full.get(event) ?? this.#withSession(event, this.sessions);
    this.#full.set(event, known);
    return known;
  }

  #withoutSession(event: StoredEvent): PublicEvent {
    const known = this.#plain.get(event) ?? toPublic(event);
    this.#plain.set(event, known);
    return known;
  }

  /** A session that cannot be had is told as `null`: the event itself is worth more than what is missing in it. */
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
