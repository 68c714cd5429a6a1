import { SECOND } from '#kernel/clock.js';
import { bool, record, text } from '#kernel/read.js';
import { isBsuid, phoneDigits, phoneKey } from '#kernel/wa-id.js';
import type { AssumptionId } from '../claims.ts';
import { type AssumptionFinding, judged, undecided } from '../finding.ts';
import { orderOf, type Trace, timelineEntryOf, timeOf } from './trace.ts';

/** A webhook travels a few seconds; more means that its timestamp is of something else. */
const TRAVEL_MS = 30 * SECOND;

export const EVERY_CALL = ['W04', 'W05', 'W06', 'W07', 'W09', 'W10', 'W43', 'W44', 'W53', 'W84'] as const satisfies AssumptionId[];

/** What any call that was dialled shows, however it went on. */
export function ofEveryCall(trace: Trace, to: string): AssumptionFinding[] {
  const answer = timelineEntryOf(trace, 'answer', 'connect');
  return [
    judged('W04', Boolean(trace.wacid?.startsWith('wacid.')), `status=${text(answer?.data.status) ?? '?'}`, orderOf(trace)),
    opaque('W05', trace, ['connect']),
    opaque('W06', trace, ['RINGING', 'ACCEPTED', 'REJECTED']),
    opaque('W07', trace, ['terminate']),
    ofRole(trace),
    ofRinging(trace),
    ofPerson(trace, to),
    ofBsuid(trace),
    ofTimes(trace),
    // A dial that Meta took shows that calls are routed to this partner.
    judged('W84', Boolean(trace.wacid?.startsWith('wacid.')), `status=${text(answer?.data.status) ?? '?'}`),
  ];
}

/** Whether the callback data came back, where the timeline has it (`opaque_returned`). */
function opaque(id: AssumptionId, trace: Trace, names: readonly string[]): AssumptionFinding {
  const told = names.flatMap((name) => timelineEntryOf(trace, 'webhook', name) ?? []);
  if (told.length === 0) return undecided(id, 'not_seen_yet');
  const returned = told.map(({ name, data }) => [name, bool(data.opaque_returned)] as const);
  if (returned.some(([, value]) => value === undefined)) return undecided(id, 'not_kept');
  return judged(
    id,
    returned.every(([, value]) => value),
    ...returned.map(([name, value]) => `${name}: ${value ? 'returned' : 'absent'}`),
  );
}

function ofRole({ dtlsRole }: Trace): AssumptionFinding {
  if (dtlsRole === null) return undecided('W09', 'not_seen_yet');
  return judged('W09', dtlsRole === 'active' || dtlsRole === 'passive', `a=setup:${dtlsRole}`);
}

function ofRinging(trace: Trace): AssumptionFinding {
  const rang = timelineEntryOf(trace, 'webhook', 'RINGING');
  const decided = timelineEntryOf(trace, 'webhook', 'ACCEPTED') ?? timelineEntryOf(trace, 'webhook', 'REJECTED');
  return rang || decided ? judged('W10', rang !== undefined, orderOf(trace)) : undecided('W10', 'not_seen_yet', orderOf(trace));
}

function ofPerson({ call }: Trace, to: string): AssumptionFinding {
  const user = record(call.user) ?? {};
  if (isBsuid(to)) return judged('W43', text(user.user_id) === to);
  const [dialled, named] = [phoneDigits(to), text(user.wa_id)];
  if (dialled === undefined || named === undefined) return undecided('W43', 'not_there');
  return judged(
    'W43',
    phoneKey(dialled) === phoneKey(named),
    dialled === named ? 'the same digits' : `a twin: ${dialled.length} digits dialled, ${named.length} named`,
  );
}

function ofBsuid({ call }: Trace): AssumptionFinding {
  const told = text(record(call.user)?.user_id);
  return told === undefined ? undecided('W44', 'not_there') : judged('W44', true, `user_id=${told}`);
}

function ofTimes(trace: Trace): AssumptionFinding {
  const [wire, heard] = [timeOf(trace, 'ringing_at'), timelineEntryOf(trace, 'webhook', 'RINGING')?.at];
  if (wire === null || heard === undefined) return undecided('W53', 'not_seen_yet');
  return judged('W53', Math.abs(heard - wire) <= TRAVEL_MS, `RINGING heard ${Math.round((heard - wire) / SECOND)} s after its timestamp`);
}
