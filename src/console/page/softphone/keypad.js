import { t } from '../texts.js';
import { fill, h } from '../view.js';

/** @import { Line } from './lines.js' */

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Keys for menus of the other side; the digits of the keyboard work while the focus is within. @param {Line} line */
export function keypad(line) {
  const sent = h('output', { class: 'phone-sent', 'aria-live': 'polite' });
  let digits = '';
  const press = (/** @type {string} */ digit) => {
    if (!line.media?.press(digit)) return;
    digits += digit;
    fill(sent, t('softphone.sent', { digits }));
  };
  const key = (/** @type {string} */ digit) =>
    h('button', { type: 'button', 'aria-label': t('softphone.key', { digit }), on: { click: () => press(digit) } }, digit);
  return h(
    'details',
    {
      class: 'phone-keypad',
      on: {
        keydown: (/** @type {KeyboardEvent} */ event) => {
          if (DIGITS.includes(event.key) && !event.repeat) press(event.key);
        },
      },
    },
    h('summary', { 'data-do': 'keypad' }, t('softphone.keypad')),
    h('div', { class: 'phone-keys' }, DIGITS.map(key)),
    sent,
  );
}
