import { word } from '../texts.js';
import { h } from '../view.js';

/** The colour of a value of the API; every badge shows the value as text, too. */
const TONES = {
  good: [
    'pass',
    'available',
    'answered',
    'in_progress',
    'delivered',
    'active',
    'done',
    'permanent',
    'temporary',
    'accepted',
    'ENABLED',
    'open',
  ],
  bad: ['fail', 'blocked', 'failed', 'rejected', 'permission_denied', 'exhausted', 'disabled', 'declined', 'failing'],
  warn: [
    'warning',
    'unconfirmed',
    'stopped',
    'missed',
    'no_answer',
    'expired',
    'retrying',
    'paused',
    'no_permission',
    'canceled',
    'closed',
  ],
  busy: ['ringing', 'dialing', 'accepting', 'ready', 'awaiting_permission', 'running', 'sent'],
};
const toneOf = new Map(Object.entries(TONES).flatMap(([tone, names]) => names.map((name) => [name, tone])));

/** @param {string} group the field of the API, such as `state` or `verdict` @param {string | null} name */
export const badge = (group, name) => h('span', { class: `badge ${toneOf.get(name ?? '') ?? 'plain'}` }, word(group, name ?? 'unknown'));
