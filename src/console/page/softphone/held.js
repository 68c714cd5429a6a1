import { api } from '../api.js';
import { question } from '../parts/question.js';
import { t } from '../texts.js';
import { askForTime } from './lease.js';
import { allLines } from './lines.js';

/** @import { Call } from '../api-shapes.js' */

/** The calls this window holds. The audio of a call ends with its window, and so does the call: the other side does not wait in silence. */

const KEPT = 'console.softphone.held';
const WAITING = ['awaiting_permission', 'ready'];
const ON_THE_LINE = ['dialing', 'ringing', 'accepting', 'in_progress'];

/**
 * Ids of the calls that this window had before it was loaded: of waiting calls, and of calls without a response to their hang-up.
 * @returns {string[]}
 */
export function heldBefore() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
  } catch {
    return [];
  }
}

/** Keeps what a reload must find again. */
export function keepHeld() {
  const ids = held([...WAITING, ...ON_THE_LINE]).map(({ call }) => call.id);
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(ids));
  } catch {
    // Without it a reload loses the calls; the list of live calls still has them.
  }
}

export const isWaiting = (/** @type {Call} */ { state }) => WAITING.includes(state);

/** Asks before the window of a call is closed or loaded again, and ends the call when it is. */
export function endWithWindow() {
  addEventListener('beforeunload', (event) => {
    if (held(ON_THE_LINE).length === 0) return;
    event.preventDefault();
    askForTime();
  });
  addEventListener('pagehide', () => void lastWords());
}

/** Before a sign-out asks the operator and ends the held calls: afterwards they cannot. @returns {Promise<boolean>} `false` when they stay */
export async function endBeforeSignOut() {
  if (held(ON_THE_LINE).length === 0) return true;
  if (!(await question(t('softphone.signOut'), { yes: t('softphone.signOutYes'), no: t('softphone.signOutNo') }))) return false;
  await lastWords();
  return true;
}

/** The gateway goes on with a hang-up that it could not carry out at once. */
const lastWords = () =>
  Promise.all(
    held(ON_THE_LINE).map(({ call }) => {
      // Another operator may still answer a ringing call.
      const verb = call.direction === 'inbound' && call.state === 'ringing' ? 'release' : 'terminate';
      return api('POST', `/api/calling/${verb}`, { call_id: call.id }, { keepalive: true }).catch(() => undefined);
    }),
  );

const held = (/** @type {string[]} */ states) => allLines().filter(({ mine, call }) => mine && states.includes(call.state));
