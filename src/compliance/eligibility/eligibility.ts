import type { Goal, Progress } from '#compliance/conversations/progress.js';
import type { LimitUsage } from '#compliance/conversations/usage/limit-usage.js';
import { isProblemCode } from '#error-catalogue/lookup.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { HOUR } from '#kernel/clock.js';
import type { ProblemCode } from '#kernel/problem.js';
import { record, text } from '#kernel/read.js';
import type { Direction, GateFinding, GateResult } from './gates/gate.js';
import { activeRestrictions, restrictionGate } from './gates/restriction.js';
import { BARRED_COUNTRIES, limitWord, mayCallFrom, POLICY_DATE, REQUIRED_LIMIT, readLimit } from './policy.js';
import {
  type CallingSettings,
  type LatestReading,
  type RegisteredWebhook,
  type ReportedLimit,
  type ReportedRestriction,
  sameAddress,
  withoutToken,
} from './reading.js';

/** One condition, with what is known about it. */
export interface Gate extends GateResult {
  name: GateName;
}

/** The assessment of one direction. */
export interface Assessment {
  /** `available` needs proof: no gate fails, and the decisive ones are known to pass. */
  verdict: 'available' | 'blocked' | 'unknown';
  /** In the order in which a failing one answers. */
  gates: Gate[];
}

/** The evidence of all gates. */
export interface GateEvidence {
  displayPhoneNumber: string | null;
  /** Missing for active. */
  state?: OurNumber['state'];
  settings: LatestReading<CallingSettings>;
  registration: LatestReading<RegisteredWebhook>;
  /** When 360dialog last accepted our key; `rejected` once it has refused it since. */
  key: { acceptedAt: number | null; rejected: boolean };
  restrictions: LatestReading<ReportedRestriction[]>;
  limit: LatestReading<ReportedLimit>;
  /** How much of it is used; missing where that is of no matter. */
  usage?: LimitUsage;
  progress: Progress;
  goal: Goal;
  lastCallEventAt: number | null;
  /** Who acts on the calls of this number, by what Meta showed last. */
  callPrimary: GateFinding;
  /** The findings that rest on call-outcome evidence. */
  payment: GateFinding;
  account: GateFinding;
  coexistence: GateFinding;
  pickUps: Record<Direction, GateFinding>;
  /** How many consumers would receive an inbound call now; null when unknown. */
  listeners: number | null;
  /** Where deliveries should go. */
  webhookUrl: string;
}

/** After this a reading that cannot be renewed proves nothing. */
const TRUSTED_MS = HOUR;

/** A number that an operator has paused, or that is being removed. */
const CLOSED = { paused: 'number_paused', removing: 'number_removing' } as const;

/** The gates in their order. Each looks at the evidence for one direction at one moment. */
const GATES = {
  number: inUse,
  calling_enabled: callingEnabled,
  sip_disabled: sipDisabled,
  restriction: unrestricted,
  account: ({ account }: GateEvidence): GateFinding => account,
  coexistence: ({ coexistence }: GateEvidence): GateFinding => coexistence,
  country: allowedCountry,
  call_primary: ({ callPrimary }: GateEvidence): GateFinding => callPrimary,
  messaging_limit: messagingLimit,
  conversations_1k: conversations,
  payment: ({ payment }: GateEvidence): GateFinding => payment,
  pick_up_rate: ({ pickUps }: GateEvidence, direction: Direction): GateFinding => pickUps[direction],
  webhook: webhookRegistered,
  listener: hasListener,
  key: keyAccepted,
} as const;

export type GateName = keyof typeof GATES;

/** What both directions ask of the number first. */
const FIRST = ['calling_enabled', 'sip_disabled', 'restriction', 'account', 'coexistence'] as const;

/** What both directions ask of the number, after what only one of them does. */
const COMMON = ['call_primary', 'messaging_limit', 'conversations_1k', 'payment', 'pick_up_rate', 'webhook'] as const;

const ORDER: Record<Direction, readonly GateName[]> = {
  inbound: [...FIRST, ...COMMON, 'listener', 'key'],
  outbound: [...FIRST, 'country', ...COMMON, 'key'],
};

const DECISIVE: Record<Direction, readonly GateName[]> = {
  inbound: ['calling_enabled', 'sip_disabled', 'restriction', 'webhook'],
  outbound: ['calling_enabled', 'sip_disabled', 'restriction', 'country'],
};

/** May this number call, and be called? */
export function assess(direction: Direction, evidence: GateEvidence, now: number): Assessment {
  // A number in use, which most are, shows nothing of it.
  const names: readonly GateName[] = inUse(evidence).verdict === 'pass' ? ORDER[direction] : ['number', ...ORDER[direction]];
  const gates = names.map((name) => ({ ...BLANK, ...GATES[name](evidence, direction, now), name }));
  const open = gates.some((gate) => gate.verdict === 'unknown' && (DECISIVE[direction].includes(gate.name) || isDoubtful(gate)));
  if (gates.some(({ verdict }) => verdict === 'fail')) return { verdict: 'blocked', gates };
  return { verdict: open ? 'unknown' : 'available', gates };
}

/** Without a reported reason to doubt it, the account of a number is in use. */
const isDoubtful = ({ name, code }: Gate): boolean => name === 'account' && code !== null;

/** Gates that do not refuse a dial: the owner may have fixed the cause since, and the dial itself shows it. */
const LEFT_TO_THE_DIAL: ReadonlySet<GateName> = new Set(['key', 'payment', 'call_primary']);

/** The gate that refuses a dial. */
export const refusalOf = ({ gates }: Assessment): Gate | undefined =>
  gates.find(({ name, verdict }) => verdict === 'fail' && !LEFT_TO_THE_DIAL.has(name));

const BLANK = { value: null, required: null, source: null, observedAt: null, code: null, retryAt: null };

const isTrusted = ({ observedAt, reason }: LatestReading<unknown>, now: number): boolean =>
  observedAt !== null && (reason === null || observedAt > now - TRUSTED_MS);

function inUse({ state = 'active' }: Pick<GateEvidence, 'state'>): GateFinding {
  const seen = { value: state, required: 'active', source: 'gateway' };
  return state === 'active' ? { ...seen, verdict: 'pass' } : { ...seen, verdict: 'fail', code: CLOSED[state] };
}

/** What every finding from the settings says about its origin; without proof it is unknown, for the reading's reason. */
const fromSettings = ({ settings }: GateEvidence) => ({ source: settings.source, observedAt: settings.observedAt });

function callingEnabled(evidence: GateEvidence, _: Direction, now: number): GateFinding {
  const { settings } = evidence;
  const value = text(settings.value?.calling.status)?.toUpperCase() ?? null;
  const seen = { ...fromSettings(evidence), value, required: 'ENABLED' };
  if (value === 'ENABLED' && isTrusted(settings, now)) return { ...seen, verdict: 'pass' };
  if ((value === 'DISABLED' || value === 'NOT_SET') && isTrusted(settings, now))
    return { ...seen, verdict: 'fail', code: 'calling_disabled' };
  return { ...seen, verdict: 'unknown', code: asCode(settings.reason) };
}

function sipDisabled(evidence: GateEvidence, _: Direction, now: number): GateFinding {
  const { settings } = evidence;
  const told = text(record(settings.value?.calling.sip)?.status)?.toUpperCase();
  const value = told ?? (settings.value?.complete ? 'NOT_SET' : null);
  const seen = { ...fromSettings(evidence), value, required: 'DISABLED' };
  if (value === null || !isTrusted(settings, now)) return { ...seen, verdict: 'unknown', code: asCode(settings.reason) };
  return value === 'ENABLED' ? { ...seen, verdict: 'fail', code: 'sip_enabled' } : { ...seen, verdict: 'pass' };
}

function unrestricted(evidence: GateEvidence, direction: Direction, now: number): GateFinding {
  const found = restrictionGate(activeRestrictions(evidence, now), direction);
  if (found) return found;
  const { settings } = evidence;
  const proven = settings.value?.complete === true && isTrusted(settings, now);
  if (proven) return { ...fromSettings(evidence), verdict: 'pass' };
  return { ...(settings.value?.complete ? fromSettings(evidence) : {}), verdict: 'unknown', code: asCode(settings.reason) };
}

function allowedCountry({ displayPhoneNumber }: GateEvidence): GateFinding {
  const allowed = displayPhoneNumber === null ? null : mayCallFrom(displayPhoneNumber);
  const seen = { value: displayPhoneNumber, required: `not ${BARRED_COUNTRIES.join(', ')}`, source: 'policy', observedAt: POLICY_DATE };
  if (allowed === null) return { ...seen, verdict: 'unknown' };
  return allowed ? { ...seen, verdict: 'pass' } : { ...seen, verdict: 'fail', code: 'country_not_supported' };
}

/** Meta asks for the limit when calling is enabled: below it, what is on stays on. */
function messagingLimit(evidence: GateEvidence, direction: Direction, now: number): GateFinding {
  const { limit, usage = null } = evidence;
  const known = limit.value && readLimit(limit.value.limit);
  const seen = { value: limitWord(limit), required: REQUIRED_LIMIT, source: limit.source, observedAt: limit.observedAt, usage };
  if (!known) return { ...seen, verdict: 'unknown' };
  if (known.meets) return { ...seen, verdict: 'pass' };
  const off = callingEnabled(evidence, direction, now).verdict === 'fail';
  return { ...seen, verdict: off ? 'fail' : 'warning', code: 'messaging_limit_too_low' };
}

/** The mission's requirement informs; it never blocks. */
function conversations({ progress, goal }: GateEvidence): GateFinding {
  const seen = {
    value: progress.businessInitiated,
    required: goal.conversations,
    source: progress.source,
    observedAt: progress.observedAt,
  };
  if (progress.meets === null) return { ...seen, verdict: 'unknown' };
  return { ...seen, verdict: progress.meets ? 'pass' : 'warning' };
}

/**
 * Without webhooks the gateway receives no inbound call; a dial still rings, so outbound is only warned. Call events that
 * arrive are the better evidence: another system may pass them on.
 */
function webhookRegistered({ registration, lastCallEventAt, webhookUrl }: GateEvidence, direction: Direction, now: number): GateFinding {
  const { value, source, observedAt, reason } = registration;
  const url = value?.url ?? null;
  const seen = { value: url === null ? null : withoutToken(url), required: webhookUrl, source, observedAt };
  const arriving = lastCallEventAt !== null && lastCallEventAt > now - HOUR;
  if (value === null || !isTrusted(registration, now))
    return arriving ? { ...seen, verdict: 'pass' } : { ...seen, verdict: 'unknown', code: asCode(reason) };
  if (url !== null && sameAddress(url, webhookUrl)) return { ...seen, verdict: lastCallEventAt === null ? 'unknown' : 'pass' };
  const code = url === null ? 'webhook_unregistered' : 'webhook_elsewhere';
  return { ...seen, verdict: direction === 'outbound' || arriving ? 'warning' : 'fail', code };
}

/** An event stream that may answer calls, or a subscription. It warns at most: a client may be about to connect. */
function hasListener({ listeners }: GateEvidence, _: Direction, now: number): GateFinding {
  const seen = { value: listeners, required: 1, source: 'gateway', observedAt: listeners === null ? null : now };
  if (listeners === null) return { ...seen, verdict: 'unknown' };
  return listeners > 0 ? { ...seen, verdict: 'pass' } : { ...seen, verdict: 'warning', code: 'no_listener' };
}

function keyAccepted({ key }: GateEvidence): GateFinding {
  const seen = { source: '360dialog', observedAt: key.acceptedAt };
  if (key.rejected) return { ...seen, verdict: 'fail', code: 'upstream_key_rejected' };
  return { ...seen, verdict: key.acceptedAt === null ? 'unknown' : 'pass' };
}

/** A reason such as `no_source` is no error code. */
const asCode = (reason: string | null): ProblemCode | null => (reason !== null && isProblemCode(reason) ? reason : null);
