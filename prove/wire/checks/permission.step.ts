import { POLICY } from '#calling/permissions/policy.js';
import { evidenceOf, type RawAnswer, type RawUpstream, wasTaken } from '#cli/webhook/raw-upstream.js';
import { type PermissionReading, readPermissionAnswer } from '#dialog360/permission-reading.js';
import { type JsonRecord, number, record, text } from '#kernel/read.js';
import { isBsuid, phoneDigits } from '#kernel/wa-id.js';
import type { AssumptionId } from '../claims.ts';
import { type AssumptionFinding, allUndecided, judged, undecided } from '../finding.ts';
import { isBeside } from '../refusal.ts';
import type { StepContext, VerificationStep } from '../step.ts';

const IDS = ['W25', 'W26', 'W27', 'W28', 'W29', 'W30', 'W31'] as const satisfies AssumptionId[];
/** Reserved for fiction: no user has it. */
const NOBODY = '12025550123';
const UNCALLABLE = 138001;

/** Reads permissions, of the user or without one of the own number. Sends the user nothing. */
export const permissionStep: VerificationStep = {
  name: 'permission',
  ids: IDS,
  needs: 'upstream',
  async run(context) {
    const { upstream, to } = context;
    if (!upstream) return allUndecided(IDS, 'no_key_here');
    const known = await addressesOf(context);
    const own = await ownNumber(upstream);
    const target = known.digits ?? own ?? NOBODY;
    const plain = await upstream.get(pathOf(target));
    const plus = await upstream.get(pathOf(`+${target}`));
    return [...ofReading(plain, plus), await byBsuid(upstream, known.bsuid, to), await ofUncallable(upstream, own)];
  },
};

const pathOf = (user: string): string => `/calling/permissions/${encodeURIComponent(user)}`;

/** Under which addresses the gateway knows the person. */
async function addressesOf({ gateway, to }: StepContext): Promise<{ digits: string | null; bsuid: string | null }> {
  if (to === null) return { digits: null, bsuid: null };
  const { body } = await gateway.get(`/api/calling/permissions/${encodeURIComponent(to)}`);
  const user = record(body.user) ?? {};
  return { digits: text(user.wa_id) ?? phoneDigits(to) ?? null, bsuid: isBsuid(to) ? to : (text(user.user_id) ?? null) };
}

async function ownNumber(upstream: RawUpstream): Promise<string | null> {
  const { body } = await upstream.get('/v1/configs/phone_number');
  return phoneDigits(text(body.display_phone_number) ?? '') ?? null;
}

function ofReading(plain: RawAnswer, plus: RawAnswer): AssumptionFinding[] {
  const reading = wasTaken(plain) ? readPermissionAnswer(plain.body) : undefined;
  const withPlus = wasTaken(plus) ? `with +: status=${text(record(plus.body.permission)?.status) ?? '?'}` : `with +: ${evidenceOf(plus)}`;
  if (!wasTaken(plain)) return allUndecided(['W25', 'W26', 'W28', 'W29', 'W30'], 'refused', evidenceOf(plain), withPlus);
  if (!reading) return [judged('W25', false, evidenceOf(plain)), ...allUndecided(['W26', 'W28', 'W29', 'W30'], 'not_there')];
  const permission = record(plain.body.permission) ?? {};
  return [
    judged('W25', reading.ask !== null && reading.call !== null, `members=${Object.keys(plain.body).join(',')}`),
    judged('W26', true, withPlus),
    judged('W28', reading.status !== 'unknown', `status=${text(permission.status) ?? 'absent'}`),
    ofExpiration(permission, reading),
    ofLimits(reading),
  ];
}

function ofExpiration(permission: JsonRecord, { status }: PermissionReading): AssumptionFinding {
  if (status !== 'temporary') return undecided('W29', 'not_there');
  const names = Object.keys(permission).filter((name) => name.startsWith('expiration'));
  return judged('W29', number(permission.expiration_time) !== undefined, `names=${names.join(',') || 'none'}`);
}

function ofLimits({ ask, call }: PermissionReading): AssumptionFinding {
  const reported = [
    ...(ask?.limits ?? []).map((limit) => ['ask', limit] as const),
    ...(call?.limits ?? []).map((limit) => ['call', limit] as const),
  ];
  if (reported.length === 0) return undecided('W30', 'not_there');
  const asDocumented = reported.every(([action, { period, maxAllowed }]) =>
    POLICY.limits.some((limit) => limit.action === action && limit.period === period && limit.maxAllowed === maxAllowed),
  );
  return judged('W30', asDocumented, ...reported.map(([action, { period, maxAllowed }]) => `${action} ${period}=${maxAllowed}`));
}

async function byBsuid(upstream: RawUpstream, bsuid: string | null, to: string | null): Promise<AssumptionFinding> {
  if (bsuid === null) return undecided('W27', to === null ? 'needs_person' : 'no_bsuid');
  const answer = await upstream.get(pathOf(bsuid));
  if (isBeside(answer)) return undecided('W27', 'refused', evidenceOf(answer));
  return judged('W27', wasTaken(answer) && readPermissionAnswer(answer.body) !== undefined, evidenceOf(answer));
}

/** Our own number cannot be called from itself. */
async function ofUncallable(upstream: RawUpstream, own: string | null): Promise<AssumptionFinding> {
  if (own === null) return undecided('W31', 'nothing_to_compare');
  const answer = await upstream.get(pathOf(own));
  // 138001 is the error that we assume does not come.
  if (isBeside(answer) && answer.upstream.code !== UNCALLABLE) return undecided('W31', 'refused', evidenceOf(answer));
  const status = text(record(answer.body.permission)?.status);
  return judged('W31', wasTaken(answer) && status === 'no_permission', wasTaken(answer) ? `status=${status ?? '?'}` : evidenceOf(answer));
}
