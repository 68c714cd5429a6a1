import { faultOf } from '../phone-number.js';
import { t } from '../texts.js';
import { h, uniqueId } from '../view.js';
import { isName } from '../whom.js';

/**
 * Says beside an input, while the operator types, what is wrong with the phone number in it.
 * @param {HTMLInputElement} input
 * @returns {{ element: HTMLElement, isWrong(): boolean, refuse(): boolean }} `refuse` leads back to a number that is wrong
 */
export function numberHint(input) {
  const element = h('p', { class: 'number-hint', id: uniqueId('number-hint'), role: 'status' });
  // A name is looked up; what begins as a number does is no name.
  const fault = () => (isName(input.value) && !/^\s*[+\d(]/.test(input.value) ? null : faultOf(input.value));
  const isWrong = () => fault()?.sure ?? false;
  const draw = () => {
    const found = fault();
    const said = found ? t(`typed.${found.key}`, found.params) : '';
    // Written only when it changes, so that it is read out once.
    if (element.textContent !== said) element.textContent = said;
    element.classList.toggle('wrong', found?.sure ?? false);
    input.setAttribute('aria-invalid', String(isWrong()));
  };
  input.addEventListener('input', draw);
  draw();
  return {
    element,
    isWrong,
    refuse: () => {
      draw();
      if (isWrong()) input.focus();
      return isWrong();
    },
  };
}
