import { api, withQuery } from '../api.js';
import { onEvent } from '../events.js';
import { hasSeveral, numberName, numberTitle, ofNumber, shownNumber } from '../numbers.js';
import { callLink, directionOf, length, nameOf, person, standing } from '../parts/call.js';
import { findPeople } from '../parts/find-people.js';
import { anyOf, field, form } from '../parts/form.js';
import { fact } from '../parts/gates.js';
import { load } from '../parts/load.js';
import { isPassing, nextStep, sentenceOf } from '../parts/next-step.js';
import { problemView } from '../parts/problem.js';
import { pager, table } from '../parts/table.js';
import { technical } from '../parts/technical.js';
import { age, dash, moment } from '../parts/time.js';
import { go, linkTo } from '../router.js';
import { t, word } from '../texts.js';
import { fill, h, prose } from '../view.js';

/** @import { Call, TimelineEntry, Upstream } from '../api-shapes.js' */
/** @import { Route } from '../router.js' */

const STATES = ['awaiting_permission', 'ready', 'dialing', 'ringing', 'accepting', 'in_progress', 'ended'];
const OUTCOMES = ['answered', 'rejected', 'missed', 'no_answer', 'canceled', 'permission_denied', 'expired', 'failed', 'unknown'];
const DIRECTIONS = ['inbound', 'outbound'];

/** The call log; its filters stand in the address, so that a view of it can be passed on. @param {HTMLElement} place @param {Route} at */
export function callsPage(place, { query }) {
  const asked = { ...query, since: dayBegins(query.since), until: dayEnds(query.until), ...ofNumber() };
  const body = h('div', { class: 'card' });
  fill(
    place,
    h(
      'div',
      { class: 'head' },
      h('h1', { tabindex: -1 }, t('calls.title')),
      h(
        'a',
        { class: 'button', href: withQuery('/api/calling/calls', { ...asked, format: 'csv' }), download: 'calls.csv' },
        t('calls.csv'),
      ),
    ),
    finder(),
    filters(query),
    body,
  );
  const ask = (/** @type {string | null} */ cursor) => api('GET', withQuery('/api/calling/calls', { ...asked, cursor, limit: 25 }));
  load(
    body,
    () => ask(null),
    (first) => pager(first, ask, rows, problemView),
  );
}

/** A person by name, with the last call; before that, those whose calls were missed. */
function finder() {
  const wanted = h('input', { type: 'search', autocomplete: 'off', placeholder: t('find.hint') });
  return h('div', { class: 'card finder' }, field(t('find.label'), wanted), findPeople(wanted));
}

/** @param {Route['query']} query */
function filters(query) {
  const inputs = {
    direction: anyOf(
      t('word.all'),
      DIRECTIONS.map((name) => [name, word('way', name)]),
      query.direction,
    ),
    state: anyOf(
      t('word.all'),
      STATES.map((name) => [name, word('state', name)]),
      query.state,
    ),
    outcome: anyOf(
      t('word.all'),
      OUTCOMES.map((name) => [name, word('outcome', name)]),
      query.outcome,
    ),
    user: h('input', { type: 'search', value: query.user ?? '', placeholder: t('calls.userHint') }),
    since: h('input', { type: 'date', value: query.since ?? '' }),
    until: h('input', { type: 'date', value: query.until ?? '' }),
  };
  const fields = Object.entries(inputs).map(([name, input]) => field(t(`calls.${name}`), input));
  const apply = async () => go(['calls'], Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()])));
  return form(fields, t('calls.filter'), apply, { class: 'filters card', role: 'search' });
}

/** Days are those of the reader. @param {string | undefined} day */
const dayBegins = (day) => (day ? new Date(`${day}T00:00:00`).toISOString() : '');
/** @param {string | undefined} day */
function dayEnds(day) {
  if (!day) return '';
  const end = new Date(`${day}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}

const rows = (/** @type {Call[]} */ calls) =>
  table({
    caption: t('calls.caption'),
    empty: t('calls.none'),
    rows: calls,
    columns: [
      [t('calls.created'), (call) => callLink(call, moment(call.created_at))],
      [t('calls.direction'), directionOf],
      [t('calls.with'), (call) => person(call.user, numberOf(call))],
      [t('calls.outcome'), standing],
      [t('calls.length'), length],
      [t('calls.reference'), (call) => call.reference ?? dash()],
      ...numberColumn(),
    ],
  });

/** A person is one of the number of the call. @param {Call} call */
const numberOf = ({ phone_number_id: id }) => (hasSeveral() ? id : undefined);

/** Where calls of several numbers are shown together, each says of which it is. @returns {[string, (call: Call) => string][]} */
const numberColumn = () =>
  hasSeveral() && shownNumber() === null ? [[t('numbers.one'), ({ phone_number_id: id }) => numberName(id)]] : [];

/** One call: what is known of it, and everything that happened to it. @param {HTMLElement} place @param {Route} at */
export function callPage(place, { path: [, id = ''] }) {
  const heading = h('h1', { tabindex: -1 }, t('nav.calls'));
  const body = h('div');
  const at = /** @type {const} */ (`/api/calling/calls/${encodeURIComponent(id)}`);
  const forSupport = h('a', { class: 'button', href: `${at}/bundle`, download: 'call.json', hidden: true }, t('call.bundle'));
  fill(
    place,
    h('p', {}, h('a', { href: linkTo(['calls']) }, `← ${t('call.back')}`)),
    h('div', { class: 'head' }, heading, forSupport),
    body,
  );
  let known = id;
  const again = load(
    body,
    (signal) => Promise.all([api('GET', at, undefined, { signal }), api('GET', `${at}/timeline`, undefined, { signal })]),
    ([call, { data }]) => {
      known = call.id;
      heading.textContent = t('call.title', { who: nameOf(call.user) });
      forSupport.hidden = false;
      return h('div', { class: 'columns' }, h('div', { class: 'card' }, callFacts(call)), h('div', { class: 'card' }, story(data)));
    },
  );
  const stops = [onEvent('call.*', ({ data }) => data.id === known && again()), onEvent('reset', again)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** @param {Call} call */
function callFacts(call) {
  const request = call.permission_request;
  return [
    h('div', { class: 'card-head' }, h('h2', {}, t('call.facts')), standing(call)),
    call.outcome_known ? null : h('p', { class: 'warn-text' }, t('live.notConfirmed')),
    h(
      'dl',
      { class: 'facts' },
      fact(t('calls.with'), person(call.user, numberOf(call))),
      hasSeveral() ? fact(t('numbers.one'), numberTitle(call.phone_number_id)) : null,
      fact(t('calls.direction'), directionOf(call)),
      fact(t('calls.created'), moment(call.created_at)),
      request ? fact(t('call.permissionRequest'), word('request', request.status)) : null,
      call.direction === 'outbound' ? fact(t('call.dialed'), moment(call.dialed_at)) : null,
      fact(t('call.ringing'), moment(call.ringing_at)),
      fact(t('call.answered'), moment(call.answered_at)),
      fact(t('call.ended'), moment(call.ended_at)),
      fact(t('calls.length'), length(call)),
      call.outcome_source ? fact(t('call.source'), word('call.source', call.outcome_source)) : null,
      call.claimed_by ? fact(t('call.claimedBy'), call.claimed_by) : null,
      call.expires_at ? fact(t('live.until'), age(call.expires_at)) : null,
      call.reference ? fact(t('calls.reference'), call.reference) : null,
      fact(t('call.id'), h('code', { class: 'breakable' }, call.id)),
      call.call_id ? fact(t('call.wacid'), h('code', { class: 'breakable' }, call.call_id)) : null,
    ),
    call.error ? errorOf(call, call.error) : null,
  ];
}

/** Why the call failed, and the button of what to do. @param {Call} call @param {NonNullable<Call['error']>} error */
function errorOf({ id, user, phone_number_id: number }, error) {
  const context = {
    user,
    callId: id,
    number: hasSeveral() ? number : undefined,
    report: () => JSON.stringify({ call: id, ...error }, null, 2),
  };
  return h(
    'div',
    { class: isPassing(error.code) ? 'problem calm' : 'problem' },
    h('p', { class: 'problem-title' }, sentenceOf(error.code, context)),
    nextStep(error.code, context),
    technical(() => meaningOf(error)),
  );
}

/** What the error catalogue says to programmers. @param {NonNullable<Call['error']>} error */
function meaningOf({ code, upstream: answer }) {
  const upstream = /** @type {Upstream} */ (answer);
  const place = h('div');
  load(
    place,
    () => api('GET', `/api/calling/errors/${encodeURIComponent(code)}`),
    (entry) => [
      h('p', {}, prose(entry.detail ?? '')),
      entry.remedy ? h('p', {}, h('strong', {}, `${t('problem.remedy')} `), prose(entry.remedy)) : null,
      upstream
        ? h('p', {}, t('problem.upstream', { status: upstream.status, code: upstream.code ?? '–', message: upstream.message ?? '' }))
        : null,
      h('p', {}, h('code', {}, code)),
    ],
  );
  return place;
}

const story = (/** @type {TimelineEntry[]} */ entries) => [
  h('h2', {}, t('call.timeline')),
  entries.length === 0 ? h('p', { class: 'empty' }, t('call.timelineNone')) : h('ol', { class: 'timeline' }, entries.map(step)),
];

/** Where the words of each kind stand. @type {Record<TimelineEntry['kind'], string>} */
const BOOKS = { state: 'state', webhook: 'told', command: 'operation', request: 'operation', answer: 'operation' };

const step = (/** @type {TimelineEntry} */ { at, kind, name, data }) =>
  h(
    'li',
    { class: `step ${kind}` },
    h('div', { class: 'gate-head' }, h('strong', {}, word(BOOKS[kind] ?? kind, name)), h('span', { class: 'faint' }, word('kind', kind))),
    h('p', { class: 'faint' }, moment(at)),
    Object.keys(data ?? {}).length === 0 ? null : technical(() => h('pre', {}, JSON.stringify({ name, ...data }, null, 2))),
  );
