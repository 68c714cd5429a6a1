import { api } from '../api.js';
import { session } from '../session.js';
import { t } from '../texts.js';
import { announce } from '../view.js';
import { iceServers } from './ice.js';
import { keep } from './lease.js';
import { changed, dropMedia, during, learn, openLine, speaking } from './lines.js';
import { Media } from './media.js';
import { sound } from './meters.js';
import { preferences } from './preferences.js';

/** @import { Call, SessionDescription } from '../api-shapes.js' */
/** @import { Fault } from '../parts/problem.js' */
/** @import { Line } from './lines.js' */

/** Calls that come in. */

/** Another operator's claim lapses after this, unless they answer (`CLAIM_TTL_SECONDS`). */
const CLAIM_MS = 30_000;
/** The error codes while another operator, or another window, holds the claim. */
const TAKEN = ['call_claimed', 'answer_mismatch', 'call_already_answered'];

/** A call rings: it is shown, and taken at once when the operator wants that and has no other. @param {Call} call */
export function incoming(call) {
  const line = openLine(call);
  if (call.claimed_by && !line.mine) taken(line, call.claimed_by);
  else if (preferences().ready && !speaking()) line.warming = warmUp(line);
  changed();
}

/** Connects the sound before the answer, silently; this claims the call. @param {Line} line */
function warmUp(line) {
  return during(line, 'warming', async () => {
    const answer = await prepare(line);
    line.mine = true;
    await claiming(line, 'pre-accept', answer);
    if (!line.mine) return;
    line.warm = true;
    // Asked for now, so that no question of the browser stands between the click and the first word.
    line.media?.open().catch(() => undefined);
  });
}

/** Answers. The microphone opens only after 360dialog has accepted. @param {Line} line */
export async function answer(line) {
  // A click is what browsers want before a page may make a sound.
  sound();
  await line.warming;
  if (line.takenBy) return;
  await during(line, 'answering', async () => {
    const ours = await prepare(line);
    // The call may have ended meanwhile, and its sound with it.
    if (!line.media) return;
    await line.media.open();
    line.mine = true;
    await claiming(line, 'accept', ours);
  });
}

export const reject = (/** @type {Line} */ line) =>
  during(line, 'rejecting', async () => {
    const { mine } = line;
    // The event of the end may be here before the answer.
    line.mine = true;
    try {
      learn(await api('POST', '/api/calling/reject', { call_id: line.call.id }));
    } catch (error) {
      line.mine = mine;
      throw error;
    }
  });

/** What an event makes of a line. @param {Line} line @param {string} type */
export function inboundChanged(line, type) {
  const { call } = line;
  if (type === 'call.claimed' && !(line.mine && call.claimed_by === session()?.name)) taken(line, call.claimed_by);
  if (line.takenBy && call.state === 'ringing' && !call.claimed_by) line.takenBy = null;
  if (line.mine && call.state === 'in_progress') void line.media?.speak().catch((error) => fail(line, error));
}

/** @param {Line} line @returns {Promise<SessionDescription>} ours */
async function prepare(line) {
  line.media ??= new Media(await iceServers());
  if (line.session) return line.session;
  if (!line.call.session) throw new Error('SDP: no offer');
  line.session = await line.media.answer(line.call.session);
  return line.session;
}

/**
 * Pre-accepts or accepts, either of which is refused when another operator was first.
 * @param {Line} line
 * @param {'pre-accept' | 'accept'} verb
 * @param {SessionDescription} ours
 */
async function claiming(line, verb, ours) {
  keep();
  try {
    learn(await api('POST', `/api/calling/${verb}`, { call_id: line.call.id, session: ours }));
    inboundChanged(line, 'answer');
  } catch (error) {
    if (TAKEN.includes(error.problem?.code)) return taken(line, line.call.claimed_by ?? session()?.name ?? '');
    if (!line.warm) line.mine = false;
    throw error;
  }
}

/** @param {Line} line @param {string | null} who `null` when the claim was given up */
function taken(line, who) {
  dropMedia(line);
  Object.assign(line, { mine: false, takenBy: who });
  if (who) announce(t('softphone.claimed', { who }));
  setTimeout(() => {
    line.takenBy = null;
    changed();
  }, CLAIM_MS);
}

/** @param {Line} line @param {Fault} error */
function fail(line, error) {
  line.problem = error;
  changed();
}
