import type { Session } from '#dialog360/fact.js';
import type { Upstream } from '#kernel/problem.js';

/**
 * A call is a set of facts. Facts may come in any order, twice, or late: `apply` keeps for each kind the one that stands
 * (`outranks`), so it is commutative, associative and idempotent, and `derive` reads the state off the set.
 */
export type Fact =
  /** A permission request went out; without a message id nobody knows whether it did. */
  | { kind: 'asked'; at: number; messageId: string | null }
  /** What became of a message; it counts when it turns out to be this call's request. */
  | { kind: 'request.delivered'; at: number; messageId: string }
  | { kind: 'request.read'; at: number; messageId: string }
  | { kind: 'request.failed'; at: number; messageId: string; error: CallError }
  /** 360dialog refused to ask. */
  | { kind: 'request.refused'; at: number; error: CallError }
  /** The user may be called; held already, or granted while the call waited. */
  | { kind: 'granted'; at: number; expiresAt: number | null }
  | { kind: 'denied'; at: number }
  /** The intent to dial, written down before 360dialog hears of it. */
  | { kind: 'dialing'; at: number }
  | { kind: 'dial.accepted'; at: number; wacid: string }
  | { kind: 'dial.refused'; at: number; error: CallError }
  | { kind: 'dial.lost'; at: number }
  /** The other side's SDP: the caller's offer, or the answer to ours. */
  | { kind: 'connected'; at: number; session: Session | null; ctaPayload: string | null; deeplinkPayload: string | null }
  | { kind: 'ringing'; at: number }
  | { kind: 'accepted'; at: number }
  | { kind: 'rejected'; at: number }
  | {
      kind: 'terminated';
      at: number;
      startTime: number | null;
      endTime: number | null;
      durationSeconds: number | null;
      failed: boolean;
      error: CallError | null;
    }
  /** We pre-accepted, answered, declined, hung up, and 360dialog said yes. */
  | { kind: 'pre_accept.confirmed'; at: number }
  | { kind: 'accept.confirmed'; at: number }
  | { kind: 'reject.confirmed'; at: number }
  /** `because` where nobody asked: the softphone that held the call went away without a word. */
  | { kind: 'hang_up.asked'; at: number; because?: 'lease_lapsed' }
  | { kind: 'hang_up.confirmed'; at: number }
  /** A deadline passed while the call was in that state. */
  | { kind: 'lapsed'; at: number; state: LiveState };

export type LiveState = 'awaiting_permission' | 'ready' | 'dialing' | 'ringing' | 'accepting' | 'in_progress';
export type CallState = LiveState | 'ended';
export type CallOutcome =
  | 'answered'
  | 'rejected'
  | 'missed'
  | 'no_answer'
  | 'canceled'
  | 'permission_denied'
  | 'expired'
  | 'failed'
  | 'unknown';

/** Why a call failed: a word of the error catalogue, and what upstream said. */
export interface CallError {
  code: string;
  upstream: Upstream | null;
}

export type Facts = { readonly [key: string]: Fact };

/** What only our own commands change, under the number's lock; no webhook touches it. */
export interface ControlState {
  /** Who has taken an inbound call, and until when without an accept. */
  claim: { by: string; name: string; until: number } | null;
  /** The SDP answer of the last pre-accept: accept must send the same. */
  preAcceptSdp: string | null;
  /** An accept on its way, or one whose answer was lost. */
  accepting: { at: number; sdp: string; lost: boolean } | null;
  /** A hang-up that 360dialog has not confirmed: when it is tried again. */
  hangUpAgainAt: number | null;
  /** The softphone that holds the sound; absent for a call that needs none, which is every call of a server. */
  lease?: Lease | null;
}

/** A softphone's hold on a call: when it is not renewed, nobody is left to talk, and the call is ended. */
export interface Lease {
  /** The word by which one window knows itself. */
  holder: string;
  /** Rises with every new holder: a renewal with an older one is refused. */
  fence: number;
  /** The operator (a session, a token or a key), the key behind it, and the name others see. */
  by: string;
  keyId: string;
  name: string;
  until: number;
}

export interface Call {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly personId: string;
  readonly direction: 'inbound' | 'outbound';
  /** What the caller typed for the user. */
  readonly input: string | null;
  readonly reference: string | null;
  readonly createdAt: number;
  /** How long the caller is willing to wait for an answer, in ms; null for the configured deadlines alone. */
  readonly giveUpAfterMs: number | null;
  readonly wacid: string | null;
  readonly facts: Facts;
  readonly control: ControlState;
  /** How many events have told of this call. */
  readonly sequence: number;
}

export const EMPTY_CONTROL: ControlState = { claim: null, preAcceptSdp: null, accepting: null, hangUpAgainAt: null, lease: null };

/** What stands of a call from its beginning. */
export type CallOrigin = Omit<Call, 'wacid' | 'facts' | 'control' | 'sequence'>;

/** A call that begins with these facts. */
export const newCall = (origin: CallOrigin, facts: readonly Fact[], wacid: string | null = null): Call =>
  facts.reduce<Call>(apply, { ...origin, wacid, facts: {}, control: EMPTY_CONTROL, sequence: 0 });

/** The call with one more fact; the same call when it knew as much already. */
export function apply(call: Call, fact: Fact): Call {
  const facts = add(call.facts, fact);
  const wacid = call.wacid ?? (fact.kind === 'dial.accepted' ? fact.wacid : null);
  return facts === call.facts && wacid === call.wacid ? call : { ...call, facts, wacid };
}

/** All facts of two sets, such as of a stray row that turns out to be the same call. */
export const union = (a: Facts, b: Facts): Facts => Object.values(b).reduce(add, a);

function add(facts: Facts, fact: Fact): Facts {
  const key = keyOf(fact);
  const known = facts[key];
  return known === undefined || outranks(fact, known) ? { ...facts, [key]: fact } : facts;
}

/** Facts of one kind exclude each other, but for lapses of different states and fates of different messages. */
export function keyOf(fact: Fact): string {
  if (fact.kind === 'lapsed') return `lapsed:${fact.state}`;
  return 'messageId' in fact && fact.kind !== 'asked' ? `${fact.kind}:${fact.messageId}` : fact.kind;
}

/** The richer of two facts of one kind stands, then the earlier; the last resort makes the choice total. */
function outranks(a: Fact, b: Fact): boolean {
  const difference = richness(b) - richness(a) || a.at - b.at;
  return difference === 0 ? comparable(a) < comparable(b) : difference < 0;
}

function richness(fact: Fact): number {
  if (fact.kind === 'terminated') return (fact.durationSeconds === null ? 0 : 2) + (fact.error === null ? 0 : 1);
  if (fact.kind === 'asked') return fact.messageId === null ? 0 : 1;
  return 0;
}

/** The fact as text without its SDP, which is forgotten when a call ends and must not decide anything. */
const comparable = (fact: Fact): string => JSON.stringify(fact, (key, value) => (key === 'session' ? undefined : value));

/** The call without any SDP: once it has ended they are of no use to anybody. */
export function withoutSdp(call: Call): Call {
  const { connected } = call.facts;
  const facts =
    connected?.kind === 'connected' && connected.session ? { ...call.facts, connected: { ...connected, session: null } } : call.facts;
  return { ...call, facts, control: EMPTY_CONTROL };
}

/** The fact of one kind, typed; undefined when it is not known. */
export function fact<K extends Fact['kind']>(facts: Facts, kind: K, of?: LiveState | string): Extract<Fact, { kind: K }> | undefined {
  return facts[of ? `${kind}:${of}` : kind] as Extract<Fact, { kind: K }> | undefined;
}

/** What became of this call's permission request. */
export function fateOfRequest<K extends 'request.delivered' | 'request.read' | 'request.failed'>(facts: Facts, kind: K) {
  const messageId = fact(facts, 'asked')?.messageId;
  return messageId ? fact(facts, kind, messageId) : undefined;
}
