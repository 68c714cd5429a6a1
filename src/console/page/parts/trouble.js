import { t } from '../texts.js';
import { h } from '../view.js';

/** @import { BusinessNumber } from '../api-shapes.js' */

/** What may be wrong with a number, the worst first; `fine` when nothing is. */
export const TROUBLES = /** @type {const} */ ([
  'key_rejected',
  'webhook_elsewhere',
  'webhook_silent',
  'blocked',
  'paused',
  'removing',
  'fine',
]);
/** @typedef {(typeof TROUBLES)[number]} Trouble */

const TONES = {
  key_rejected: 'bad',
  webhook_elsewhere: 'bad',
  webhook_silent: 'bad',
  blocked: 'bad',
  paused: 'warn',
  removing: 'warn',
  fine: 'good',
};

/** Everything that is wrong with a number, the worst first. What is unknown is no trouble. @param {BusinessNumber} number @returns {Trouble[]} */
export function troublesOf({ key_rejected_at, webhook, last_check, state }) {
  const found = /** @type {Trouble[]} */ (
    [
      key_rejected_at !== null && 'key_rejected',
      webhook.matches === false && 'webhook_elsewhere',
      last_check?.webhook_silent === true && 'webhook_silent',
      (last_check?.outbound === 'blocked' || last_check?.inbound === 'blocked') && 'blocked',
      state === 'paused' && 'paused',
      state === 'removing' && 'removing',
    ].filter(Boolean)
  );
  return found.length > 0 ? found : ['fine'];
}

/** How bad it is: 0 is the worst. @param {BusinessNumber} number */
export const rankOf = (number) => TROUBLES.indexOf(troublesOf(number)[0] ?? 'fine');

/** @param {readonly Trouble[]} troubles */
export const troubleBadges = (troubles) =>
  h(
    'span',
    { class: 'troubles' },
    troubles.map((trouble) => h('span', { class: `badge ${TONES[trouble]}` }, t(`trouble.${trouble}`))),
  );
