import { can } from '../session.js';
import { t } from '../texts.js';
import { fill, h } from '../view.js';
import { phoneOfShell } from './phone.js';

/**
 * Calls a person with one click, on any page: the call appears in the softphone. Nothing for an operator who may not call.
 * @param {string} address a phone number or a BSUID
 * @param {string | undefined} number the business number that calls, where there are several
 * @param {string} label
 * @param {string} who whom it calls, for those who listen to the page
 */
export function callButton(address, number, label, who) {
  if (!can('calls:dial') || !can('calls:control')) return null;
  const said = h('div', { class: 'said' });
  const button = h('button', { type: 'button', 'aria-label': t('find.callWho', { label, who }) }, label);
  button.addEventListener('click', async () => {
    button.disabled = true;
    fill(said);
    // The softphone is loaded with the page of an operator who may use it.
    const phone = await phoneOfShell.load();
    try {
      const refusal = await phone.callPerson(address, number === undefined ? {} : { phone_number_id: number });
      if (refusal) fill(said, h('p', { class: 'warn-text', role: 'alert' }, refusal));
    } catch (error) {
      fill(said, phone.troubleView(error));
    } finally {
      button.disabled = false;
    }
  });
  return h('div', { class: 'action' }, button, said);
}
