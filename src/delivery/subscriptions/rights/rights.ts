import { missingScopes } from '#access/authorization/require-scopes.js';
import type { Scope } from '#access/authorization/scope.js';
import type { RightsLack, Subscription } from '#delivery/subscriptions/subscription.js';
import { ALL_EVENT_TYPES, type EventType, scopeOf, scopesOf } from '#events/event.js';

/** The scopes that a key needs for a subscription: to listen, to read each type that it carries, and all that deliveries show. */
export const neededScopes = ({ types, scopes }: Pick<Subscription, 'types' | 'scopes'>): Scope[] => [
  ...new Set<Scope>(['subscriptions:write', 'events:read', ...scopesOf(types), ...scopes]),
];

/** Why a subscription may not go on under a key; null when it may. @param held the scopes of the key; undefined without a key */
export function faultUnder(subscription: Pick<Subscription, 'types' | 'scopes'>, held: ReadonlySet<Scope> | undefined): RightsLack | null {
  if (!held) return 'key_deleted';
  return missingScopes(held, neededScopes(subscription)).length > 0 ? 'scope_missing' : null;
}

/** The types that a key may read. */
export const readableTypes = (held: ReadonlySet<Scope>): EventType[] => ALL_EVENT_TYPES.filter((type) => held.has(scopeOf(type)));
