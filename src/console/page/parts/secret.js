import { h } from '../view.js';

/** A text that is shown once. @param {string} lead @param {string} text */
export function onceShown(lead, text) {
  const value = h('input', {
    type: 'text',
    readonly: true,
    value: text,
    class: 'secret',
    'aria-label': lead,
    on: { focus: () => value.select() },
  });
  return h('div', { class: 'card effects', role: 'status' }, h('p', {}, h('strong', {}, lead)), value);
}
