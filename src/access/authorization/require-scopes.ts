import { Problem } from '#kernel/problem.js';
import type { Principal } from './principal.js';
import type { Scope } from './scope.js';

/** The needed scopes that are not held, each once, in the order of the need. */
export const missingScopes = (held: ReadonlySet<Scope>, needed: readonly Scope[]): Scope[] =>
  [...new Set(needed)].filter((scope) => !held.has(scope));

/** @throws Problem `insufficient_scope` that names every missing scope */
export function requireScopes({ scopes }: Pick<Principal, 'scopes'>, needed: readonly Scope[]): void {
  const missing = missingScopes(scopes, needed);
  if (missing.length > 0) throw new Problem('insufficient_scope', { params: { scope: missing.join(', ') } });
}
