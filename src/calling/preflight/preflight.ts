import type { Permission, PermissionVerdict, Window } from '#calling/permissions/permission.js';
import type { PermissionStatus } from '#calling/permissions/permissions.service.js';
import type { Gate, Assessment as NumberStanding } from '#compliance/eligibility/eligibility.js';
import type { Problem, ProblemCode } from '#kernel/problem.js';
import { type NextStep, nextStep } from './next-step.js';

/** A gate of the number or of the person, in the shape of the diagnosis. */
export type PreflightGate = Omit<Gate, 'name'> & { name: string };

/** The evidence of a preflight, read without any effect. */
export interface Survey {
  /** The gateway's id of the live or waiting call with this person. */
  liveCallId: string | null;
  number: NumberStanding;
  /** The gate of the number that refuses the dial. */
  blockedBy: Gate | null;
  person: PersonSurvey;
  now: number;
}

/** The evidence about the person. */
export type PersonSurvey = Pick<PermissionStatus, 'permission' | 'call' | 'ask' | 'window' | 'threadHolder' | 'unreadable'> & {
  /** Why 360dialog could not be read, when the reason is one of the number: make-call refuses with it. */
  refusal: Problem | null;
};

/** How the call would be made. */
export interface Plan {
  hasOffer: boolean;
  hasTemplate: boolean;
}

/** The result of a preflight. */
export interface Preflight {
  /** `available` is proven, `blocked` by a failing gate, everything between is `unknown`. */
  verdict: 'available' | 'blocked' | 'unknown';
  /** What make-call would do now. */
  step: NextStep['do'];
  code: ProblemCode | null;
  /** When the code may no longer hold. */
  earliestAt: number | null;
  gates: PreflightGate[];
}

/** All gates in the order of make-call, and what make-call would do: derived by the same functions. */
export function preflightOf(survey: Survey, plan: Plan): Preflight {
  const { number, person } = survey;
  const step = refusalBefore(survey) ?? nextStep({ ...person, ...plan, mayAskUser: true });
  const gates = [inProgress(survey), ...numberGates(survey), ...personGates(person, plan)];
  const proven = number.verdict === 'available' && person.call.verdict === 'pass';
  if (step.do === 'refuse') return { verdict: 'blocked', step: step.do, code: step.code, earliestAt: step.until, gates };
  if (step.do === 'ask') return { verdict: 'blocked', step: step.do, code: 'permission_required', earliestAt: null, gates };
  return { verdict: proven ? 'available' : 'unknown', step: step.do, code: null, earliestAt: null, gates };
}

/** The refusal that comes before the person's permission. */
function refusalBefore({ liveCallId, blockedBy, person }: Survey): Extract<NextStep, { do: 'refuse' }> | null {
  if (liveCallId !== null) return { do: 'refuse', code: 'call_in_progress', until: null };
  if (blockedBy?.code) return { do: 'refuse', code: blockedBy.code, until: blockedBy.retryAt };
  return person.refusal && { do: 'refuse', code: person.refusal.code, until: person.refusal.retryAt };
}

const BLANK = { value: null, required: null, source: null, observedAt: null, code: null, retryAt: null };

function inProgress({ liveCallId, now }: Survey): PreflightGate {
  const gate = { ...BLANK, name: 'call_in_progress', value: liveCallId ?? 'none', required: 'none', source: 'gateway', observedAt: now };
  return liveCallId === null ? { ...gate, verdict: 'pass' } : { ...gate, verdict: 'fail', code: 'call_in_progress' };
}

/** The number's gates; a refused reading for a reason of the number is newer than all of them. */
function numberGates({ number, person: { refusal }, now }: Survey): PreflightGate[] {
  if (!refusal || number.gates.some(({ verdict, code }) => verdict === 'fail' && code === refusal.code)) return number.gates;
  const refused = { code: refusal.code, retryAt: refusal.retryAt, source: '360dialog', observedAt: now, verdict: 'fail' } as const;
  if (refusal.code !== 'calling_disabled') return [...number.gates, { ...BLANK, ...refused, name: 'number' }];
  return number.gates.map((gate) => (gate.name === 'calling_enabled' ? { ...gate, ...refused, value: 'DISABLED' } : gate));
}

function personGates(person: PersonSurvey, { hasTemplate }: Plan): PreflightGate[] {
  const { call } = person;
  const mustAsk = call.verdict === 'fail' && call.code === 'permission_required';
  const silence = person.unreadable?.code ?? null;
  const idle: Finding = { verdict: call.verdict === 'unknown' ? 'unknown' : 'pass', code: null, retryAt: null };
  return [
    permissionGate(person.permission, findingOf(call, silence)),
    askingGate(person.ask, mustAsk, mustAsk ? findingOf(person.ask, silence) : idle),
    windowGate(person.window, mustAsk && !hasTemplate, idle),
    ...threadGate(person.threadHolder, mustAsk),
  ];
}

const permissionGate = ({ status, source, observedAt }: Permission, finding: Finding): PreflightGate => ({
  name: 'permission',
  value: status === 'unknown' ? null : status,
  required: 'temporary or permanent',
  source,
  observedAt,
  ...finding,
});

const ASKING = { pass: 'allowed', fail: 'not_allowed', unknown: null } as const;

const askingGate = ({ verdict }: PermissionVerdict, required: boolean, finding: Finding): PreflightGate => ({
  ...BLANK,
  name: 'asking',
  value: ASKING[verdict],
  required: required ? 'allowed' : null,
  source: verdict === 'unknown' ? null : 'permissions',
  ...finding,
});

const windowGate = (window: Window, required: boolean, idle: Finding): PreflightGate => ({
  ...BLANK,
  name: 'window',
  value: window === 'unknown' ? null : window,
  required: required ? 'open' : null,
  source: window === 'unknown' ? null : 'webhooks',
  ...(required ? windowFinding(window) : idle),
});

/** Asking sends a message, and any message takes the thread from the agent. Without a message that shows a holder there is no gate. */
function threadGate(holder: PersonSurvey['threadHolder'], mustAsk: boolean): PreflightGate[] {
  if (holder === null) return [];
  const seen = { ...BLANK, name: 'agent_thread', value: holder, source: 'webhooks' };
  const taken = mustAsk && holder === 'agent';
  return [taken ? { ...seen, required: 'business', verdict: 'warning', code: 'agent_holds_thread' } : { ...seen, verdict: 'pass' }];
}

type Finding = Pick<PreflightGate, 'verdict' | 'code' | 'retryAt'>;

function findingOf(verdict: PermissionVerdict, silence: ProblemCode | null): Finding {
  if (verdict.verdict === 'fail') return { verdict: 'fail', code: verdict.code, retryAt: verdict.until };
  return { verdict: verdict.verdict, code: verdict.verdict === 'unknown' ? silence : null, retryAt: null };
}

function windowFinding(window: Window): Finding {
  if (window === 'closed') return { verdict: 'fail', code: 'window_closed', retryAt: null };
  return { verdict: window === 'open' ? 'pass' : 'unknown', code: null, retryAt: null };
}
