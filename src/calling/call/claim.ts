import { Problem } from '#kernel/problem.js';
import { type Call, type ControlState, fact } from './call.js';

/** Whoever acts on an inbound call. */
export interface Operator {
  keyId: string;
  /** A signed-in browser; two of one key are two operators. */
  operatorId?: string;
  name: string;
}

/** Two browsers of one key are two operators. */
export const operatorIdOf = ({ keyId, operatorId }: Operator): string => operatorId ?? keyId;

export const claimFor = (by: Operator, until: number) => ({ by: operatorIdOf(by), name: by.name, until });

/** The hold of a call that is claimed now. What another operator's softphone held is theirs no more. */
export function claimed(call: Call, claim: NonNullable<ControlState['claim']>): ControlState {
  const lease = call.control.lease?.by === claim.by ? call.control.lease : null;
  return { ...call.control, lease, claim: call.control.claim?.by === claim.by ? { ...call.control.claim, until: claim.until } : claim };
}

/** An accept that has been under way for longer was lost, or its process died. */
const UNDER_WAY_MS = 15_000;

/**
 * Whether this operator may still answer the call.
 * @throws Problem `call_already_answered`, `call_claimed`, or `request_in_progress` while an accept is under way
 */
export function answerable(call: Call, by: Operator, now: number): void {
  if (fact(call.facts, 'accept.confirmed')) throw new Problem('call_already_answered');
  const { claim, accepting } = call.control;
  if (claim && claim.by !== operatorIdOf(by) && claim.until > now) {
    throw new Problem('call_claimed', { params: { name: claim.name }, retryAt: claim.until });
  }
  if (accepting && !accepting.lost && accepting.at > now - UNDER_WAY_MS) throw new Problem('request_in_progress', { retryAt: now + 1_000 });
}
