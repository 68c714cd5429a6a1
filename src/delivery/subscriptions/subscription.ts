import type { Scope } from '#access/authorization/scope.js';
import type { Cursor } from '#events/cursor.js';
import type { EventFilter } from '#events/event.js';
import { common, type NumberReach } from '#identity/numbers/number-reach.js';
import { HOUR } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { Secret } from '#kernel/secret.js';
import type { EndpointHealth, GivenUpFor } from '#outbound-http/endpoint-health.js';
import type { Gap } from './gap.js';

/** How long a replaced secret still signs beside the new one. */
export const ROTATION_MS = 24 * HOUR;

/** Why a subscription may not go on under a key: it is gone, or may not have what the subscription carries. */
export type RightsLack = 'key_deleted' | 'scope_missing';

/** Why the gateway has paused a subscription for its key. */
export type RightsFault = RightsLack | 'key_suspended';

/** Why the gateway has disabled a subscription: for its endpoint, or because its secret was changed or moved in the database. */
export type DisableReason = GivenUpFor | 'secret_unreadable';

/** Why the gateway has stopped a subscription: it has disabled it, or paused it for the key that it belongs to. */
export type StopReason = DisableReason | RightsFault;

/** Why the secret of a subscription cannot be read: this process lacks the key of its seal, or the seal is not that of this row. */
export type SecretFault = 'key_missing' | 'seal_broken';

/** How events are posted: after Standard Webhooks, or as Meta posts webhooks. */
export type SubscriptionFormat = 'standard' | 'meta';

/** The URL to which a consumer wants events delivered, and the progress of the delivery. Times are in ms since 1970. */
export interface Subscription extends EndpointHealth, EventFilter {
  id: string;
  url: string;
  description: string | null;
  format: SubscriptionFormat;
  /** What the endpoint must know to answer the handshake of Meta's format; null in the standard format, and when it cannot be read. */
  verifyToken: Secret | null;
  /** What the deliveries may show; `session` only with `calls:control`. */
  scopes: readonly Scope[];
  /** What the keys that it belonged to and its present one all reach; null for every number. */
  numbers: readonly string[] | null;
  /** The id of the key that created it. */
  createdBy: string;
  /** The id of the key that it belongs to: it never has more than that key, and ends with it. Null when an older release made it. */
  keyId: string | null;
  /** Null when it cannot be read. */
  secret: Secret | null;
  previousSecret: Secret | null;
  /** Why there is no secret; null when there is one. */
  secretFault: SecretFault | null;
  previousUntil: number | null;
  /** `paused` by its owner, or with its key; `disabled` by the gateway for its endpoint. */
  state: 'active' | 'paused' | 'disabled';
  disabledAt: number | null;
  disabledReason: StopReason | null;
  /** Every event up to here was tried once, or is not wanted. */
  cursor: Cursor;
  /** The last one; null while nothing was lost. */
  gap: Gap | null;
  /** Rises with every change by an API client. */
  revision: number;
  createdAt: number;
}

/** The numbers whose events a subscription may get. */
export const reachOf = ({ phoneNumberId, numbers }: Pick<Subscription, 'phoneNumberId' | 'numbers'>): NumberReach =>
  phoneNumberId === null ? { numbers } : common({ numbers: [phoneNumberId] }, { numbers });

/** The secret itself. @throws Problem `secret_unreadable` */
export function secretOf({ secret }: Pick<Subscription, 'secret'>): string {
  if (secret === null) throw new Problem('secret_unreadable');
  return secret.reveal();
}

/** The secrets that sign now, the newest first. @throws Problem `secret_unreadable` */
export function secretsInForce(subscription: Subscription, now: number): string[] {
  const { previousSecret, previousUntil } = subscription;
  const isBoth = previousSecret !== null && previousUntil !== null && now < previousUntil;
  return isBoth ? [secretOf(subscription), previousSecret.reveal()] : [secretOf(subscription)];
}
