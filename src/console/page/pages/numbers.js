import { api } from '../api.js';
import { allNumbers, numberTitle, onNumbers, readNumbers, renewNumbers } from '../numbers.js';
import { phone } from '../parts/call.js';
import { action, choice, field } from '../parts/form.js';
import { fact } from '../parts/gates.js';
import { load } from '../parts/load.js';
import { addNumber, manage } from '../parts/manage-number.js';
import { table } from '../parts/table.js';
import { age, number as count, dash } from '../parts/time.js';
import { rankOf, troubleBadges, troublesOf } from '../parts/trouble.js';
import { linkTo } from '../router.js';
import { can } from '../session.js';
import { t, word } from '../texts.js';
import { announce, fill, h } from '../view.js';

/** @import { BusinessNumber } from '../api-shapes.js' */
/** @import { Route } from '../router.js' */
/** @import { Child } from '../view.js' */

const SHOWN_AT_ONCE = 50;

/** All numbers that the session reaches, the worst first. @param {HTMLElement} place */
export function numbersPage(place) {
  const [search, which, list, made] = [
    h('input', { type: 'search', autocomplete: 'off' }),
    choice(
      ['showAll', 'showTrouble'].map((name) => [name, t(`numbers.${name}`)]),
      'showAll',
    ),
    h('div', { class: 'card' }),
    h('div'),
  ];
  let most = SHOWN_AT_ONCE;
  const draw = () => fill(list, listed(search.value, which.value === 'showTrouble', most, more));
  const more = () => {
    most += SHOWN_AT_ONCE;
    draw();
  };
  const again = () => {
    most = SHOWN_AT_ONCE;
    draw();
  };
  search.addEventListener('input', again);
  which.addEventListener('change', again);
  fill(
    place,
    h('h1', { tabindex: -1 }, t('numbers.title')),
    h('p', { class: 'lead' }, t('numbers.lead')),
    made,
    h(
      'div',
      { class: 'filters card', role: 'search' },
      field(t('numbers.search'), search, t('numbers.searchHint')),
      field(t('numbers.show'), which),
    ),
    list,
    addNumber(made),
  );
  // What is known is shown at once; what has changed since follows.
  if (allNumbers().length > 0) draw();
  else load(list, readNumbers, () => listed(search.value, which.value === 'showTrouble', most, more));
  const stop = onNumbers(draw);
  void renewNumbers();
  return stop;
}

/**
 * @param {string} typed
 * @param {boolean} troubledOnly
 * @param {number} most
 * @param {() => void} more
 */
function listed(typed, troubledOnly, most, more) {
  const all = allNumbers();
  const troubled = all.filter((one) => troublesOf(one)[0] !== 'fine');
  const found = (troubledOnly ? troubled : all).filter((one) => isFound(one, typed)).sort((a, b) => rankOf(a) - rankOf(b));
  const said = t('numbers.found', { count: count(found.length), all: count(all.length), troubled: count(troubled.length) });
  return [
    h('p', { class: 'faint', role: 'status' }, said),
    table({ caption: t('numbers.caption'), empty: t('numbers.none'), rows: found.slice(0, most), columns: columns() }),
    found.length > most ? h('button', { type: 'button', class: 'more', on: { click: more } }, t('shell.more')) : null,
  ];
}

/** @returns {Array<[title: string, cell: (number: BusinessNumber) => Child]>} */
const columns = () => [
  [
    t('numbers.one'),
    ({ phone_number_id: id, name, display_phone_number: digits }) => [
      h('a', { href: linkTo(['numbers', id], {}, null) }, h('strong', {}, name ?? phone(digits) ?? id)),
      name && digits ? h('p', { class: 'faint' }, phone(digits)) : null,
    ],
  ],
  [t('numbers.status'), (number) => troubleBadges(troublesOf(number))],
  [t('numbers.reference'), ({ reference }) => reference ?? dash()],
  [t('numbers.lastDelivery'), ({ webhook }) => age(webhook.last_delivery_at)],
  [t('numbers.open'), ({ phone_number_id: id }) => links(id)],
  .../** @type {Array<[string, (number: BusinessNumber) => Child]>} */ (can('numbers:admin') ? [[t('numbers.manage'), pauseButton]] : []),
];

/** @param {string} id */
const links = (id) => [
  can('status:read')
    ? h('a', { href: linkTo([], {}, id), 'aria-label': `${t('numbers.open')} ${numberTitle(id)}` }, t('numbers.open'))
    : null,
  ' ',
  can('calls:read')
    ? h('a', { href: linkTo(['calls'], {}, id), 'aria-label': `${t('numbers.calls')} ${numberTitle(id)}` }, t('numbers.calls'))
    : null,
];

/** @param {BusinessNumber} number */
export function pauseButton({ phone_number_id: id, state }) {
  if (state === 'removing') return dash();
  const isPaused = state === 'paused';
  const verb = isPaused ? 'resume' : 'pause';
  const work = async () => {
    await api('PATCH', `/api/numbers/${encodeURIComponent(id)}`, { state: isPaused ? 'active' : 'paused' });
    const done = t(`numbers.${verb}d`, { number: numberTitle(id) });
    await readNumbers();
    announce(done);
  };
  return action(t(`numbers.${verb}`), work, { 'aria-label': `${t(`numbers.${verb}`)} ${numberTitle(id)}` });
}

/** Whether what was typed stands in anything by which people know a number. @param {BusinessNumber} number @param {string} typed */
function isFound({ phone_number_id, display_phone_number, name, reference, waba_id, portfolio_id }, typed) {
  const wanted = typed.trim().toLowerCase();
  const digits = wanted.replace(/[^\d]/g, '');
  const isNumber = digits !== '' && /^[\d\s+().-]+$/.test(wanted);
  return [phone_number_id, display_phone_number, name, reference, waba_id, portfolio_id].some(
    (text) => text?.toLowerCase().includes(wanted) || (isNumber && text?.includes(digits)),
  );
}

/** One number: how it is, and what may be done with it. @param {HTMLElement} place @param {Route} at */
export function numberPage(place, { path: [, id = ''] }) {
  const [heading, body, tools] = [h('h1', { tabindex: -1 }, numberTitle(id)), h('div', { class: 'stack' }), h('div', { class: 'stack' })];
  fill(
    place,
    h('p', {}, h('a', { href: linkTo(['numbers'], {}, null) }, `← ${t('numbers.back')}`)),
    heading,
    h('div', { class: 'stack' }, body, tools),
  );
  let managed = '';
  const again = load(
    body,
    (signal) => api('GET', `/api/numbers/${encodeURIComponent(id)}`, undefined, { signal }),
    (number) => {
      heading.textContent = number.name ?? phone(number.display_phone_number) ?? id;
      // What is being typed stays while the facts are renewed.
      const now = JSON.stringify([number.source, number.state === 'removing', number.name, number.reference]);
      if (now !== managed) fill(tools, can('numbers:admin') ? manage(number, () => void again()) : null);
      managed = now;
      return facts(number);
    },
  );
  return onNumbers(() => void again());
}

/** @param {BusinessNumber} number */
function facts(number) {
  const { webhook, last_check: check, forward } = number;
  const troubles = troublesOf(number);
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'number-status' },
    h('div', { class: 'card-head' }, h('h2', { id: 'number-status' }, t('numbers.status')), troubleBadges(troubles)),
    troubles.flatMap((trouble) => (trouble === 'fine' ? [] : h('p', { class: 'remedy' }, t(`numbers.fix.${trouble}`)))),
    h('p', { class: 'row' }, links(number.phone_number_id), can('numbers:admin') ? pauseButton(number) : null),
    h(
      'dl',
      { class: 'facts' },
      fact(t('numbers.one'), phone(number.display_phone_number) ?? dash()),
      fact(t('numbers.reference'), number.reference ?? dash()),
      fact(t('numbers.webhookAt'), webhook.url === null ? dash() : h('code', { class: 'breakable' }, webhook.url)),
      fact(t('numbers.lastDelivery'), age(webhook.last_delivery_at)),
      fact(t('numbers.keyAccepted'), age(number.key_accepted_at)),
      fact(t('numbers.lastCheck'), check ? age(check.checked_at) : dash()),
      forward ? fact(t('numbers.forward'), h('code', { class: 'breakable' }, forward.url)) : null,
      fact(t('numbers.id'), h('code', { class: 'breakable' }, number.phone_number_id)),
      fact(t('numbers.account'), number.waba_id === null ? dash() : h('code', { class: 'breakable' }, number.waba_id)),
      fact(t('numbers.portfolio'), number.portfolio_id === null ? dash() : h('code', { class: 'breakable' }, number.portfolio_id)),
      fact(t('numbers.source'), word('numberSource', number.source)),
      fact(t('numbers.added'), age(number.created_at)),
    ),
  );
}
