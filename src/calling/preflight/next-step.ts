import type { Permission } from '#calling/permissions/permission.js';
import type { PermissionStatus } from '#calling/permissions/permissions.service.js';
import type { ProblemCode } from '#kernel/problem.js';

/** What make-call does now: dial, wait for an offer, ask the user first, or refuse. */
export type NextStep =
  /** A call that waits does so in `ready` for its offer, at most until the permission ends. */
  { do: 'dial' | 'wait'; permission: Permission } | { do: 'ask' } | { do: 'refuse'; code: ProblemCode; until: number | null };

/** What the next step depends on. */
export interface Situation extends Pick<PermissionStatus, 'call' | 'ask' | 'window' | 'permission'> {
  hasOffer: boolean;
  mayAskUser: boolean;
  hasTemplate: boolean;
}

/** A refused dial rings no phone, so unknown dials; a request reaches the user, so unknown never asks. */
export function nextStep(now: Situation): NextStep {
  if (now.call.verdict !== 'fail') return { do: now.hasOffer ? 'dial' : 'wait', permission: now.permission };
  if (now.call.code !== 'permission_required') return { do: 'refuse', code: now.call.code, until: now.call.until };
  if (!now.mayAskUser) return { do: 'refuse', code: 'permission_required', until: null };
  if (now.ask.verdict === 'fail') return { do: 'refuse', code: now.ask.code, until: now.ask.until };
  if (now.ask.verdict === 'unknown') return { do: 'refuse', code: 'permission_required', until: null };
  if (now.window === 'closed' && !now.hasTemplate) return { do: 'refuse', code: 'window_closed', until: null };
  return { do: 'ask' };
}
