import { api, withQuery } from '../api.js';
import { hasSeveral, numberIds, numberName, numberTitle } from '../numbers.js';
import { badge } from '../parts/badge.js';
import { action, choice, confirmed, field, form } from '../parts/form.js';
import { load } from '../parts/load.js';
import { problemView } from '../parts/problem.js';
import { onceShown } from '../parts/secret.js';
import { pager, table } from '../parts/table.js';
import { age, dash, dateTime, day } from '../parts/time.js';
import { can } from '../session.js';
import { LANGUAGES, language, t, word } from '../texts.js';
import { fill, h } from '../view.js';

/** @import { ReportDelivery } from '../api-shapes.js' */

const EVERY = /** @type {const} */ (['day', 'week', 'month']);

/** Who gets reports, and how that is going. @param {HTMLElement} place */
export function reportDeliveriesPage(place) {
  const [list, made] = [h('div', { class: 'card' }), h('div')];
  const ask = (/** @type {string | null} */ cursor) => api('GET', withQuery('/api/compliance/report-deliveries', { cursor, limit: 50 }));
  fill(
    place,
    h('h1', { tabindex: -1 }, t('nav.report-deliveries')),
    h('p', { class: 'lead' }, t('reports.lead')),
    made,
    list,
    can('compliance:write') ? newReader(made, () => again()) : null,
  );
  /** @type {() => Promise<void>} */
  const again = load(
    list,
    () => ask(null),
    (first) => pager(first, ask, (all) => rows(all, () => again()), problemView),
  );
}

/** @param {ReportDelivery[]} all @param {() => unknown} again */
const rows = (all, again) =>
  table({
    caption: t('nav.report-deliveries'),
    empty: t('reports.none'),
    rows: all,
    columns: [
      [t('reports.to'), ({ to }) => h('span', { class: 'breakable' }, plain(to))],
      [
        t('reports.every'),
        ({ every, language: lang, time_zone }) => [
          word('reportEvery', every),
          h('p', { class: 'faint' }, `${nameOf(lang)} · ${time_zone}`),
        ],
      ],
      ...numberColumn(),
      [t('reports.state'), (one) => [badge('reportState', one.state), why(one)]],
      [t('reports.last'), ({ last_sent }) => (last_sent ? [day(last_sent.period), h('p', { class: 'faint' }, age(last_sent.at))] : dash())],
      [t('reports.next'), ({ next_at }) => (next_at ? t('reports.nextTold', { when: dateTime(next_at) }) : dash())],
      ...(can('compliance:write') ? [removeColumn(again)] : []),
    ],
  });

/** @param {() => unknown} again @returns {[string, (one: ReportDelivery) => HTMLElement]} */
const removeColumn = (again) => [
  '',
  ({ id, to }) =>
    action(
      t('word.delete'),
      async () => {
        if (!(await confirmed(t('reports.deleteQuestion', { to: plain(to) }), t('word.delete'), t('shell.cancel')))) return;
        await api('DELETE', `/api/compliance/report-deliveries/${encodeURIComponent(id)}`);
        again();
      },
      { class: 'danger' },
    ),
];

/** Of which number the reports are, where there are several. @returns {[string, (one: ReportDelivery) => string][]} */
const numberColumn = () =>
  hasSeveral() ? [[t('numbers.one'), ({ phone_number_id: id }) => (id === null ? t('shell.allNumbers') : numberName(id))]] : [];

/** What keeps reports from a reader, and what to do about it. @param {ReportDelivery} one */
function why({ state, stopped_reason: reason, asked_at: asked, last_error: failed }) {
  if (state === 'stopped') return h('p', { class: 'faint' }, word('reportStop', reason ?? 'unknown'));
  if (failed) {
    const next = failed.next_attempt_at ? t('reports.retry', { when: dateTime(failed.next_attempt_at) }) : t('reports.givenUp');
    return [h('p', {}, `${failed.detail} ${failed.remedy}`), h('p', { class: 'faint' }, next)];
  }
  if (state !== 'unconfirmed') return null;
  return h('p', { class: 'faint' }, asked ? t('reports.asked', { when: dateTime(asked) }) : t('reports.notAsked'));
}

/** @param {HTMLElement} made @param {() => unknown} again */
function newReader(made, again) {
  const [to, zone] = [h('input', { type: 'text', required: true, autocomplete: 'off' }), h('input', { type: 'text', autocomplete: 'off' })];
  const every = choice(
    EVERY.map((one) => [one, word('reportEvery', one)]),
    'week',
  );
  const lang = choice(LANGUAGES, language());
  const of = choice([['', t('shell.allNumbers')], ...numberIds().map((id) => [id, numberTitle(id)])], '');
  const create = async () => {
    const body = {
      to: addressed(to.value.trim()),
      every: EVERY.find((one) => one === every.value) ?? 'week',
      language: lang.value === 'es' ? /** @type {const} */ ('es') : /** @type {const} */ ('en'),
      ...(zone.value.trim() ? { time_zone: zone.value.trim() } : {}),
      ...(hasSeveral() && of.value ? { phone_number_id: of.value } : {}),
    };
    const { secret, state } = await api('POST', '/api/compliance/report-deliveries', body);
    fill(made, secret ? onceShown(t('subs.secret'), secret) : null);
    void again();
    return state === 'unconfirmed' ? t('reports.askedNow') : t('reports.made');
  };
  const fields = [
    field(t('reports.to'), to, t('reports.toHint')),
    field(t('reports.every'), every),
    field(t('reports.language'), lang),
    field(t('reports.zone'), zone, t('reports.zoneHint')),
    hasSeveral() ? field(t('numbers.one'), of) : null,
  ];
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'new-reader' },
    h('h2', { id: 'new-reader' }, t('reports.add')),
    form(fields, t('reports.create'), create),
  );
}

/** As people write an address. @param {string} to */
const plain = (to) => to.replace(/^mailto:/, '');

/** As the gateway takes it. @param {string} to */
const addressed = (to) => (to.includes('@') && !/^(mailto|https?):/i.test(to) ? `mailto:${to}` : to);

const nameOf = (/** @type {string} */ code) => LANGUAGES.find(([one]) => one === code)?.[1] ?? code;
