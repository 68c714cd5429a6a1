import type { Step } from '#cli/wire/bench.js';
import type { AssumptionId } from '#cli/wire/claims.js';
import { allUntold, type Finding, judged, untold } from '#cli/wire/finding.js';
import { evidenceOf, wasTaken } from '#cli/wire/raw-wire.js';
import { restrictionsOf } from '#dialog360/number-reading.js';
import { type JsonRecord, record, text } from '#kernel/read.js';

const IDS = ['W59', 'W60', 'W61', 'W62'] as const satisfies AssumptionId[];
const SWITCH = ['ENABLED', 'DISABLED', 'NOT_SET'];

export const settingsStep: Step = {
  name: 'settings',
  ids: IDS,
  needs: 'wire',
  async run({ wire }) {
    if (!wire) return allUntold(IDS, 'no_key_here');
    const answer = await wire.get('/calling/settings');
    if (!wasTaken(answer)) return allUntold(IDS, 'refused', evidenceOf(answer));
    const calling = record(answer.body.calling);
    if (!calling) return [judged('W59', false, `members=${Object.keys(answer.body).join(',')}`), ...allUntold(IDS.slice(1), 'not_there')];
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

function oneOf(id: AssumptionId, name: string, calling: JsonRecord, words: readonly string[]): Finding {
  const value = text(calling[name]);
  return value === undefined ? untold(id, 'not_there') : judged(id, words.includes(value), `${name}=${value}`);
}

function restrictions(calling: JsonRecord): Finding {
  const group = calling.restrictions;
  if (group === undefined || group === null) return untold('W60', 'not_there');
  const names = Array.isArray(group) ? ['restrictions'] : Object.keys(record(group) ?? {}).map((name) => `restrictions.${name}`);
  const arrays = Array.isArray(group) ? [group] : Object.values(record(group) ?? {}).filter(Array.isArray);
  const longest = Math.max(0, ...arrays.map(({ length }) => length));
  return judged('W60', restrictionsOf(calling).length === longest && arrays.length > 0, `names=${names.join(',')}`, `entries=${longest}`);
}
