import { api, withQuery } from '../api.js';
import { onEvent } from '../events.js';
import { ofNumber, shownNumber } from '../numbers.js';
import { badge } from '../parts/badge.js';
import { addressOf, nameOf, phone } from '../parts/call.js';
import { findPeople } from '../parts/find-people.js';
import { field, form } from '../parts/form.js';
import { fact, gateList, wasAsked } from '../parts/gates.js';
import { load } from '../parts/load.js';
import { nextStep, sentenceOf, stepFor } from '../parts/next-step.js';
import { problemView } from '../parts/problem.js';
import { table } from '../parts/table.js';
import { age, moment, number, period } from '../parts/time.js';
import { go, linkTo } from '../router.js';
import { can } from '../session.js';
import { t, word } from '../texts.js';
import { announce, fill, h } from '../view.js';
import { isName, whom } from '../whom.js';

/** @import { Events, Permission, Preflight } from '../api-shapes.js' */
/** @import { GateContext } from '../parts/gates.js' */
/** @import { Context } from '../parts/next-step.js' */
/** @import { Route } from '../router.js' */

/** One person: may they be called, and if not, why. @param {HTMLElement} place @param {Route} at */
export function peoplePage(place, { path: [, user] }) {
  const wanted = h('input', { type: 'search', required: true, value: user ?? '', autocomplete: 'off' });
  // A name stands below already, with everybody who has it.
  const look = async () => (isName(wanted.value) ? t('find.choose') : go(['people', wanted.value.trim()]));
  const search = form(field(t('people.who'), wanted), t('people.look'), look, { class: 'inline card', role: 'search' });
  const heading = h('h1', { tabindex: -1 }, user ? (phone(user) ?? user) : t('people.title'));
  const body = h('div', { class: 'stack' });
  fill(place, heading, h('p', { class: 'lead' }, t('people.lead')), search, h('div', { class: 'card finder' }, findPeople(wanted)), body);
  return user ? show(user, heading, body) : null;
}

/**
 * @param {string} user
 * @param {HTMLElement} heading
 * @param {HTMLElement} body
 */
function show(user, heading, body) {
  // An unknown user has one problem, and no permission can be requested.
  const [permission, preflight, asking] = [
    h('div', { class: 'card' }),
    h('div', { class: 'card', hidden: true }),
    h('div', { hidden: true }),
  ];
  const rest = h('div', { class: 'stack' });
  fill(body, h('div', { class: 'columns' }, preflight, h('div', { class: 'stack' }, permission, asking, rest)));
  let addresses = new Set([user]);
  const again = load(
    permission,
    (signal) =>
      Promise.all([
        api('GET', withQuery(`/api/calling/permissions/${encodeURIComponent(user)}`, ofNumber()), undefined, { signal }),
        api('GET', withQuery('/api/calling/preflight', { ...whom(user), ...ofNumber() }), undefined, { signal }).catch((error) => error),
      ]),
    ([found, answer]) => {
      const context = { user: found.user, number: shownNumber() ?? undefined, changed: () => void again() };
      const waiting = isPending(found.last_request) || (!(answer instanceof Error) && wasAsked(answer.gates));
      fill(preflight, answer instanceof Error ? problemView(answer, context) : gates(answer, found, { ...context, waiting }));
      preflight.hidden = false;
      asking.hidden = found.can_ask.verdict === 'fail';
      addresses = new Set([found.user.wa_id, found.user.user_id, user].flatMap((one) => one ?? []));
      heading.textContent = nameOf(found.user);
      fill(rest, limits(found.limits), history(found.history));
      return ledger(found, waiting);
    },
  );
  if (can('permissions:ask')) fill(asking, askForm(user, again));
  const stops = [
    onEvent('permission.updated', ({ data }) => {
      if (!concerns(data, addresses)) return;
      announce(t('people.updated'));
      void again();
    }),
    onEvent('call.ended', ({ data }) => addresses.has(addressOf(data.user) ?? '') && again()),
    onEvent('reset', again),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/**
 * @param {Events['permission.updated']['data']} data
 * @param {Set<string>} addresses
 */
const concerns = (data, addresses) =>
  (shownNumber() ?? data?.phone_number_id) === data?.phone_number_id &&
  [data?.user?.wa_id, data?.user?.user_id].some((address) => address && addresses.has(address));

/** Whether the person has a request that they may still answer. @param {Permission['last_request']} request */
const isPending = (request) => request !== null && ['unknown', 'sent', 'delivered', 'read'].includes(request.status);

/** @param {Permission} found @param {boolean} waiting for the answer of the person */
function ledger(found, waiting) {
  const { can_call, can_ask, last_request } = found;
  return [
    h('div', { class: 'card-head' }, h('h2', {}, t('people.permission')), badge('permission', found.status ?? 'unknown')),
    found.readable ? null : h('p', { class: 'warn-text' }, t('people.unreadable')),
    h(
      'dl',
      { class: 'facts' },
      found.expires_at ? fact(t('people.expires'), moment(found.expires_at), ' (', age(found.expires_at), ')') : null,
      found.source ? fact(t('people.source'), word('source', found.source), ', ', age(found.observed_at)) : null,
      fact(t('people.canCall'), ...verdict(can_call, found, waiting)),
      fact(t('people.canAsk'), ...verdict(can_ask, found, waiting)),
      fact(t('people.window'), badge('window', found.window.state)),
      found.window.closes_at ? fact(t('people.closes'), age(found.window.closes_at)) : null,
      fact(t('people.unanswered'), number(found.consecutive_unanswered)),
      found.next_unanswered_effect ? fact(t('people.nextEffect'), word('effect', found.next_unanswered_effect)) : null,
      last_request ? fact(t('people.lastRequest'), word('request', last_request.status), ', ', age(last_request.at)) : null,
    ),
  ];
}

/** @param {Permission['can_call']} one @param {Permission} found @param {boolean} waiting */
const verdict = ({ verdict: name, code, earliest_at }, { user }, waiting) => [
  // Nothing is wrong where there is no need to ask.
  code === 'permission_already_permanent' ? null : badge('verdict', name === 'fail' && waiting ? 'waiting' : name),
  code && !waiting ? h('p', { class: 'remedy' }, sentenceOf(code, { user })) : null,
  earliest_at ? h('p', { class: 'faint' }, `${t('people.earliest')} `, moment(earliest_at)) : null,
];

/** May the person be called now, why not, and the button of what to do. @param {Preflight} found @param {Permission} ledger @param {GateContext} about */
function gates(found, ledger, about) {
  const context = { ...about, at: found.earliest_at };
  const waiting = about.waiting && found.next_step !== 'dial' && found.next_step !== 'wait';
  return [
    h('div', { class: 'card-head' }, h('h2', {}, t('people.preflight')), badge('verdict', waiting ? 'waiting' : found.verdict)),
    waiting ? awaited(ledger, context) : answered(found, context),
    found.earliest_at && !waiting ? h('p', {}, `${t('people.earliest')} `, moment(found.earliest_at)) : null,
    h(
      'p',
      { class: 'row' },
      can('calls:dial') ? h('a', { class: 'button', href: linkTo(['softphone'], { to: addressOf(found.user) }) }, t('people.phone')) : null,
      can('calls:read') ? h('a', { class: 'button', href: linkTo(['calls'], { user: addressOf(found.user) }) }, t('people.calls')) : null,
    ),
    gateList(found.gates, { ...context, waiting, said: found.code ?? 'permission_required' }),
  ];
}

/** What happens next after the person was asked. @param {Permission} ledger @param {Context} context */
const awaited = ({ user, can_ask: { earliest_at } }, context) => [
  h('p', { class: 'next-step' }, t('people.waiting', { who: nameOf(user) })),
  h('p', {}, t('people.waitingNext')),
  earliest_at ? stepFor('ask_again_at', { ...context, at: earliest_at }) : null,
];

/** @param {Preflight} found @param {Context} context */
const answered = ({ next_step, code }, context) => [
  h('p', { class: 'next-step' }, word('step', next_step)),
  next_step === 'refuse' ? [h('p', { class: 'remedy' }, sentenceOf(code, context)), nextStep(code, context)] : null,
  next_step === 'ask' ? stepFor('ask_permission', context) : null,
];

const limits = (/** @type {Permission['limits']} */ all) =>
  h(
    'section',
    { class: 'card', 'aria-labelledby': 'limits' },
    h('h2', { id: 'limits' }, t('people.limits')),
    table({
      caption: t('people.limits'),
      empty: t('people.limitsNone'),
      rows: all,
      columns: [
        [t('people.limitOf'), ({ action }) => word('people.limit', action)],
        [t('people.period'), (limit) => period(limit.period)],
        [t('people.used'), ({ used, max_allowed }) => `${used ?? '–'}\u00a0/\u00a0${max_allowed ?? '–'}`],
        [t('people.frees'), ({ frees_at }) => age(frees_at)],
        [t('gate.source'), ({ source }) => (source === 'live' ? '360dialog' : word('source', source))],
      ],
    }),
  );

const history = (/** @type {Permission['history']} */ facts) =>
  h(
    'section',
    { class: 'card', 'aria-labelledby': 'history' },
    h('h2', { id: 'history' }, t('people.history')),
    table({
      caption: t('people.history'),
      empty: t('people.historyNone'),
      rows: facts,
      columns: [
        [t('word.when'), ({ at }) => moment(at)],
        [
          t('people.what'),
          ({ kind, response, code }) => [
            word('fact', kind),
            response ? `: ${word('response', response)}` : null,
            code ? h('p', { class: 'faint' }, sentenceOf(code)) : null,
          ],
        ],
      ],
    }),
  );

/** @param {string} user @param {() => Promise<void>} again */
function askForm(user, again) {
  const words = h('textarea', { rows: 2, maxlength: 1024 });
  const ask = async () => {
    await api('POST', '/api/calling/request-permission', {
      ...whom(user),
      ...ofNumber(),
      ...(words.value.trim() ? { body: words.value.trim() } : {}),
    });
    void again();
    return t('people.asked');
  };
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'ask' },
    h('h2', { id: 'ask' }, t('people.ask')),
    form(field(t('people.askBody'), words, t('people.askHint')), t('people.ask'), ask),
  );
}
