import type { Scope } from '#access/authorization/scope.js';
import type { Cursor } from '#events/cursor.js';
import type { EventType, NewEvent } from '#events/event.js';
import { HOUR } from '#kernel/clock.js';
import type { Secret } from '#kernel/secret.js';
import type { EndpointHealth, GivenUpFor } from '#outbound-http/endpoint-health.js';
import type { Gap } from './gap.js';

/** How long a replaced secret still signs beside the new one. */
export const ROTATION_MS = 24 * HOUR;

/** The URL to which a consumer wants events delivered, and the progress of the delivery. Times are in ms since 1970. */
export interface Subscription extends EndpointHealth {
  id: string;
  url: string;
  description: string | null;
  /** Null for all. */
  types: readonly EventType[] | null;
  /** What the deliveries may show; `session` only with `calls:control`. */
  scopes: readonly Scope[];
  /** Only events of this number; null for all. */
  phoneNumberId: string | null;
  /** The id of the key that created it. */
  createdBy: string;
  secret: Secret;
  previousSecret: Secret | null;
  previousUntil: number | null;
  /** `paused` by its owner; `disabled` by the gateway. */
  state: 'active' | 'paused' | 'disabled';
  disabledAt: number | null;
  disabledReason: GivenUpFor | null;
  /** Every event up to here was tried once, or is not wanted. */
  cursor: Cursor;
  /** The last one; null while nothing was lost. */
  gap: Gap | null;
  /** Rises with every change by an API client. */
  revision: number;
  createdAt: number;
}

/** Whether a subscription is for an event. */
export const wants = (
  { types, phoneNumberId }: Pick<Subscription, 'types' | 'phoneNumberId'>,
  event: Pick<NewEvent, 'type' | 'phoneNumberId'>,
): boolean => (types?.includes(event.type) ?? true) && (phoneNumberId === null || phoneNumberId === event.phoneNumberId);

/** The secrets that sign now, the newest first. */
export const secretsInForce = ({ secret, previousSecret, previousUntil }: Subscription, now: number): string[] =>
  previousSecret && previousUntil !== null && now < previousUntil ? [secret.reveal(), previousSecret.reveal()] : [secret.reveal()];
