import { Problem } from '#kernel/problem.js';
import { type Call, type ControlState, fact } from './call.js';

/** The client that acts on a call. */
export interface Operator {
  keyId: string;
  /** A signed-in browser; two of one key are two operators. */
  operatorId?: string;
  name: string;
}

/** The id of an operator: the signed-in browser, else the key. */
export const operatorIdOf = ({ keyId, operatorId }: Operator): string => operatorId ?? keyId;

/** The control state of a call that the operator claims now. It ends the lease of another operator's softphone. */
export function claimed({ control }: Call, by: Operator, until: number): ControlState {
  const id = operatorIdOf(by);
  const name = control.claim?.by === id ? control.claim.name : by.name;
  return { ...control, lease: control.lease?.by === id ? control.lease : null, claim: { by: id, name, until } };
}

/** The timeout of an accept: after it there is no response, or its process has ended. */
const UNDER_WAY_MS = 15_000;

/**
 * Refuses an operator who may not answer the call any more.
 * @throws Problem `call_already_answered`, `call_claimed`, or `request_in_progress` while an accept is under way
 */
export function assertAnswerable(call: Call, by: Operator, now: number): void {
  if (fact(call.facts, 'accept.confirmed')) throw new Problem('call_already_answered');
  const { claim, accepting } = call.control;
  if (claim && claim.by !== operatorIdOf(by) && claim.until > now) {
    throw new Problem('call_claimed', { params: { name: claim.name }, retryAt: claim.until });
  }
  if (accepting && !accepting.lost && accepting.at > now - UNDER_WAY_MS) throw new Problem('request_in_progress', { retryAt: now + 1_000 });
}
