import type { Permission, PermissionVerdict, Window } from '#calling/permissions/permission.js';
import type { Gate, Assessment as NumberStanding } from '#compliance/eligibility/eligibility.js';
import type { Problem, ProblemCode } from '#kernel/problem.js';
import { type NextStep, nextStep } from './next-step.js';

/** A gate of the number or of the person, in the shape of the diagnosis. */
export type PreflightGate = Omit<Gate, 'name'> & { name: string };

/** What was found without sending anything that has an effect. */
export interface Survey {
  /** The gateway's id of the live or waiting call with this person. */
  liveCallId: string | null;
  number: NumberStanding;
  /** The gate of the number that refuses the dial. */
  blockedBy: Gate | null;
  person: PersonSurvey;
  now: number;
}

export interface PersonSurvey {
  permission: Permission;
  call: PermissionVerdict;
  ask: PermissionVerdict;
  window: Window;
  /** Why 360dialog did not tell of the person. */
  unreadable: Problem | null;
  /** The same, when the reason is one of the number: make-call refuses with it. */
  refusal: Problem | null;
}

/** How the call would be made. */
export interface Plan {
  hasOffer: boolean;
  hasTemplate: boolean;
}

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

/** All gates in the order of make-call, and what make-call would do: concluded by the same functions. */
export function preflightOf(survey: Survey, plan: Plan): Preflight {
  const { number, person } = survey;
  const step = refusalBefore(survey) ?? nextStep({ ...person, ...plan, mayAskUser: true });
  const gates = [inProgress(survey), ...numberGates(survey), ...personGates(person, plan)];
  const proven = number.verdict === 'available' && person.call.verdict === 'pass';
  if (step.do === 'refuse') return { verdict: 'blocked', step: step.do, code: step.code, earliestAt: step.until, gates };
  if (step.do === 'ask') return { verdict: 'blocked', step: step.do, code: 'permission_required', earliestAt: null, gates };
  return { verdict: proven ? 'available' : 'unknown', step: step.do, code: null, earliestAt: null, gates };
}

/** What refuses before the person's permission is looked at. */
function refusalBefore({ liveCallId, blockedBy, person }: Survey): Extract<NextStep, { do: 'refuse' }> | null {
  if (liveCallId !== null) return { do: 'refuse', code: 'call_in_progress', until: null };
  if (blockedBy?.code) return { do: 'refuse', code: blockedBy.code, until: blockedBy.retryAt };
  return person.refusal && { do: 'refuse', code: person.refusal.code, until: person.refusal.retryAt };
}

const BLANK = { value: null, required: null, source: null, observedAt: null, code: null, retryAt: null };

function inProgress({ liveCallId, now }: Survey): PreflightGate {
  const seen = { ...BLANK, name: 'call_in_progress', value: liveCallId ?? 'none', required: 'none', source: 'gateway', observedAt: now };
  return liveCallId === null ? { ...seen, verdict: 'pass' } : { ...seen, verdict: 'fail', code: 'call_in_progress' };
}

/** The number's gates; what 360dialog has just refused to read for a reason of the number is newer than all of them. */
function numberGates({ number, person: { refusal }, now }: Survey): PreflightGate[] {
  if (!refusal || number.gates.some(({ verdict, code }) => verdict === 'fail' && code === refusal.code)) return number.gates;
  const told = { code: refusal.code, retryAt: refusal.retryAt, source: '360dialog', observedAt: now, verdict: 'fail' } as const;
  if (refusal.code !== 'calling_disabled') return [...number.gates, { ...BLANK, ...told, name: 'number' }];
  return number.gates.map((gate) => (gate.name === 'calling_enabled' ? { ...gate, ...told, value: 'DISABLED' } : gate));
}

function personGates(person: PersonSurvey, { hasTemplate }: Plan): PreflightGate[] {
  const { permission, call, ask, window, unreadable } = person;
  const mustAsk = call.verdict === 'fail' && call.code === 'permission_required';
  const idle = call.verdict === 'unknown' ? 'unknown' : 'pass';
  const silence = unreadable?.code ?? null;
  return [
    {
      ...BLANK,
      name: 'permission',
      value: permission.status === 'unknown' ? null : permission.status,
      required: 'temporary or permanent',
      source: permission.source,
      observedAt: permission.observedAt,
      ...findingOf(call, silence),
    },
    {
      ...BLANK,
      name: 'asking',
      value: ask.verdict === 'unknown' ? null : ask.verdict === 'pass' ? 'allowed' : 'not_allowed',
      required: mustAsk ? 'allowed' : null,
      source: ask.verdict === 'unknown' ? null : 'permissions',
      ...(mustAsk ? findingOf(ask, silence) : { verdict: idle }),
    },
    {
      ...BLANK,
      name: 'window',
      value: window === 'unknown' ? null : window,
      required: mustAsk && !hasTemplate ? 'open' : null,
      source: window === 'unknown' ? null : 'webhooks',
      ...(mustAsk && !hasTemplate ? windowFinding(window) : { verdict: idle }),
    },
  ];
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
