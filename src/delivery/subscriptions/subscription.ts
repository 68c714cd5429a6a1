import type { Scope } from '#access/authorization/scope.js';
import type { Cursor } from '#events/cursor.js';
import type { EventFilter } from '#events/event.js';
import { HOUR } from '#kernel/clock.js';
import type { Secret } from '#kernel/secret.js';
import type { EndpointHealth, GivenUpFor } from '#outbound-http/endpoint-health.js';
import type { Gap } from './gap.js';

/** How long a replaced secret still signs beside the new one. */
export const ROTATION_MS = 24 * HOUR;

/** The URL to which a consumer wants events delivered, and the progress of the delivery. Times are in ms since 1970. */
export interface Subscription extends EndpointHealth, EventFilter {
  id: string;
  url: string;
  description: string | null;
  /** What the deliveries may show; `session` only with `calls:control`. */
  scopes: readonly Scope[];
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

/** The secrets that sign now, the newest first. */
export const secretsInForce = ({ secret, previousSecret, previousUntil }: Subscription, now: number): string[] =>
  previousSecret && previousUntil !== null && now < previousUntil ? [secret.reveal(), previousSecret.reveal()] : [secret.reveal()];
