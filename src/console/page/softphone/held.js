import { api } from '../api.js';
import { question } from '../parts/question.js';
import { t } from '../texts.js';
import { askForTime } from './lease.js';
import { allLines } from './lines.js';

/** The calls this window holds. The sound of a call ends with its window, and so does the call: nobody is left in silence. */

const KEPT = 'console.softphone.held';
const WAITING = ['awaiting_permission', 'ready'];
const ON_THE_LINE = ['dialing', 'ringing', 'accepting', 'in_progress'];

/** Ids of the calls that this window had before it was loaded: of those that wait, and of those whose end went astray. */
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
    // Without it a reload forgets the calls; the list of live calls still has them.
  }
}

export const isWaiting = ({ state }) => WAITING.includes(state);

/** Asks before the window of a call is closed or loaded again, and ends the call when it is. */
export function endWithWindow() {
  addEventListener('beforeunload', (event) => {
    if (held(ON_THE_LINE).length === 0) return;
    event.preventDefault();
    askForTime();
  });
  addEventListener('pagehide', () => void lastWords());
}

/** Whoever has signed out can end nothing: asks, and ends what is held. @returns {Promise<boolean>} `false` when they stay */
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
      // A caller whose call rings may still be answered by somebody else.
      const verb = call.direction === 'inbound' && call.state === 'ringing' ? 'release' : 'terminate';
      return api('POST', `/api/calling/${verb}`, { call_id: call.id }, { keepalive: true }).catch(() => undefined);
    }),
  );

const held = (states) => allLines().filter(({ mine, call }) => mine && states.includes(call.state));
