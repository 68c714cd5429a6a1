import { word } from '../texts.js';
import { h } from '../view.js';

/** What a word of the wire means to the eye; every badge says its word, too. */
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
  bad: ['fail', 'blocked', 'failed', 'rejected', 'permission_denied', 'exhausted', 'disabled', 'declined'],
  warn: ['warning', 'missed', 'no_answer', 'expired', 'retrying', 'paused', 'no_permission', 'canceled', 'closed'],
  busy: ['ringing', 'dialing', 'accepting', 'ready', 'awaiting_permission', 'running', 'sent'],
};
const toneOf = new Map(Object.entries(TONES).flatMap(([tone, names]) => names.map((name) => [name, tone])));

/** @param {string} group whose words these are, such as `state` or `verdict` */
export const badge = (group, name) => h('span', { class: `badge ${toneOf.get(name) ?? 'plain'}` }, word(group, name ?? 'unknown'));
