import { h } from '../view.js';

/**
 * Asks the operator a question in a dialog; the page goes on meanwhile.
 * @param {string} text
 * @param {{ yes: string, no: string }} labels of the two buttons
 * @returns {Promise<boolean>} whether the operator chose `yes`
 */
export function question(text, { yes, no }) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { class: 'card', 'aria-label': text });
    const button = (/** @type {string} */ label, /** @type {string} */ look, /** @type {string} */ answer) =>
      h('button', { type: 'button', class: look, on: { click: () => dialog.close(answer) } }, label);
    dialog.append(h('p', {}, text), h('div', { class: 'row' }, button(no, 'quiet', 'no'), button(yes, 'danger', 'yes')));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
