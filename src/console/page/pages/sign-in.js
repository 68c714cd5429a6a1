import { field, form } from '../parts/form.js';
import { problemView } from '../parts/problem.js';
import { returnPath } from '../return-path.js';
import { signIn } from '../session.js';
import { t } from '../texts.js';
import { fill, h } from '../view.js';

/**
 * @param {HTMLElement} place
 * @param {Error | null} fault why the state of the session is unknown
 */
export function signInPage(place, fault) {
  const key = h('input', { type: 'password', name: 'password', autocomplete: 'current-password', required: true, spellcheck: 'false' });
  const name = h('input', { type: 'text', name: 'username', autocomplete: 'username', maxlength: 60 });
  fill(
    place,
    h(
      'div',
      { class: 'card sign-in' },
      h('img', { src: '/console/icon.svg', alt: '', width: 48, height: 48 }),
      h('h1', { tabindex: -1 }, t('signIn.title')),
      h('p', { class: 'faint' }, t(returnPath(location.search, location.origin) === null ? 'signIn.lead' : 'signIn.report')),
      fault ? problemView(fault) : null,
      form(
        [field(t('signIn.key'), key, t('signIn.keyHint')), field(t('signIn.name'), name, t('signIn.nameHint'))],
        t('signIn.submit'),
        async () => {
          await signIn(key.value, name.value.trim());
        },
      ),
    ),
  );
}
