import type { Session } from '#dialog360/fact.js';
import type { DtlsRole } from '#dialog360/sdp.js';
import type { Upstream } from '#kernel/problem.js';

/**
 * A call is a set of facts. Facts come in any order, twice, or late: `apply` keeps one fact per kind (`outranks`), so it is
 * commutative, associative and idempotent. `derive` computes the state from the set. ARCHITECTURE.md draws the states:
 * "State diagram of a call".
 */
export type Fact =
  /** A permission request was sent; without a message id it is unknown whether it was. */
  | { kind: 'asked'; at: number; messageId: string | null }
  /** The status of a message; it counts when the message is this call's request. */
  | { kind: 'request.delivered'; at: number; messageId: string }
  | { kind: 'request.read'; at: number; messageId: string }
  | { kind: 'request.failed'; at: number; messageId: string; error: CallError }
  /** 360dialog refused to ask. */
  | { kind: 'request.refused'; at: number; error: CallError }
  /**
   * The call may be dialled. `basis` is the source of the permission: the user's reply, a reading or a refusal of 360dialog.
   * Null: the permission is unknown, and unknown blocks no dial. Calls of earlier releases lack it.
   */
  | { kind: 'granted'; at: number; expiresAt: number | null; basis: 'reply' | 'reading' | 'refusal' | null }
  | { kind: 'denied'; at: number }
  /** The intent to dial, committed before the request is sent; `setup` is the DTLS role of an offer that chose one. */
  | { kind: 'dialing'; at: number; setup?: DtlsRole }
  | { kind: 'dial.accepted'; at: number; wacid: string }
  | { kind: 'dial.refused'; at: number; error: CallError }
  /** No response to the dial: its result is unknown. */
  | { kind: 'dial.lost'; at: number }
  /** The other side's SDP: the caller's offer, or the answer to ours. The payloads stand here in calls of earlier releases alone. */
  | { kind: 'connected'; at: number; session: Session | null; ctaPayload?: string | null; deeplinkPayload?: string | null }
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
  /** The direction, with its source: 3 the connect; 2 a status, which Meta sends of outbound calls alone; 1 any other webhook. */
  | { kind: 'direction'; at: number; direction: 'inbound' | 'outbound'; rank: 1 | 2 | 3 }
  /** The payload of the button that the user tapped, or of the link that they followed; any webhook of the call may hold it. */
  | { kind: 'cta' | 'deeplink'; at: number; payload: string }
  /** 360dialog confirmed our pre-accept, accept, reject or terminate. */
  | { kind: 'pre_accept.confirmed'; at: number }
  | { kind: 'accept.confirmed'; at: number }
  | { kind: 'reject.confirmed'; at: number }
  /** `because` when no client asked: the softphone that held the lease is gone. */
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

/** Why a call failed: an error code of the catalogue, and the answer of 360dialog or Meta. */
export interface CallError {
  code: string;
  upstream: Upstream | null;
}

/** An error, such as a problem, as the call remembers and shows it. */
export const errorOf = ({ code, upstream }: CallError): CallError => ({ code, upstream });

export type Facts = { readonly [key: string]: Fact };

/** The part of a call that only commands change, under the number's lock; no webhook touches it. */
export interface ControlState {
  /** The operator who has taken an inbound call; without an accept the claim lapses at `until`. */
  claim: { by: string; name: string; until: number } | null;
  /** The SDP answer of the last pre-accept: accept must send the same. */
  preAcceptSdp: string | null;
  /** An accept without a response yet; `lost` when none came. */
  accepting: { at: number; sdp: string; lost: boolean } | null;
  /** When an unconfirmed hang-up is sent again. */
  hangUpAgainAt: number | null;
  /** The lease of the softphone that plays the audio; none for a call of a server. */
  lease?: Lease | null;
}

/** A softphone's lease of a call. When it is not renewed, the softphone is gone and the gateway ends the call. */
export interface Lease {
  /** The name that one browser window gives itself. */
  holder: string;
  /** Rises with every new holder; a renewal with an older fence is refused. */
  fence: number;
  /** The operator (a session, a token or a key), the key behind it, and the name that other operators see. */
  by: string;
  keyId: string;
  name: string;
  until: number;
}

/** The person of a call whose user no webhook has named yet; no user has this id. */
export const UNKNOWN_PERSON = 'usr_unknown';

/** A call as the gateway stores it; times are in ms since 1970. `wacid` is Meta's id, null for an outbound call before Meta names it. */
export interface Call {
  readonly id: string;
  readonly phoneNumberId: string;
  /** `UNKNOWN_PERSON` until a webhook names the user. */
  readonly personId: string;
  readonly direction: 'inbound' | 'outbound';
  /** The user as the client wrote it. */
  readonly input: string | null;
  readonly reference: string | null;
  /** When the client made it. Of a call that webhooks began: no later than its first fact at Meta, see `derive`. */
  readonly createdAt: number;
  /** The longest the call may wait or ring, in ms; null for the configured deadlines alone. */
  readonly giveUpAfterMs: number | null;
  readonly wacid: string | null;
  readonly facts: Facts;
  readonly control: ControlState;
  /** The caller's own `biz_opaque_callback_data`, at most 512 characters, given back in webhooks of Meta's shape; null for none. Never sent to 360dialog. */
  readonly callbackData: string | null;
  /** The id of the key that connected the call in Meta's shape; null for every other call. */
  readonly connectedBy: string | null;
  /** The number of events published of this call. */
  readonly sequence: number;
}

export const EMPTY_CONTROL: ControlState = { claim: null, preAcceptSdp: null, accepting: null, hangUpAgainAt: null, lease: null };

/** What only a call in Meta's shape has. */
type MetaShaped = Pick<Call, 'callbackData' | 'connectedBy'>;

/** The members of a call that its first write fixes. */
export type CallOrigin = Omit<Call, 'wacid' | 'facts' | 'control' | 'sequence' | keyof MetaShaped> & Partial<MetaShaped>;

/** A call that begins with these facts. */
export const newCall = (origin: CallOrigin, facts: readonly Fact[], wacid: string | null = null): Call =>
  facts.reduce<Call>(apply, { callbackData: null, connectedBy: null, ...origin, wacid, facts: {}, control: EMPTY_CONTROL, sequence: 0 });

/** The call with one more fact; the same object when the fact adds nothing. */
export function apply(call: Call, fact: Fact): Call {
  const facts = add(call.facts, fact);
  if (facts === call.facts && (call.wacid !== null || fact.kind !== 'dial.accepted')) return call;
  return { ...call, facts, direction: directionOf(call, facts), wacid: call.wacid ?? (fact.kind === 'dial.accepted' ? fact.wacid : null) };
}

/** A call of ours is outbound; of any other the best source of its direction counts. */
const directionOf = ({ input, direction }: Call, facts: Facts): Call['direction'] =>
  isOurs({ input, facts }) ? direction : (fact(facts, 'direction')?.direction ?? direction);

/** The facts of two sets, such as of an orphaned call that is the same call. */
export const union = (a: Facts, b: Facts): Facts => Object.values(b).reduce(add, a);

function add(facts: Facts, fact: Fact): Facts {
  const key = keyOf(fact);
  const former = facts[key];
  if (former === undefined) return { ...facts, [key]: fact };
  const better = outranks(fact, former) ? withSessionOf(former, fact) : withSessionOf(fact, former);
  return better === former ? facts : { ...facts, [key]: better };
}

/** A connect without an SDP takes that of another connect of the call; it decides nothing, see `comparable`. */
const withSessionOf = (other: Fact, fact: Fact): Fact =>
  fact.kind === 'connected' && other.kind === 'connected' && !fact.session && other.session ? { ...fact, session: other.session } : fact;

/** Facts of one kind exclude each other, except lapses of different states and statuses of different messages. */
export function keyOf(fact: Fact): string {
  if (fact.kind === 'lapsed') return `lapsed:${fact.state}`;
  return 'messageId' in fact && fact.kind !== 'asked' ? `${fact.kind}:${fact.messageId}` : fact.kind;
}

/** Of two facts of one kind the richer stands, then the earlier; the comparison as text makes the order total. */
function outranks(a: Fact, b: Fact): boolean {
  const difference = richness(b) - richness(a) || a.at - b.at;
  return difference === 0 ? comparable(a) < comparable(b) : difference < 0;
}

function richness(fact: Fact): number {
  if (fact.kind === 'terminated')
    return (fact.durationSeconds === null ? 0 : 4) + (fact.startTime === null ? 0 : 2) + (fact.error === null ? 0 : 1);
  if (fact.kind === 'asked') return fact.messageId === null ? 0 : 1;
  if (fact.kind === 'granted') return fact.basis === null ? 0 : 1;
  if (fact.kind === 'direction') return fact.rank;
  return 0;
}

/** The fact as text without its SDP: the SDP is deleted when a call ends, so it must not decide anything. */
const comparable = (fact: Fact): string => JSON.stringify(fact, (key, value) => (key === 'session' ? undefined : value));

/** The call with these members of its control state replaced. */
export const withControl = (call: Call, change: Partial<ControlState>): Call => ({ ...call, control: { ...call.control, ...change } });

/** The call once it has ended: without SDP, lease and pending commands; the claim stays, since the log shows who took the call. */
export function closedCall(call: Call): Call {
  const { connected } = call.facts;
  const facts =
    connected?.kind === 'connected' && connected.session ? { ...call.facts, connected: { ...connected, session: null } } : call.facts;
  return { ...call, facts, control: { ...EMPTY_CONTROL, claim: call.control.claim } };
}

/** The facts that end the wait for the response to a dial; the last says that none will come. */
export const RESPONSES = ['dial.accepted', 'dial.refused', 'dial.lost'] as const;

/** Whether a dial is committed and has no response yet, not even the fact that none will come. */
export const awaitsResponse = ({ facts }: Call): boolean =>
  fact(facts, 'dialing') !== undefined && !RESPONSES.some((kind) => facts[kind] !== undefined);

/** The fact of one kind; undefined when there is none. */
export function fact<K extends Fact['kind']>(facts: Facts, kind: K, of?: LiveState | string): Extract<Fact, { kind: K }> | undefined {
  return facts[of ? `${kind}:${of}` : kind] as Extract<Fact, { kind: K }> | undefined;
}

const WIRE = ['connected', 'ringing', 'accepted', 'rejected', 'terminated'] as const;

/** When the first thing of the call happened at Meta, whichever webhook came first; null while no webhook says that there is a call. */
export function begunAt(facts: Facts): number | null {
  const times = WIRE.flatMap((kind) => fact(facts, kind)?.at ?? []);
  const talkedFrom = fact(facts, 'terminated')?.startTime ?? null;
  return times.length ? Math.min(...times, talkedFrom ?? Number.MAX_SAFE_INTEGER) : null;
}

/** Whether a client of ours made the call; webhooks began every other. */
export const isOurs = ({ input, facts }: Pick<Call, 'input' | 'facts'>): boolean =>
  input !== null || ['asked', 'granted', 'denied', 'dialing', 'request.refused'].some((kind) => facts[kind] !== undefined);

/** The payload of the button or link that the user used; null when there was none. */
export const payloadOf = ({ facts }: Call, kind: 'cta' | 'deeplink'): string | null =>
  fact(facts, kind)?.payload ?? fact(facts, 'connected')?.[`${kind}Payload`] ?? null;

/** The status fact of this call's permission request. */
export function requestFact<K extends 'request.delivered' | 'request.read' | 'request.failed'>(facts: Facts, kind: K) {
  const messageId = fact(facts, 'asked')?.messageId;
  return messageId ? fact(facts, kind, messageId) : undefined;
}
