import fc from 'fast-check';
import type { ActionReading, PermissionReading } from '#dialog360/permission-reading.js';
import { DAY, HOUR, SECOND } from '#kernel/clock.js';
import type { CallOutcomeFact, LedgerFact, ReplyFact } from './ledger.js';

/** Noon of the day on which the tests' clock stands. */
export const NOON = Date.UTC(2026, 10, 22, 12);

export const asked = (at: number, ref = `wamid.${at}`): LedgerFact => ({ kind: 'asked', at, ref });

export const replied = (at: number, facts: Partial<Omit<ReplyFact, 'kind' | 'at'>> = {}): ReplyFact => ({
  kind: 'replied',
  at,
  ref: `wamid.reply.${at}`,
  response: 'accept',
  permanent: false,
  expiresAt: null,
  responseSource: 'user_action',
  contextId: null,
  ...facts,
});

export const refused = (at: number, code: string, until: number | null = null): LedgerFact => ({
  kind: 'refused',
  at,
  ref: null,
  code,
  until,
});

export const called = (kind: CallOutcomeFact['kind'], at: number, ref = `wacid.${at}`, revision = 1): CallOutcomeFact => ({
  kind,
  at,
  ref,
  direction: 'outbound',
  outcome: { connected: 'answered', unanswered: 'no_answer', uncounted: 'failed' }[kind],
  revision,
});

const free: ActionReading = { canPerform: true, limits: [] };

export const reading = (facts: Partial<PermissionReading> = {}): PermissionReading => ({
  status: 'no_permission',
  expiresAt: null,
  ask: free,
  call: free,
  ...facts,
});

/** A moment of the fortnight around noon; few enough that ties happen, in whole seconds as webhooks tell them. */
export const moment = fc.integer({ min: -168, max: 168 }).map((hours) => NOON + hours * HOUR);
const ref = fc.constantFrom('a', 'b', 'c');

const anyFact: fc.Arbitrary<LedgerFact> = fc.oneof(
  fc.tuple(moment, ref).map(([at, id]) => asked(at, `wamid.${id}`)),
  fc.tuple(moment, ref).map(([at, id]): LedgerFact => ({ kind: 'request_failed', at, ref: `wamid.${id}` })),
  fc
    .record({
      at: moment,
      response: fc.constantFrom('accept' as const, 'reject' as const),
      permanent: fc.boolean(),
      expiresAt: fc.option(moment.map((at) => at + DAY + SECOND)),
      contextId: fc.option(ref.map((id) => `wamid.${id}`)),
    })
    .map(({ at, ...facts }) => replied(at, facts)),
  fc
    .tuple(
      moment,
      fc.constantFrom('permission_required', 'permission_already_permanent', 'call_limit_reached', 'permission_request_limit_reached'),
      fc.option(moment),
    )
    .map(([at, code, until]) => refused(at, code, until)),
  fc
    .tuple(fc.constantFrom('connected' as const, 'unanswered' as const, 'uncounted' as const), moment, ref, fc.integer({ min: 1, max: 3 }))
    .map(([kind, at, id, revision]) => called(kind, at, `wacid.${id}`, revision)),
);

/** A history, and the same in another order with some facts twice. */
export const reordered = fc.array(anyFact, { maxLength: 12 }).chain((facts) =>
  fc
    .tuple(
      fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
      fc.subarray(facts).map((twice) => twice.map((fact) => ({ ...fact }))),
    )
    .map(([shuffled, twice]) => ({ facts, again: [...shuffled, ...twice] })),
);
