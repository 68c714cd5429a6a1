import { api, withQuery } from '../api.js';
import { hasSeveral, ofNumber } from '../numbers.js';
import { linkTo } from '../router.js';
import { can } from '../session.js';
import { t, word } from '../texts.js';
import { fill, h } from '../view.js';
import { addressOf, callLink, nameOf, phone, standing } from './call.js';
import { callButton } from './call-button.js';
import { problemView } from './problem.js';
import { age } from './time.js';

/** @import { Call, CallUser, FoundPerson } from '../api-shapes.js' */
/** @import { Child } from '../view.js' */
/** @typedef {Pick<CallUser, 'wa_id' | 'user_id' | 'username' | 'name'>} Named */

/** A pause in typing after which the gateway is asked. */
const PAUSE_MS = 200;
const PEOPLE_SHOWN = 8;
const CALLS_SHOWN = 5;

/**
 * What a search field finds, below it: people with their number and last call, and before anything is typed the missed and the last calls.
 * @param {HTMLInputElement} input
 * @param {(address: string, number: string) => void} [choose] what a click on a name does; without it the name leads to the page of the person
 */
export function findPeople(input, choose) {
  const place = h('div', { class: 'found', role: 'region', 'aria-label': t('find.label'), 'aria-live': 'polite' });
  if (!can('calls:read')) return place;
  let asked = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const look = async () => {
    const mine = input.value.trim();
    asked = mine;
    try {
      const shown = mine === '' ? await beforeTyping(choose) : await matching(mine, choose);
      if (asked === mine) fill(place, shown);
    } catch (error) {
      if (asked === mine) fill(place, problemView(error));
    }
  };
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  if (input.value === '') void look();
  return place;
}

/** @param {string} search @param {((address: string, number: string) => void) | undefined} choose @returns {Promise<Child>} */
async function matching(search, choose) {
  const { data, next_cursor, complete } = await api('GET', withQuery('/api/users', { search, limit: PEOPLE_SHOWN, ...ofNumber() }));
  const entries = data.map((/** @type {FoundPerson} */ { user, phone_number_id, last_call }) =>
    entry(user, phone_number_id, last_call ? callFact(last_call) : t('find.noCall'), t('find.call'), choose),
  );
  return [
    data.length === 0 ? h('p', { class: 'empty' }, t('find.none')) : h('ul', { 'aria-label': t('find.found') }, entries),
    next_cursor ? h('p', { class: 'faint' }, t('find.more')) : null,
    complete ? null : h('p', { class: 'warn-text' }, t('find.incomplete')),
  ];
}

/** @param {((address: string, number: string) => void) | undefined} choose @returns {Promise<Child>} */
async function beforeTyping(choose) {
  const calls = (/** @type {Record<string, string>} */ filter) =>
    api('GET', withQuery('/api/calling/calls', { ...filter, limit: CALLS_SHOWN, ...ofNumber() }));
  const [missed, recent] = await Promise.all([calls({ direction: 'inbound', outcome: 'missed' }), calls({})]);
  const entries = (/** @type {Call[]} */ all, /** @type {string} */ label) =>
    all.map((call) => entry(call.user, call.phone_number_id, callFact(call), label, choose));
  const list = (/** @type {string} */ title, /** @type {Node[]} */ items) =>
    items.length === 0 ? null : h('section', {}, h('h3', {}, title), h('ul', { 'aria-label': title }, items));
  return [list(t('find.missed'), entries(missed.data, t('find.callBack'))), list(t('find.recent'), entries(recent.data, t('find.call')))];
}

/**
 * @param {Named & { input?: string | null }} user
 * @param {string} number the business number
 * @param {Child} lastCall
 * @param {string} label of the button that calls
 * @param {((address: string, number: string) => void) | undefined} choose
 */
function entry(user, number, lastCall, label, choose) {
  const address = addressOf(user);
  const shown = nameOf({ input: null, ...user });
  const of = hasSeveral() ? number : undefined;
  const second = phone(user.wa_id) === shown ? null : phone(user.wa_id);
  return h(
    'li',
    {},
    h(
      'div',
      {},
      address ? nameLink(address, shown, of, choose && (() => choose(address, number))) : shown,
      second ? h('span', { class: 'faint' }, ` ${second}`) : null,
      h('div', { class: 'faint' }, lastCall),
    ),
    address ? callButton(address, of, label, shown) : null,
  );
}

/** @param {string} address @param {string} shown @param {string | undefined} number @param {(() => void) | undefined} choose */
const nameLink = (address, shown, number, choose) =>
  choose
    ? h('button', { type: 'button', class: 'link', on: { click: choose } }, shown)
    : h('a', { href: linkTo(['people', address], {}, number) }, shown);

/** @param {Pick<Call, 'id' | 'direction' | 'state' | 'outcome' | 'created_at'>} call */
const callFact = (call) => [
  callLink(/** @type {Call} */ (call), [word('way', call.direction), ', ', age(call.created_at)]),
  ' ',
  standing(/** @type {Call} */ (call)),
];
