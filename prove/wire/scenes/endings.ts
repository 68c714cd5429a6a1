import { SECOND } from '#kernel/clock.js';
import { number } from '#kernel/read.js';
import { type AssumptionFinding, judged, undecided } from '../finding.ts';
import { endOf, orderOf, type Trace, timelineEntryOf, timeOf } from './trace.ts';

/** Meta rounds to whole seconds at both ends. */
const ROUNDING_SECONDS = 2;
/** The default of RING_DEADLINE_SECONDS. */
const OUR_TIMEOUT_SECONDS = 120;

const terminateOf = (trace: Trace): string => {
  const end = endOf(trace);
  return end ? `terminate: status=${end.status ?? 'absent'} duration=${end.seconds ?? 'absent'}` : 'no terminate';
};

export function ofUnanswered(trace: Trace): AssumptionFinding[] {
  const end = endOf(trace);
  if (timelineEntryOf(trace, 'webhook', 'REJECTED') || timelineEntryOf(trace, 'webhook', 'ACCEPTED'))
    return [undecided('W11', 'otherwise', orderOf(trace)), undecided('W16', 'otherwise')];
  const [from, to] = [timeOf(trace, 'ringing_at') ?? timeOf(trace, 'dialed_at'), timeOf(trace, 'ended_at')];
  const rang = from === null || to === null ? null : Math.round((to - from) / SECOND);
  return [
    judged('W11', end !== undefined && rang !== null && rang < OUR_TIMEOUT_SECONDS, `rang ${rang ?? '?'} s`, orderOf(trace)),
    end ? judged('W16', end.status === 'COMPLETED' && end.seconds === null, terminateOf(trace)) : undecided('W16', 'lost', orderOf(trace)),
  ];
}

export function ofDeclined(trace: Trace): AssumptionFinding[] {
  if (timelineEntryOf(trace, 'webhook', 'ACCEPTED')) return [undecided('W17', 'otherwise', orderOf(trace))];
  const rejected = timelineEntryOf(trace, 'webhook', 'REJECTED');
  const end = endOf(trace);
  // A call that rings out looks like a decline without REJECTED; the times show which it was.
  if (!rejected && trace.outcome === 'no_answer') return [undecided('W17', 'otherwise', orderOf(trace), terminateOf(trace))];
  return [judged('W17', rejected !== undefined && end !== undefined, orderOf(trace), terminateOf(trace))];
}

export function ofCanceled(trace: Trace): AssumptionFinding[] {
  const sent = timelineEntryOf(trace, 'request', 'terminate');
  const end = endOf(trace);
  if (!sent || trace.outcome !== 'canceled') return [undecided('W18', 'otherwise', orderOf(trace))];
  if (!end) return [judged('W18', false, 'no terminate within 30 s')];
  return [judged('W18', end.seconds === null, `heard ${Math.round((end.at - sent.at) / SECOND)} s after ours`, terminateOf(trace))];
}

export function ofAnswered(trace: Trace): AssumptionFinding[] {
  const accepted = timelineEntryOf(trace, 'webhook', 'ACCEPTED');
  if (!accepted && trace.outcome !== 'answered') return [undecided('W08', 'otherwise', orderOf(trace)), undecided('W19', 'otherwise')];
  return [judged('W08', accepted !== undefined, orderOf(trace)), ofDuration(trace)];
}

function ofDuration(trace: Trace): AssumptionFinding {
  const seconds = endOf(trace)?.seconds ?? number(trace.call.duration_seconds);
  const [from, to] = [timeOf(trace, 'answered_at'), timeOf(trace, 'ended_at')];
  if (seconds === undefined || from === null || to === null) return judged('W19', false, terminateOf(trace));
  const between = Math.round((to - from) / SECOND);
  return judged('W19', Math.abs(between - seconds) <= ROUNDING_SECONDS, `ACCEPTED to end ${between} s`, terminateOf(trace));
}
