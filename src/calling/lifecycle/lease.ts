import { type Call, type ControlState, fact, type Lease } from '#calling/call/call.js';
import { type Operator, operatorIdOf } from '#calling/call/claim.js';
import { Problem } from '#kernel/problem.js';

/** The name that a window gives itself: hard to guess, such as 22 random letters. */
export const HOLDER = /^[\w-]{16,64}$/;

/** What a softphone says when it takes or renews a lease. */
export interface LeaseWish {
  holder: string;
  /** Null to take the lease, the lease's own to renew it. */
  fence: number | null;
  by: Operator;
  until: number;
}

/** The lease of a call that is dialled for a softphone; there was none before. */
export const firstLease = ({ holder, by, until }: Omit<LeaseWish, 'fence'>): Lease => ({
  holder,
  fence: 1,
  by: operatorIdOf(by),
  keyId: by.keyId,
  name: by.name,
  until,
});

/**
 * The lease after a wish: the same one renewed, or a new one with a higher fence, which the former holder finds refused.
 * An operator may take a call over from a window of their own; a renewal asks for holder, fence and key, since a browser
 * token is replaced under a call.
 * @throws Problem `call_claimed`, `lease_held` or `lease_lost`
 */
export function leased(call: Call, wish: LeaseWish, now: number): Lease {
  const { lease, claim } = call.control;
  const { holder, fence, by, until } = wish;
  if (fence !== null) {
    if (lease?.holder !== holder || lease.fence !== fence || lease.keyId !== by.keyId) throw new Problem('lease_lost');
    return { ...lease, until };
  }
  const taken = claim && claim.by !== operatorIdOf(by) && (claim.until > now || fact(call.facts, 'accept.confirmed') !== undefined);
  if (taken) throw new Problem('call_claimed', { params: { name: claim.name }, retryAt: claim.until > now ? claim.until : null });
  if (!lease) return firstLease(wish);
  if (lease.by !== operatorIdOf(by)) throw new Problem('lease_held', { params: { name: lease.name }, retryAt: lease.until });
  return lease.holder === holder ? { ...lease, until } : { ...firstLease(wish), fence: lease.fence + 1 };
}

/** What is held of a call after its softphone has gone without a word: a claim that it had goes with it. */
export const lapsedHold = ({ control }: Call): ControlState => ({
  ...control,
  lease: null,
  claim: control.claim?.by === control.lease?.by ? null : control.claim,
});
