import { api, withQuery } from '../api.js';
import { onEvent } from '../events.js';
import { aboutShown, ofNumber } from '../numbers.js';
import { badge } from '../parts/badge.js';
import { dayChart, progressBar } from '../parts/chart.js';
import { action } from '../parts/form.js';
import { direction, fact } from '../parts/gates.js';
import { load } from '../parts/load.js';
import { isMissing } from '../parts/problem.js';
import { table } from '../parts/table.js';
import { age, dash, day, lastDay, number } from '../parts/time.js';
import { can } from '../session.js';
import { language, t, word } from '../texts.js';
import { fill, h } from '../view.js';

/** @import { ConversationRequirements, Projection, ReportPage } from '../api-shapes.js' */

/** What changes the count or a verdict. */
const CHANGES = /** @type {const} */ (['compliance.snapshot', 'compliance.report', 'compliance.eligibility_changed', 'reset']);

/** The road to calling: the count, the limit, and what is proven of both directions. @param {HTMLElement} place */
export function eligibilityPage(place) {
  const [progress, gates, reports] = [
    h('div', { class: 'stack' }),
    h('div', { class: 'columns' }),
    h('section', { class: 'card', 'aria-labelledby': 'reports' }),
  ];
  const check = can('compliance:write') ? action(t('eligibility.check'), poll) : null;
  fill(place, h('div', { class: 'head' }, h('h1', { tabindex: -1 }, t('eligibility.title')), check), progress, gates, reports);
  const again = [
    load(
      progress,
      (signal) => api('GET', withQuery('/api/calling/conversation-requirements', ofNumber()), undefined, { signal }),
      requirements,
    ),
    load(
      gates,
      (signal) => api('GET', withQuery('/api/compliance/eligibility', ofNumber()), undefined, { signal }),
      ({ outbound, inbound }) => [direction('outbound', outbound), direction('inbound', inbound)],
    ),
    load(reports, readReports, reportList),
  ];
  const renew = () => again.map((one) => one());
  const stops = CHANGES.map((type) => onEvent(type, aboutShown(renew)));
  return () => {
    for (const stop of stops) stop();
  };
}

async function poll() {
  await api('POST', withQuery('/api/compliance/check', ofNumber()));
  return t('eligibility.checking');
}

const requirements = (/** @type {ConversationRequirements} */ found) => [
  h('div', { class: 'columns' }, count(found), limit(found)),
  h('section', { class: 'card', 'aria-labelledby': 'chart' }, h('h2', { id: 'chart' }, t('eligibility.chart')), chart(found.series)),
  readings(found.readings),
];

/** @param {ConversationRequirements} found */
function count(found) {
  const { requirement, business_initiated_conversations: value, meets_1k_requirement: meets, projection, coverage } = found;
  const params = { value: value === null ? '' : number(value), required: number(requirement.conversations), days: requirement.window_days };
  const said = t(value === null ? 'eligibility.unknownOf' : 'eligibility.of', params);
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'count' },
    h(
      'div',
      { class: 'card-head' },
      h('h2', { id: 'count' }, t('eligibility.count')),
      meets === null ? badge('verdict', 'unknown') : met(meets),
    ),
    h('p', { class: 'big' }, value === null ? '–' : number(value)),
    progressBar(found.progress, said),
    h('p', {}, said),
    found.reason ? h('p', { class: 'faint' }, word('reason', found.reason)) : null,
    h(
      'dl',
      { class: 'facts' },
      fact(t('eligibility.remaining'), found.remaining === null ? dash() : number(found.remaining)),
      fact(t('eligibility.total'), found.total_conversations === null ? dash() : number(found.total_conversations)),
      fact(t('eligibility.pace'), projection.pace_per_day === null ? dash() : number(projection.pace_per_day)),
      fact(t('eligibility.neededPace'), projection.required_pace_per_day === null ? dash() : number(projection.required_pace_per_day)),
      fact(t('eligibility.expected'), ...expected(projection)),
      fact(t('eligibility.coverage'), ...covered(coverage)),
      found.source ? fact(t('gate.source'), word('source', found.source), ', ', age(found.observed_at)) : null,
    ),
  );
}

const met = (/** @type {boolean} */ meets) =>
  h('span', { class: `badge ${meets ? 'good' : 'warn'}` }, t(meets ? 'eligibility.met' : 'eligibility.notMet'));

/** @param {Projection} projection */
function expected({ date, range, reason }) {
  if (date === null) return [reason === null ? dash() : word('reason', reason)];
  const [from, to] = /** @type {[string?, string?]} */ (range ?? []);
  return [day(date), from && to ? h('span', { class: 'faint' }, ` (${t('eligibility.between', { from: day(from), to: day(to) })})`) : null];
}

/** @param {ConversationRequirements['coverage']} coverage */
function covered({ from, to, complete }) {
  if (from === null || to === null) return [dash()];
  return [`${day(from)} – ${lastDay(to)}`, complete ? null : h('span', { class: 'faint' }, ` (${t('eligibility.partly')})`)];
}

/** @param {ConversationRequirements} requirements */
function limit({ messaging_limit: found, paths_to_limit: paths }) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'limit' },
    h(
      'div',
      { class: 'card-head' },
      h('h2', { id: 'limit' }, t('eligibility.limit')),
      found.meets === null ? badge('verdict', 'unknown') : met(found.meets),
    ),
    h('p', { class: 'faint' }, t('eligibility.limitLead')),
    h('p', { class: 'big' }, limitOf(found)),
    found.limit === null ? null : h('p', {}, t('eligibility.people')),
    h(
      'dl',
      { class: 'facts' },
      fact(t('eligibility.required'), t('eligibility.perDay', { value: number(found.required) })),
      found.source ? fact(t('gate.source'), word('source', found.source), ', ', age(found.observed_at)) : null,
      found.reason ? fact(t('gate.observed'), word('reason', found.reason)) : null,
    ),
    h('h3', {}, t('eligibility.paths')),
    h(
      'dl',
      { class: 'facts' },
      paths.map((path) => fact(word('path', path.path), ...wayUp(path))),
    ),
  );
}

/** @param {ConversationRequirements['messaging_limit']} limit */
function limitOf({ tier, limit: people }) {
  if (people !== null) return number(people);
  return tier === 'TIER_UNLIMITED' ? t('eligibility.unlimited') : '–';
}

/** @param {ConversationRequirements['paths_to_limit'][number]} path */
function wayUp({ state, value, required, projection }) {
  if (required === undefined) return [state ?? dash()];
  const known = value === null || value === undefined ? '–' : number(value);
  return [
    `${known} / ${number(required)}`,
    projection ? h('span', { class: 'faint' }, ` · ${t('eligibility.expected')}: `, ...expected(projection)) : null,
  ];
}

/** @param {ConversationRequirements['series']} series */
function chart(series) {
  if (series.length === 0) return h('p', { class: 'empty' }, t('eligibility.chartNone'));
  return dayChart({
    title: t('eligibility.chart'),
    days: series.map(({ date, business_initiated, total }) => ({ date, part: business_initiated, whole: total })),
    names: [t('eligibility.day'), t('eligibility.byBusiness'), t('eligibility.all')],
    tableTitle: t('eligibility.asTable'),
  });
}

const readings = (/** @type {ConversationRequirements['readings']} */ rows) =>
  h(
    'section',
    { class: 'card', 'aria-labelledby': 'readings' },
    h('h2', { id: 'readings' }, t('eligibility.readings')),
    table({
      caption: t('eligibility.readings'),
      empty: t('eligibility.readingsNone'),
      rows,
      columns: [
        [t('gate.source'), ({ source }) => word('source', source)],
        [t('eligibility.unit'), ({ unit }) => word('unit', unit)],
        [
          t('overview.value'),
          ({ value, reason }) => (value === null ? [dash(), reason ? ` ${word('reason', reason)}` : null] : number(value)),
        ],
        [t('gate.observed'), ({ observed_at }) => age(observed_at)],
      ],
    }),
  );

async function readReports() {
  try {
    return await api('GET', withQuery('/api/compliance/reports', { limit: 10, ...ofNumber() }));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** @param {ReportPage | null} page */
function reportList(page) {
  const heading = h('h2', { id: 'reports' }, t('eligibility.reports'));
  if (page === null) return [heading, h('p', { class: 'empty' }, t('shell.notYet'))];
  return [
    heading,
    table({
      caption: t('eligibility.reports'),
      empty: t('eligibility.reportsNone'),
      rows: page.data,
      columns: [
        [t('eligibility.day'), ({ period }) => day(period.date)],
        [t('eligibility.revision'), ({ revision }) => number(revision)],
        [t('eligibility.written'), ({ created_at }) => age(created_at)],
        [t('eligibility.open'), ({ id }) => formats(`/api/compliance/reports/${encodeURIComponent(id)}`)],
      ],
    }),
  ];
}

/** A link sends the browser's own languages, so the wanted one goes along. @param {`/api/compliance/reports/${string}`} at */
const formats = (at) =>
  ['html', 'csv', 'json'].map((format) => [
    h(
      'a',
      {
        href: withQuery(at, { format, lang: language() }),
        hreflang: language(),
        ...(format === 'html' ? { target: '_blank', rel: 'noopener' } : { download: '' }),
      },
      format.toUpperCase(),
    ),
    ' ',
  ]);
