import { type Call, type ControlState, fact, type Lease } from '#calling/call/call.js';
import { type Operator, operatorIdOf } from '#calling/call/claim.js';
import { Problem } from '#kernel/problem.js';

/** The name that a browser window gives itself: hard to guess, such as 22 random letters. */
export const LEASE_HOLDER = /^[\w-]{16,64}$/;

/** A request to take or renew a lease. */
export interface LeaseRequest {
  holder: string;
  /** Null to take the lease, the lease's own to renew it. */
  fence: number | null;
  by: Operator;
  until: number;
}

/** The first lease of a call. */
export const firstLease = ({ holder, by, until }: Omit<LeaseRequest, 'fence'>): Lease => ({
  holder,
  fence: 1,
  by: operatorIdOf(by),
  keyId: by.keyId,
  name: by.name,
  until,
});

/**
 * The lease after a request: the same one renewed, or a new one with a higher fence, by which the former holder's renewal is
 * refused. An operator may take a call over from another window of their own. A renewal compares holder, fence and key, since
 * the operator's browser token is replaced during a call.
 * @throws Problem `call_claimed`, `lease_held` or `lease_lost`
 */
export function leased(call: Call, request: LeaseRequest, now: number): Lease {
  const { lease } = call.control;
  const { holder, by, until } = request;
  if (request.fence !== null) return renewed(lease, request);
  assertUnclaimed(call, by, now);
  if (!lease) return firstLease(request);
  if (lease.by !== operatorIdOf(by)) throw new Problem('lease_held', { params: { name: lease.name }, retryAt: lease.until });
  return lease.holder === holder ? { ...lease, until } : { ...firstLease(request), fence: lease.fence + 1 };
}

function renewed(lease: Lease | null | undefined, { holder, fence, by, until }: LeaseRequest): Lease {
  if (lease?.holder !== holder || lease.fence !== fence || lease.keyId !== by.keyId) throw new Problem('lease_lost');
  return { ...lease, until };
}

/** @throws Problem `call_claimed` when another operator has claimed or answered the call */
function assertUnclaimed({ control: { claim }, facts }: Call, by: Operator, now: number): void {
  if (!claim || claim.by === operatorIdOf(by)) return;
  const lives = claim.until > now;
  if (lives || fact(facts, 'accept.confirmed'))
    throw new Problem('call_claimed', { params: { name: claim.name }, retryAt: lives ? claim.until : null });
}

/** The control state after a lease has lapsed: without the lease, and without a claim of its operator. */
export const withoutLapsedLease = ({ control }: Call): ControlState => ({
  ...control,
  lease: null,
  claim: control.claim?.by === control.lease?.by ? null : control.claim,
});
