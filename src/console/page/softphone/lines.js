import { ring } from './ringer.js';

/** @import { Call, SessionDescription } from '../api-shapes.js' */
/** @import { Fault } from '../parts/problem.js' */
/** @import { Media } from './media.js' */
/** @import { Levels } from './meters.js' */

/**
 * The calls this window shows.
 * @typedef {object} Line
 * @property {Call} call
 * @property {boolean} mine when this window holds the call
 * @property {Media | null} media
 * @property {SessionDescription | null} session ours, of the browser
 * @property {boolean} warm when the sound is connected before the answer
 * @property {Promise<void>} [warming] ends when the sound is connected
 * @property {string | null} busy names the verb under way
 * @property {boolean} [lost] when a reload took the sound away
 * @property {string | null} [takenBy] who else has claimed it
 * @property {Fault | null} problem the last refusal
 * @property {number} [autoDialUntil] in ms since 1970
 * @property {Levels | null} [heard] by the meters
 * @property {(() => void) | null} [stopWatch] stops the meters
 */

const MOST_KNOWN = 100;
/** @type {Map<string, Line>} */
const lines = new Map();
/** The youngest word on every call; an event may come before the answer that opens its line. @type {Map<string, Call>} */
const known = new Map();
/** @type {Set<() => void>} */
const listeners = new Set();

export const allLines = () => [...lines.values()];
export const lineOf = (/** @type {string} */ id) => lines.get(id);

/** The line with audio: at most one. */
export const speaking = () => allLines().find(({ mine, media, call }) => mine && media && call.state !== 'ended');

/** Shows a call; ended calls are removed. @param {Call} call @param {Partial<Line>} [props] @returns {Line} */
export function openLine(call, props = {}) {
  for (const line of allLines()) if (line.call.state === 'ended') lines.delete(line.call.id);
  /** @type {Line} */
  const line = lines.get(call.id) ?? { call, mine: false, media: null, session: null, warm: false, busy: null, problem: null };
  Object.assign(line, props);
  lines.set(call.id, line);
  learn(call);
  line.call = known.get(call.id) ?? call;
  return line;
}

/** @param {Line} line */
export function closeLine(line) {
  dropMedia(line);
  lines.delete(line.call.id);
  changed();
}

/** The sound of a line ends; the call may go on. @param {Line} line */
export function dropMedia(line) {
  line.stopWatch?.();
  line.media?.close();
  Object.assign(line, { media: null, session: null, warm: false, heard: null, stopWatch: null });
}

/** @param {Call} call @returns {boolean} whether this word on a call is younger than what was known */
export function learn(call) {
  const before = known.get(call.id);
  if (before && before.sequence > call.sequence) return false;
  known.delete(call.id);
  known.set(call.id, call);
  if (known.size > MOST_KNOWN) known.delete(/** @type {string} */ (known.keys().next().value));
  const line = lines.get(call.id);
  if (line) line.call = call;
  return true;
}

/** Calls `fn` whenever a line changes. @param {() => void} fn */
export function onLines(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

export function changed() {
  ring(allLines().some((line) => phaseOf(line) === 'incoming' && (line.busy === null || line.busy === 'warming')));
  for (const fn of [...listeners]) fn();
}

/** Where a call stands for the operator of this window. @param {Line} line */
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
 * @param {Line} line
 * @param {string} name of what is done
 * @param {() => Promise<unknown>} work
 */
export async function during(line, name, work) {
  if (line.busy) return;
  Object.assign(line, { busy: name, problem: null });
  changed();
  try {
    await work();
  } catch (error) {
    line.problem = /** @type {Fault} */ (error);
  } finally {
    line.busy = null;
    changed();
  }
}
