import { api, withQuery } from '../api.js';
import { hasSeveral, numberIds, numberName, numberTitle } from '../numbers.js';
import { badge } from '../parts/badge.js';
import { action, check, choice, confirmed, field, form } from '../parts/form.js';
import { fact } from '../parts/gates.js';
import { load } from '../parts/load.js';
import { isMissing, problemView } from '../parts/problem.js';
import { onceShown } from '../parts/secret.js';
import { pager, table } from '../parts/table.js';
import { age, dash, dateTime, moment, number } from '../parts/time.js';
import { go, linkTo } from '../router.js';
import { can } from '../session.js';
import { t, word } from '../texts.js';
import { fill, h } from '../view.js';

/** @import { EventDelivery, EventType, Scope, Subscription } from '../api-shapes.js' */
/** @import { Route } from '../router.js' */
/** @typedef {{ shown: HTMLElement, renew: () => unknown }} Page where secrets are shown, and what reads everything again */

/** @param {string} id @returns {`/api/subscriptions/${string}`} */
const at = (id) => `/api/subscriptions/${encodeURIComponent(id)}`;

/** The subscriptions that receive events. @param {HTMLElement} place */
export function subscriptionsPage(place) {
  const [list, made] = [h('div', { class: 'card' }), h('div')];
  const ask = (/** @type {string | null} */ cursor) => api('GET', withQuery('/api/subscriptions', { cursor, limit: 50 }));
  fill(
    place,
    h('h1', { tabindex: -1 }, t('subs.title')),
    h('p', { class: 'lead' }, t('subs.lead')),
    made,
    list,
    newSubscription(made, () => again()),
  );
  const again = load(
    list,
    () => ask(null).catch(orNothing),
    (first) => (first === null ? h('p', { class: 'empty' }, t('shell.notYet')) : pager(first, ask, rows, problemView)),
  );
}

/** @param {Error} error @returns {null} */
function orNothing(error) {
  if (isMissing(error)) return null;
  throw error;
}

const rows = (/** @type {Subscription[]} */ all) =>
  table({
    caption: t('subs.title'),
    empty: t('subs.none'),
    rows: all,
    columns: [
      [
        t('subs.url'),
        ({ id, url, description }) => [
          h('a', { class: 'breakable', href: linkTo(['subscriptions', id]) }, url),
          description ? h('p', { class: 'faint' }, description) : null,
        ],
      ],
      [t('subs.types'), carried],
      [
        t('subs.state'),
        ({ state, disabled_reason: why }) => [
          badge('subscription', state),
          why ? h('p', { class: 'faint' }, word('stopReason', why)) : null,
        ],
      ],
      [t('subs.failures'), ({ failures }) => number(failures)],
      ...numberColumn(),
    ],
  });

/** What a subscription carries. @param {Pick<Subscription, 'types' | 'fields'>} subscription */
const carried = ({ types, fields }) =>
  fields ? t('subs.fields', { fields: fields.join(', ') }) : (types?.join(', ') ?? t('subs.allTypes'));

/** Of which number its events are, where there are several. @returns {[string, (one: Subscription) => string][]} */
const numberColumn = () =>
  hasSeveral() ? [[t('numbers.one'), ({ phone_number_id: id }) => (id === null ? t('shell.allNumbers') : numberName(id))]] : [];

/** @param {HTMLElement} made @param {() => Promise<void>} again */
function newSubscription(made, again) {
  const [url, description, types] = [
    h('input', { type: 'url', required: true }),
    h('input', { type: 'text', maxlength: 200 }),
    h('input', { type: 'text', autocomplete: 'off' }),
  ];
  const of = choice([['', t('shell.allNumbers')], ...numberIds().map((id) => [id, numberTitle(id)])], '');
  const withSession = check(t('subs.withSession'));
  const create = async () => {
    // The gateway refuses a type or a scope that it does not know, and says which.
    const wanted = /** @type {EventType[]} */ (types.value.split(',').flatMap((type) => type.trim() || []));
    /** @type {Scope[]} */
    const scopes = withSession.querySelector('input')?.checked ? ['calls:control'] : [];
    const body = {
      url: url.value.trim(),
      ...(description.value ? { description: description.value } : {}),
      ...(wanted.length ? { types: wanted } : {}),
      ...(hasSeveral() && of.value ? { phone_number_id: of.value } : {}),
      scopes,
    };
    const { secret } = await api('POST', '/api/subscriptions', body);
    fill(made, onceShown(t('subs.secret'), secret));
    void again();
  };
  const fields = [
    field(t('subs.url'), url, t('subs.urlHint')),
    field(t('subs.description'), description),
    field(t('subs.types'), types, t('subs.typesHint')),
    hasSeveral() ? field(t('numbers.one'), of) : null,
    can('calls:control') ? withSession : null,
  ];
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'new-subscription' },
    h('h2', { id: 'new-subscription' }, t('subs.add')),
    form(fields, t('subs.create'), create),
  );
}

/** One subscription with what was sent to it. @param {HTMLElement} place @param {Route} at */
export function subscriptionPage(place, { path: [, id = ''] }) {
  const [facts, shown, deliveries] = [
    h('div', { class: 'card' }),
    h('div'),
    h('section', { class: 'card', 'aria-labelledby': 'deliveries' }),
  ];
  fill(
    place,
    h('p', {}, h('a', { href: linkTo(['subscriptions']) }, `← ${t('subs.back')}`)),
    h('h1', { tabindex: -1 }, t('subs.one')),
    shown,
    h('div', { class: 'stack' }, facts, deliveries),
  );
  const ask = (/** @type {string | null} */ cursor) => api('GET', withQuery(`${at(id)}/deliveries`, { cursor, limit: 50 }));
  const retell = load(
    deliveries,
    () => ask(null),
    (first) => [h('h2', { id: 'deliveries' }, t('subs.deliveries')), pager(first, ask, sent, problemView)],
  );
  /** @type {() => Promise<void>} */
  const again = load(
    facts,
    () => api('GET', at(id)),
    (found) => about(found, { shown, renew: () => [again(), retell()] }),
  );
}

/** @param {Subscription} found @param {Page} page */
const about = (found, page) => [
  h('div', { class: 'card-head' }, h('h2', { class: 'breakable' }, found.url), badge('subscription', found.state)),
  h(
    'dl',
    { class: 'facts' },
    found.description ? fact(t('subs.description'), found.description) : null,
    fact(t('subs.types'), carried(found)),
    fact(t('subs.key'), h('code', {}, found.key_id)),
    fact(t('subs.since'), moment(found.created_at)),
    found.disabled_reason ? fact(t('subs.reason'), word('stopReason', found.disabled_reason)) : null,
    fact(t('subs.failures'), number(found.failures)),
    found.held_until ? fact(t('subs.next'), age(found.held_until)) : null,
    found.gap ? fact(t('subs.gap'), lost(found.gap)) : null,
  ),
  h('div', { class: 'row' }, verbs(found, page)),
];

const lost = (/** @type {NonNullable<Subscription['gap']>} */ { events, from, until }) =>
  t('subs.gapTold', { events, from: dateTime(from), until: dateTime(until) });

/** @param {Subscription} subscription @param {Page} page */
function verbs({ id, url, state }, { shown, renew }) {
  const change = async (/** @type {boolean} */ paused) => {
    await api('PATCH', at(id), { paused });
    renew();
  };
  const test = async () => {
    const { delivered, response_status, latency_ms, error } = await api('POST', `${at(id)}/test`, {});
    return delivered
      ? t('subs.tested', { status: response_status, ms: latency_ms })
      : t('subs.testFailed', { why: error === null ? response_status : word('network', error) });
  };
  const rotate = async () =>
    fill(shown, onceShown(t('subs.secret'), (await api('POST', `${at(id)}/rotate-secret`, {})).secret)) && undefined;
  const replay = async () => {
    const { count } = await api('POST', `${at(id)}/replay`, {});
    renew();
    return t('subs.replayed', { count });
  };
  const remove = async () => {
    if (!(await confirmed(t('subs.deleteQuestion', { url }), t('word.delete'), t('shell.cancel')))) return;
    await api('DELETE', at(id));
    go(['subscriptions']);
  };
  return [
    state === 'active' ? action(t('subs.pause'), () => change(true)) : action(t('subs.resume'), () => change(false)),
    action(t('subs.test'), test),
    action(t('subs.replay'), replay),
    action(t('subs.rotate'), rotate),
    action(t('word.delete'), remove, { class: 'danger' }),
  ];
}

const sent = (/** @type {EventDelivery[]} */ all) =>
  table({
    caption: t('subs.deliveries'),
    empty: t('subs.deliveriesNone'),
    rows: all,
    columns: [
      [t('subs.event'), ({ type, event_id }) => [type, h('br'), h('code', { class: 'faint' }, event_id)]],
      [t('subs.state'), ({ status }) => badge('delivery', status)],
      [t('subs.attempts'), ({ attempt }) => number(attempt)],
      [t('subs.last'), ({ last_attempt_at }) => age(last_attempt_at)],
      [
        t('subs.answer'),
        ({ response_status, error, latency_ms }) => {
          if (response_status !== null && response_status !== undefined) return response_status;
          if (error) return word('network', error);
          return latency_ms === null ? dash() : `${latency_ms} ms`;
        },
      ],
      [
        t('subs.next'),
        ({ next_attempt_at }) =>
          next_attempt_at !== null && Date.parse(next_attempt_at) < Date.now() ? t('subs.waits') : age(next_attempt_at),
      ],
    ],
  });
