import { api, withQuery } from '../api.js';
import { hasSeveral, numberIds, numberName, numberTitle } from '../numbers.js';
import { action, check, choice, confirmed, field, form } from '../parts/form.js';
import { load } from '../parts/load.js';
import { problemView } from '../parts/problem.js';
import { onceShown } from '../parts/secret.js';
import { pager, table } from '../parts/table.js';
import { age } from '../parts/time.js';
import { session } from '../session.js';
import { t, word } from '../texts.js';
import { fill, h } from '../view.js';

/** @import { ApiKey } from '../api-shapes.js' */
/** @import { Child } from '../view.js' */

/** API keys of consumers. @param {HTMLElement} place */
export function keysPage(place) {
  const [list, made] = [h('div', { class: 'card' }), h('div')];
  const ask = (/** @type {string | null} */ cursor) => api('GET', withQuery('/api/keys', { cursor, limit: 50 }));
  fill(
    place,
    h('h1', { tabindex: -1 }, t('keys.title')),
    made,
    list,
    newKey(made, () => again()),
  );
  /** @type {() => Promise<void>} */
  const again = load(
    list,
    () => ask(null),
    (first) => pager(first, ask, (rows) => keys(rows, made, again), problemView),
  );
}

/** @param {ApiKey[]} rows @param {HTMLElement} made @param {() => Promise<void>} again */
const keys = (rows, made, again) =>
  table({
    caption: t('keys.caption'),
    empty: t('keys.none'),
    rows,
    columns: [
      [
        t('keys.name'),
        ({ id, name }) => [
          h('strong', {}, name),
          h('br'),
          h('code', { class: 'faint' }, id),
          id === session()?.key_id ? ` (${t('keys.yours')})` : null,
        ],
      ],
      [
        t('keys.scopes'),
        ({ scopes }) =>
          h(
            'span',
            { class: 'scopes' },
            scopes.map((scope) => h('code', {}, scope)),
          ),
      ],
      ...numbersColumn(),
      [t('keys.made'), ({ created_at, source }) => [age(created_at), source === 'api' ? null : ` (${word('keySource', source)})`]],
      [t('keys.used'), ({ last_used_at }) => (last_used_at ? age(last_used_at) : t('keys.never'))],
      [
        t('word.delete'),
        ({ id, name }) =>
          action(t('word.delete'), () => remove({ id, name }, made, again), {
            class: 'danger',
            'aria-label': `${t('word.delete')} ${name}`,
          }),
      ],
    ],
  });

/** What a key reaches, where there are several numbers. @returns {[string, (key: ApiKey) => Child][]} */
const numbersColumn = () =>
  hasSeveral()
    ? [[t('keys.numbers'), ({ numbers }) => (numbers === null ? t('shell.allNumbers') : numbers.map(numberName).join(', '))]]
    : [];

/**
 * @param {{ id: string, name: string }} key
 * @param {HTMLElement} made
 * @param {() => Promise<void>} again
 */
async function remove({ id, name }, made, again) {
  if (!(await confirmed(t('keys.deleteQuestion', { name }), t('word.delete'), t('shell.cancel')))) return;
  const { subscriptions_paused: count } = await api('DELETE', `/api/keys/${encodeURIComponent(id)}`);
  fill(made, count > 0 ? h('p', { class: 'card', role: 'status' }, t('keys.paused', { name, count })) : null);
  void again();
}

/** A key can do no more than the key that makes it. @param {HTMLElement} made @param {() => Promise<void>} again */
function newKey(made, again) {
  const name = h('input', { type: 'text', required: true, maxlength: 100, autocomplete: 'off' });
  const scopes = (session()?.scopes ?? []).map((scope) => ({ scope, box: check([h('code', {}, scope), ` ${word('scope', scope)}`]) }));
  const own = session()?.numbers ?? null;
  const reach = choice(
    [['', t(own === null ? 'keys.allNumbers' : 'keys.ownNumbers')], ...numberIds().map((id) => [id, numberTitle(id)])],
    '',
  );
  const numbers = () => (reach.value ? [reach.value] : own);
  const chosen = () => scopes.filter(({ box }) => box.querySelector('input')?.checked).map(({ scope }) => scope);
  const create = async () => {
    const { key } = await api('POST', '/api/keys', {
      name: name.value.trim(),
      scopes: chosen(),
      ...(hasSeveral() ? { numbers: numbers() } : {}),
    });
    const shown = onceShown(t('keys.text'), key);
    fill(made, shown);
    shown.querySelector('input')?.focus();
    void again();
  };
  const fields = [
    field(t('keys.name'), name, t('keys.nameHint')),
    hasSeveral() ? field(t('keys.numbers'), reach) : null,
    h(
      'fieldset',
      { class: 'checks' },
      h('legend', {}, t('keys.scopes')),
      scopes.map(({ box }) => box),
    ),
  ];
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'new-key' },
    h('h2', { id: 'new-key' }, t('keys.add')),
    form(fields, t('keys.create'), create),
  );
}
