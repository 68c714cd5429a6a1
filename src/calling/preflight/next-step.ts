import type { Permission, PermissionVerdict, Window } from '#calling/permissions/permission.js';
import type { ProblemCode } from '#kernel/problem.js';

/** What make-call does now, by the table of the API: dial, wait for an offer, or ask the user first. */
export type NextStep =
  | { do: 'dial' }
  /** The call waits in `ready` for its offer, at most until the permission ends. */
  | { do: 'wait'; permissionEndsAt: number | null }
  | { do: 'ask' }
  | { do: 'refuse'; code: ProblemCode; until: number | null };

export interface Situation {
  /** May this person be called? */
  call: PermissionVerdict;
  /** May they be asked? */
  ask: PermissionVerdict;
  window: Window;
  permission: Pick<Permission, 'expiresAt'>;
  hasOffer: boolean;
  mayAskUser: boolean;
  hasTemplate: boolean;
}

/** A refused dial rings nobody, so unknown dials; a request bothers a person, so unknown never asks. */
export function nextStep(now: Situation): NextStep {
  if (now.call.verdict !== 'fail') return now.hasOffer ? { do: 'dial' } : { do: 'wait', permissionEndsAt: now.permission.expiresAt };
  if (now.call.code !== 'permission_required') return { do: 'refuse', code: now.call.code, until: now.call.until };
  if (!now.mayAskUser) return { do: 'refuse', code: 'permission_required', until: null };
  if (now.ask.verdict === 'fail') return { do: 'refuse', code: now.ask.code, until: now.ask.until };
  if (now.ask.verdict === 'unknown') return { do: 'refuse', code: 'permission_required', until: null };
  if (now.window === 'closed' && !now.hasTemplate) return { do: 'refuse', code: 'window_closed', until: null };
  return { do: 'ask' };
}
