import { ring } from './ringer.js';

/**
 * The calls this window shows. A line is
 * `{ call, mine, media, session, warm, warming, busy, lost, takenBy, problem, autoDialUntil, heard, stopWatch }`:
 * `mine` when this window holds the call, `warming` ends when the sound is connected, `busy` names the verb under way, `lost` when a reload took the sound away,
 * `takenBy` who else has claimed it, `problem` the last refusal, `heard` the levels of the meters.
 */

const MOST_KNOWN = 100;
const lines = new Map();
/** The youngest word on every call; an event may come before the answer that opens its line. */
const known = new Map();
const listeners = new Set();

export const allLines = () => [...lines.values()];
export const lineOf = (id) => lines.get(id);

/** The line with audio: at most one. */
export const speaking = () => allLines().find(({ mine, media, call }) => mine && media && call.state !== 'ended');

/** Shows a call; ended calls are removed. */
export function openLine(call, props = {}) {
  for (const line of allLines()) if (line.call.state === 'ended') lines.delete(line.call.id);
  const line = lines.get(call.id) ?? { call, mine: false, media: null, session: null, warm: false, busy: null, problem: null };
  Object.assign(line, props);
  lines.set(call.id, line);
  learn(call);
  line.call = known.get(call.id) ?? call;
  return line;
}

export function closeLine(line) {
  dropMedia(line);
  lines.delete(line.call.id);
  changed();
}

/** The sound of a line ends; the call may go on. */
export function dropMedia(line) {
  line.stopWatch?.();
  line.media?.close();
  Object.assign(line, { media: null, session: null, warm: false, heard: null, stopWatch: null });
}

/** @returns {boolean} whether this word on a call is younger than what was known */
export function learn(call) {
  const before = known.get(call.id);
  if (before && before.sequence > call.sequence) return false;
  known.delete(call.id);
  known.set(call.id, call);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value);
  const line = lines.get(call.id);
  if (line) line.call = call;
  return true;
}

/** Calls `fn` whenever a line changes. */
export function onLines(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

export function changed() {
  ring(allLines().some((line) => phaseOf(line) === 'incoming' && (line.busy === null || line.busy === 'warming')));
  for (const fn of [...listeners]) fn();
}

/** Where a call stands for the operator of this window. */
export function phaseOf({ call, mine, media, lost, takenBy }) {
  if (call.state === 'ended') return 'over';
  if (lost) return 'lost';
  if (call.state === 'ringing' && call.direction === 'inbound') return takenBy ? 'claimed' : 'incoming';
  if (call.state === 'awaiting_permission' || call.state === 'ready') return call.state;
  if (!mine || !media) return 'elsewhere';
  return call.state;
}

/**
 * Does something with a line: busy meanwhile, and the refusal stays on it.
 * @param {string} name of what is done
 */
export async function during(line, name, work) {
  if (line.busy) return;
  Object.assign(line, { busy: name, problem: null });
  changed();
  try {
    await work();
  } catch (error) {
    line.problem = error;
  } finally {
    line.busy = null;
    changed();
  }
}
