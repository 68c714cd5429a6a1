import { POLICY } from '#calling/permissions/policy.js';
import type { Bench, Step } from '#cli/wire/bench.js';
import type { AssumptionId } from '#cli/wire/claims.js';
import { allUntold, type Finding, judged, untold } from '#cli/wire/finding.js';
import { evidenceOf, isBeside, type RawAnswer, type RawWire, wasTaken } from '#cli/wire/raw-wire.js';
import { type PermissionReading, readPermissionAnswer } from '#dialog360/permission-reading.js';
import { type JsonRecord, number, record, text } from '#kernel/read.js';
import { isBsuid, phoneDigits } from '#kernel/wa-id.js';

const IDS = ['W25', 'W26', 'W27', 'W28', 'W29', 'W30', 'W31'] as const satisfies AssumptionId[];
/** Reserved for fiction: nobody has it. */
const NOBODY = '12025550123';
const UNCALLABLE = 138001;

/** Reads permissions, which asks nobody for anything: of the person, or without one of our own number. */
export const permissionStep: Step = {
  name: 'permission',
  ids: IDS,
  needs: 'wire',
  async run(bench) {
    const { wire, to } = bench;
    if (!wire) return allUntold(IDS, 'no_key_here');
    const known = await addressesOf(bench);
    const own = await ownNumber(wire);
    const target = known.digits ?? own ?? NOBODY;
    const plain = await wire.get(pathOf(target));
    const plus = await wire.get(pathOf(`+${target}`));
    return [...ofReading(plain, plus), await byBsuid(wire, known.bsuid, to), await ofUncallable(wire, own)];
  },
};

const pathOf = (user: string): string => `/calling/permissions/${encodeURIComponent(user)}`;

/** Under which addresses the gateway knows the person. */
async function addressesOf({ gateway, to }: Bench): Promise<{ digits: string | null; bsuid: string | null }> {
  if (to === null) return { digits: null, bsuid: null };
  const { body } = await gateway.get(`/api/calling/permissions/${encodeURIComponent(to)}`);
  const user = record(body.user) ?? {};
  return { digits: text(user.wa_id) ?? phoneDigits(to) ?? null, bsuid: isBsuid(to) ? to : (text(user.user_id) ?? null) };
}

async function ownNumber(wire: RawWire): Promise<string | null> {
  const { body } = await wire.get('/v1/configs/phone_number');
  return phoneDigits(text(body.display_phone_number) ?? '') ?? null;
}

function ofReading(plain: RawAnswer, plus: RawAnswer): Finding[] {
  const reading = wasTaken(plain) ? readPermissionAnswer(plain.body) : undefined;
  const withPlus = wasTaken(plus) ? `with +: status=${text(record(plus.body.permission)?.status) ?? '?'}` : `with +: ${evidenceOf(plus)}`;
  if (!wasTaken(plain)) return allUntold(['W25', 'W26', 'W28', 'W29', 'W30'], 'refused', evidenceOf(plain), withPlus);
  if (!reading) return [judged('W25', false, evidenceOf(plain)), ...allUntold(['W26', 'W28', 'W29', 'W30'], 'not_there')];
  const permission = record(plain.body.permission) ?? {};
  return [
    judged('W25', reading.ask !== null && reading.call !== null, `members=${Object.keys(plain.body).join(',')}`),
    judged('W26', true, withPlus),
    judged('W28', reading.status !== 'unknown', `status=${text(permission.status) ?? 'absent'}`),
    ofExpiration(permission, reading),
    ofLimits(reading),
  ];
}

function ofExpiration(permission: JsonRecord, { status }: PermissionReading): Finding {
  if (status !== 'temporary') return untold('W29', 'not_there');
  const names = Object.keys(permission).filter((name) => name.startsWith('expiration'));
  return judged('W29', number(permission.expiration_time) !== undefined, `names=${names.join(',') || 'none'}`);
}

function ofLimits({ ask, call }: PermissionReading): Finding {
  const told = [
    ...(ask?.limits ?? []).map((limit) => ['ask', limit] as const),
    ...(call?.limits ?? []).map((limit) => ['call', limit] as const),
  ];
  if (told.length === 0) return untold('W30', 'not_there');
  const asDocumented = told.every(([action, { period, maxAllowed }]) =>
    POLICY.limits.some((limit) => limit.action === action && limit.period === period && limit.maxAllowed === maxAllowed),
  );
  return judged('W30', asDocumented, ...told.map(([action, { period, maxAllowed }]) => `${action} ${period}=${maxAllowed}`));
}

async function byBsuid(wire: RawWire, bsuid: string | null, to: string | null): Promise<Finding> {
  if (bsuid === null) return untold('W27', to === null ? 'needs_person' : 'no_bsuid');
  const answer = await wire.get(pathOf(bsuid));
  if (isBeside(answer)) return untold('W27', 'refused', evidenceOf(answer));
  return judged('W27', wasTaken(answer) && readPermissionAnswer(answer.body) !== undefined, evidenceOf(answer));
}

/** Our own number cannot be called from itself. */
async function ofUncallable(wire: RawWire, own: string | null): Promise<Finding> {
  if (own === null) return untold('W31', 'nothing_to_compare');
  const answer = await wire.get(pathOf(own));
  // 138001 is the error that we assume does not come.
  if (isBeside(answer) && answer.upstream.code !== UNCALLABLE) return untold('W31', 'refused', evidenceOf(answer));
  const status = text(record(answer.body.permission)?.status);
  return judged('W31', wasTaken(answer) && status === 'no_permission', wasTaken(answer) ? `status=${status ?? '?'}` : evidenceOf(answer));
}
