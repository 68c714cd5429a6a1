import { api, withQuery } from '../api.js';
import { hasSeveral, numberIds, numberName, numberTitle } from '../numbers.js';
import { action, check, choice, confirmed, field, form } from '../parts/form.js';
import { limitFields, presetField, shownLimits } from '../parts/key-limits.js';
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
        ({ id, name, suspended }) => [
          h('strong', {}, name),
          h('br'),
          h('code', { class: 'faint' }, id),
          id === session()?.key_id ? ` (${t('keys.yours')})` : null,
          suspended ? [h('br'), h('strong', {}, t('keys.suspended'))] : null,
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
      [t('keys.limits'), (key) => shownLimits(key) ?? t('keys.noLimits')],
      [t('keys.made'), ({ created_at, source }) => [age(created_at), source === 'api' ? null : ` (${word('keySource', source)})`]],
      [t('keys.used'), ({ last_used_at }) => (last_used_at ? age(last_used_at) : t('keys.never'))],
      [t('keys.use'), (key) => (key.source === 'environment' ? null : [suspension(key, again), changeLimits(key, made, again)])],
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

/** Stops a key, or puts it back into use. @param {ApiKey} key @param {() => Promise<void>} again */
const suspension = ({ id, name, suspended }, again) => {
  const label = t(suspended ? 'keys.resume' : 'keys.suspend');
  const work = async () => {
    if (!suspended && !(await confirmed(t('keys.suspendQuestion', { name }), label, t('shell.cancel')))) return;
    await api('PATCH', `/api/keys/${encodeURIComponent(id)}`, { suspended: !suspended });
    void again();
  };
  return action(label, work, { 'aria-label': `${label} ${name}` });
};

/** Opens the limits of a key. @param {ApiKey} key @param {HTMLElement} place @param {() => Promise<void>} again */
const changeLimits = ({ id, name, limits }, place, again) =>
  action(
    t('keys.changeLimits'),
    async () => {
      const { fields, read } = limitFields(limits);
      const save = async () => {
        await api('PATCH', `/api/keys/${encodeURIComponent(id)}`, { limits: read() });
        fill(place);
        void again();
      };
      const title = t('keys.limitsOf', { name });
      fill(place, h('section', { class: 'card', 'aria-label': title }, h('h2', {}, title), form(fields, t('keys.saveLimits'), save)));
      place.querySelector('input')?.focus();
    },
    { 'aria-label': `${t('keys.changeLimits')} ${name}` },
  );

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
  const limits = limitFields(null);
  const preset = presetField(({ scopes: wanted, limits: given }) => {
    for (const { scope, box } of scopes) {
      const input = box.querySelector('input');
      if (input) input.checked = wanted.includes(scope);
    }
    limits.show(given);
  });
  const numbers = () => (reach.value ? [reach.value] : own);
  const chosen = () => scopes.filter(({ box }) => box.querySelector('input')?.checked).map(({ scope }) => scope);
  const create = async () => {
    const { key } = await api('POST', '/api/keys', {
      name: name.value.trim(),
      scopes: chosen(),
      limits: limits.read(),
      ...(hasSeveral() ? { numbers: numbers() } : {}),
    });
    const shown = onceShown(t('keys.text'), key);
    fill(made, shown);
    shown.querySelector('input')?.focus();
    void again();
  };
  const fields = [
    field(t('keys.name'), name, t('keys.nameHint')),
    preset,
    hasSeveral() ? field(t('keys.numbers'), reach) : null,
    h(
      'fieldset',
      { class: 'checks' },
      h('legend', {}, t('keys.scopes')),
      scopes.map(({ box }) => box),
    ),
    limits.fields,
  ];
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'new-key' },
    h('h2', { id: 'new-key' }, t('keys.add')),
    form(fields, t('keys.create'), create),
  );
}
