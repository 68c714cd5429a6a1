import type { Scope } from '#access/authorization/scope.js';
import type { Cursor } from '#events/cursor.js';
import type { EventType, NewEvent } from '#events/event.js';
import { HOUR, rfc3339 } from '#kernel/clock.js';
import type { Json } from '#kernel/read.js';
import type { Secret } from '#kernel/secret.js';
import { type Attempt, type Health, nextAttemptAt, succeeded } from '#outbound-http/retry.js';
import type { Gap } from './gap.js';

/** How long a replaced secret goes on signing beside the new one. */
export const ROTATION_MS = 24 * HOUR;

/** Where a consumer wants events delivered, and how that goes. */
export interface Subscription extends Health {
  id: string;
  url: string;
  description: string | null;
  /** Null for all. */
  types: readonly EventType[] | null;
  /** What the deliveries may show; `session` only with `calls:control`. */
  scopes: readonly Scope[];
  /** Only events of this number; null for all. */
  phoneNumberId: string | null;
  /** The key that made it. */
  createdBy: string;
  secret: Secret;
  previousSecret: Secret | null;
  previousUntil: number | null;
  /** `paused` by its owner; `disabled` by us. */
  state: 'active' | 'paused' | 'disabled';
  disabledAt: number | null;
  disabledReason: DisabledReason | null;
  /** Up to here every event was tried once, or was not wanted. */
  position: Cursor;
  /** The last one; null when nothing was ever lost. */
  gap: Gap | null;
  /** Rises with every change from outside. */
  revision: number;
  createdAt: number;
}

/** `gone`: the endpoint answered 410; `failing`: nothing but failures for five days. */
export type DisabledReason = 'gone' | 'failing';

/** An event with its place in the outbox. */
export interface KeptEvent extends NewEvent {
  cursor: Cursor;
}

/** What was sent of one event to one subscription. */
export interface Dispatch {
  subscriptionId: string;
  cursor: Cursor;
  type: string;
  subject: string;
  /** `exhausted`: every attempt failed; it can be replayed while the event is kept. */
  state: 'delivered' | 'retrying' | 'exhausted';
  /** Since the first attempt or the last replay. */
  attempts: number;
  firstAttemptAt: number | null;
  lastAttemptAt: number | null;
  /** Null unless it is retrying. */
  nextAttemptAt: number | null;
  responseStatus: number | null;
  latencyMs: number | null;
  error: string | null;
}

export const wants = (
  { types, phoneNumberId }: Pick<Subscription, 'types' | 'phoneNumberId'>,
  event: Pick<NewEvent, 'type' | 'phoneNumberId'>,
): boolean => (types?.includes(event.type) ?? true) && (phoneNumberId === null || phoneNumberId === event.phoneNumberId);

/** The secrets that sign now, the newest first. */
export const secretsInForce = ({ secret, previousSecret, previousUntil }: Subscription, now: number): string[] =>
  previousSecret && previousUntil !== null && now < previousUntil ? [secret.reveal(), previousSecret.reveal()] : [secret.reveal()];

/** What is told when we give a subscription up; its URL is left out, since it may hold a token. */
export const disabledEvent = (subscription: Subscription, reason: DisabledReason, now: number): NewEvent => ({
  type: 'subscription.disabled',
  subject: subscription.id,
  sequence: subscription.revision + 1,
  phoneNumberId: subscription.phoneNumberId,
  occurredAt: now,
  expiresAt: null,
  data: {
    id: subscription.id,
    description: subscription.description,
    state: 'disabled',
    disabled_at: rfc3339(now),
    disabled_reason: reason,
    failing_since: rfc3339(subscription.failingSince),
    failures: subscription.failures,
  } satisfies Json,
});

/** A dispatch before its first attempt. */
export const newDispatch = (subscriptionId: string, { cursor, type, subject }: KeptEvent): Dispatch => ({
  subscriptionId,
  cursor,
  type,
  subject,
  state: 'retrying',
  attempts: 0,
  firstAttemptAt: null,
  lastAttemptAt: null,
  nextAttemptAt: null,
  responseStatus: null,
  latencyMs: null,
  error: null,
});

/** @param random 0 to 1 */
export function afterAttempt(before: Dispatch, attempt: Attempt, now: number, random: number): Dispatch {
  const attempts = before.attempts + 1;
  const done = succeeded(attempt);
  const nextAt = done ? null : nextAttemptAt(attempts, attempt, now, random);
  return {
    ...before,
    state: done ? 'delivered' : nextAt === null ? 'exhausted' : 'retrying',
    attempts,
    firstAttemptAt: before.firstAttemptAt ?? now,
    lastAttemptAt: now,
    nextAttemptAt: nextAt,
    responseStatus: attempt.status,
    latencyMs: attempt.latencyMs,
    error: attempt.error,
  };
}
