import { evidenceOf, wasTaken } from '#cli/webhook/raw-upstream.js';
import { restrictionsOf } from '#dialog360/number-reading.js';
import { type JsonRecord, record, text } from '#kernel/read.js';
import type { AssumptionId } from '../claims.ts';
import { type AssumptionFinding, allUndecided, judged, undecided } from '../finding.ts';
import type { VerificationStep } from '../step.ts';

const IDS = ['W59', 'W60', 'W61', 'W62'] as const satisfies AssumptionId[];
const SWITCH = ['ENABLED', 'DISABLED', 'NOT_SET'];

export const settingsStep: VerificationStep = {
  name: 'settings',
  ids: IDS,
  needs: 'upstream',
  async run({ upstream }) {
    if (!upstream) return allUndecided(IDS, 'no_key_here');
    const answer = await upstream.get('/calling/settings');
    if (!wasTaken(answer)) return allUndecided(IDS, 'refused', evidenceOf(answer));
    const calling = record(answer.body.calling);
    if (!calling)
      return [judged('W59', false, `members=${Object.keys(answer.body).join(',')}`), ...allUndecided(IDS.slice(1), 'not_there')];
    return [
      judged(
        'W59',
        SWITCH.includes(text(calling.status) ?? ''),
        `status=${text(calling.status) ?? 'absent'}`,
        `members=${Object.keys(calling).join(',')}`,
      ),
      restrictions(calling),
      oneOf('W61', 'callback_permission_status', calling, SWITCH),
      oneOf('W62', 'call_icon_visibility', calling, ['DEFAULT', 'DISABLE_ALL']),
    ];
  },
};

function oneOf(id: AssumptionId, name: string, calling: JsonRecord, words: readonly string[]): AssumptionFinding {
  const value = text(calling[name]);
  return value === undefined ? undecided(id, 'not_there') : judged(id, words.includes(value), `${name}=${value}`);
}

function restrictions(calling: JsonRecord): AssumptionFinding {
  const group = calling.restrictions;
  if (group === undefined || group === null) return undecided('W60', 'not_there');
  const names = Array.isArray(group) ? ['restrictions'] : Object.keys(record(group) ?? {}).map((name) => `restrictions.${name}`);
  const arrays = Array.isArray(group) ? [group] : Object.values(record(group) ?? {}).filter(Array.isArray);
  const longest = Math.max(0, ...arrays.map(({ length }) => length));
  return judged('W60', restrictionsOf(calling).length === longest && arrays.length > 0, `names=${names.join(',')}`, `entries=${longest}`);
}
