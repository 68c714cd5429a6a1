import { api } from '../api.js';
import { allLines } from './lines.js';

/** The calls this window holds: they end with it, but not with a reload, after which they can be ended by hand. */

const KEPT = 'console.softphone.held';
const ON_THE_LINE = ['dialing', 'ringing', 'accepting', 'in_progress'];
let reloading = false;

/** Ids of the calls that this window held before it was loaded. */
export function heldBefore() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
  } catch {
    return [];
  }
}

/** Keeps what a reload must find again. */
export function keepHeld() {
  const ids = allLines().filter(isHeld);
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(ids.map(({ call }) => call.id)));
  } catch {
    // Without it a reload forgets the calls; the list of live calls still has them.
  }
}

/** Where a browser does not tell a reload from an end, the call ends, too: its sound is lost either way. */
export function endWithWindow() {
  globalThis.navigation?.addEventListener('navigate', ({ navigationType }) => {
    reloading = navigationType === 'reload';
  });
  addEventListener('pagehide', () => {
    if (reloading) return;
    for (const { call } of allLines().filter(isHeld)) {
      const verb = call.direction === 'inbound' && call.state === 'ringing' ? 'release' : 'terminate';
      void api('POST', `/api/calling/${verb}`, { call_id: call.id }, { keepalive: true }).catch(() => undefined);
    }
  });
}

const isHeld = ({ mine, call }) => mine && ON_THE_LINE.includes(call.state);
