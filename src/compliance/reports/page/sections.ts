import { usageNote } from '#compliance/conversations/usage/limit-usage.js';
import type { Direction } from '#compliance/eligibility/gates/gate.js';
import type { ReportView } from '#compliance/reports/report.view.js';
import { bars, missing, progressChart, tierChart } from './charts.js';
import { escaped, htmlElement, htmlText, table } from './markup.js';
import { limitOf, type TextKey, type Voice } from './texts.js';

/** The four facts that a reader looks for first. */
export function cards(report: ReportView, voice: Voice): string {
  const { standing } = report;
  const { say, count } = voice;
  const value = standing.business_initiated_conversations;
  const required = report.required_conversations;
  const bar =
    value === null ? '' : htmlElement('progress', { max: required, value: Math.min(value, required), 'aria-label': say('conversations') });
  return `<div class="cards">${[
    card(
      say('conversations'),
      value === null ? say('unknown') : count(value),
      [say('of_required', { required: count(required), days: report.window_days }), verdictOnCount(report, voice)],
      bar,
    ),
    card(
      say('limit'),
      limitOf(standing, voice),
      [
        say('limit_needs', { required: count(standing.messaging_limit_required) }),
        verdictOnLimit(standing.meets_messaging_limit, voice),
        usageIn(report, voice),
      ],
      '',
    ),
    ...(['outbound', 'inbound'] as const).map((direction) =>
      card(say(direction), say(standing[direction]), [decidedBy(standing, direction, voice)], '', TONE[standing[direction]]),
    ),
  ].join('')}</div>`;
}

const TONE = { available: 'good', blocked: 'bad', unknown: 'none' } as const;

const card = (title: string, big: string, notes: readonly string[], more: string, tone = ''): string =>
  `<div class="card"><h2>${escaped(title)}</h2><div class="big ${tone}">${escaped(big)}</div>${more}${notes
    .filter((note) => note !== '')
    .map((note) => `<p class="note">${escaped(note)}</p>`)
    .join('')}</div>`;

function verdictOnCount({ standing }: ReportView, { say, word, count }: Voice): string {
  if (standing.meets_1k_requirement === null) return say('undecided', { reason: word(standing.reason ?? 'no_source') });
  if (standing.meets_1k_requirement) return say('met');
  return `${say('not_met')}, ${say('remaining', { remaining: count(standing.remaining ?? 0) })}`;
}

const verdictOnLimit = (meets: boolean | null, { say }: Voice): string =>
  meets === null ? say('unknown') : say(meets ? 'limit_met' : 'limit_low');

const usageIn = ({ standing: { messaging_limit_usage: usage } }: ReportView, { language }: Voice): string =>
  usage ? usageNote({ ...usage, sharedBy: usage.shared_by, people: usage.people_24h }, language) : '';

/** By the verdict on a direction: the verdict of the gates that decided it. */
const DECIDING = { available: 'warning', blocked: 'fail', unknown: 'unknown' } as const;

/** The names of the gates that decided the verdict. */
function decidedBy({ gates: all, ...standing }: ReportView['standing'], direction: Direction, { word, say }: Voice): string {
  const wanted = DECIDING[standing[direction]];
  const found = all.filter((gate) => gate.direction === direction && gate.verdict === wanted);
  const names = found.map(({ name }) => word(name)).join(', ');
  return wanted === 'warning' && names !== '' ? `${say('warning')}: ${names}` : names;
}

/** A number in the notation of the language; a dash when unknown. */
const told = (value: number | null, { count }: Voice): string => (value === null ? htmlText(value) : count(value));

/** Each chart with its numbers as a table, for screen readers. */
export function charts(report: ReportView, voice: Voice): string {
  const { say, count } = voice;
  const daily = report.series.map(({ date, business_initiated, total }) => ({
    date,
    strong: business_initiated,
    pale: (total ?? business_initiated) - business_initiated,
  }));
  const calls = report.calls.map(({ date, outbound, outbound_answered, inbound, inbound_answered }) => ({
    date,
    strong: outbound_answered + inbound_answered,
    pale: outbound + inbound - outbound_answered - inbound_answered,
  }));
  const rang = calls.some(({ strong, pale }) => strong + pale > 0);
  const seriesRows = report.series.map((day) => [day.date, count(day.business_initiated), told(day.total, voice), htmlText(day.in_window)]);
  const callRows = report.calls.map((day) => [
    day.date,
    `${day.outbound_answered}/${day.outbound}`,
    `${day.inbound_answered}/${day.inbound}`,
  ]);
  const tierRows = report.tiers.map(({ since, tier }) => [escaped(voice.time(since)), escaped(voice.tier(tier))]);
  return `<div class="charts">${[
    figure('progress_chart', progressChart(report, voice), {
      note: projectionIn(report, voice),
      table: said('progress_chart', ['date', 'business', 'total', 'in_window'], seriesRows, voice),
    }),
    figure('daily_chart', daily.length > 0 ? bars('daily', daily, voice) : missing(say('no_series')), {
      key: legend(say('business'), say('others')),
    }),
    figure('calls_chart', rang ? bars('calls', calls, voice) : missing(say('no_calls')), {
      ...(rang ? { note: ratesIn(report, voice), key: legend(say('answered'), say('unanswered')) } : {}),
      table: said('calls_chart', ['date', 'outbound', 'inbound'], callRows, voice),
    }),
    figure('tier_chart', tierChart(report, voice), { table: said('tier_chart', ['seen', 'limit'], tierRows, voice) }),
  ].join('')}</div>`;

  function figure(
    title: TextKey,
    drawn: string,
    { note = '', key = '', table = '' }: { note?: string; key?: string; table?: string },
  ): string {
    const told = note && `<p class="note">${escaped(note)}</p>`;
    const hidden = table && `<details><summary>${escaped(say('table'))}</summary>${table}</details>`;
    return `<figure><figcaption>${escaped(say(title))}</figcaption>${drawn}${key}${told}${hidden}</figure>`;
  }
}

/** A table whose caption and heads are texts of ours. */
const said = (caption: TextKey, heads: readonly TextKey[], rows: readonly string[][], { say }: Voice, kind?: string): string =>
  table(
    say(caption),
    heads.map((head) => say(head)),
    rows,
    kind,
  );

const legend = (strong: string, pale: string): string => {
  const swatch = (kind: string) =>
    `<svg viewBox="0 0 12 12" aria-hidden="true"><rect class="${kind}" width="12" height="12" rx="3"></rect></svg>`;
  return `<ul class="legend"><li>${swatch('bar')}${escaped(strong)}</li><li>${swatch('bar2')}${escaped(pale)}</li></ul>`;
};

function projectionIn({ standing }: ReportView, { say, word, count, day }: Voice): string {
  const { date, range, confidence, pace_per_day: pace, required_pace_per_day: required, reason } = standing.projection;
  const shown = pace === null ? '—' : count(pace);
  if (date && range) {
    const [from, to] = range;
    return say('projection_on', { pace: shown, date: day(date), confidence: Math.round(confidence * 100), from: day(from), to: day(to) });
  }
  if (reason === 'met') return say('met');
  return say('projection_none', { reason: word(reason ?? 'no_source'), pace: shown, required: count(required) });
}

function ratesIn({ calls }: ReportView, { say }: Voice): string {
  const sum = (name: Direction | `${Direction}_answered`) => calls.reduce((total, day) => total + day[name], 0);
  const rate = (direction: Direction) =>
    sum(direction) === 0 ? '—' : `${Math.round((sum(`${direction}_answered`) / sum(direction)) * 100)} %`;
  return say('answer_rate', { outbound: rate('outbound'), inbound: rate('inbound'), days: calls.length });
}

const FIGURES: Readonly<Record<string, TextKey>> = {
  business_initiated: 'business',
  total: 'total',
  answered: 'answered',
  unanswered: 'unanswered',
  missed: 'unanswered',
};

/** The label of a metric such as `calls.outbound.answered`. */
function nameOf(field: string, { say, word }: Voice): string {
  const [kind, whose = '', figure = ''] = field.split('.');
  const name = FIGURES[figure];
  if (name === undefined) return field;
  return `${kind === 'calls' ? say(whose === 'inbound' ? 'inbound' : 'outbound') : word(whose)}: ${say(name)}`;
}

/** The metrics of the period, the restatements by late data, and the count of every source. */
export function tables(report: ReportView, voice: Voice): string {
  const { word, count, time } = voice;
  const { figures, changes, standing } = report;
  const counted = figures.conversations.map((one) => [
    escaped(word(one.source)),
    escaped(one.time_zone),
    count(one.business_initiated),
    told(one.total, voice),
  ]);
  const readings = standing.readings.map((one) => [
    escaped(word(one.source)),
    escaped(word(one.unit)),
    escaped(word(one.scope)),
    told(one.value, voice),
    told(one.total, voice),
    escaped(time(one.observed_at)),
    one.reason === null ? '' : escaped(word(one.reason)),
  ]);
  const restated = changes.map(({ field, before, after }) => [escaped(nameOf(field, voice)), htmlText(before), htmlText(after)]);
  return [
    box(said('figures', ['source', 'zone', 'business', 'total'], counted, voice, 'stack')),
    changes.length > 0 ? box(said('changes', ['field', 'before', 'after'], restated, voice, 'stack')) : '',
    box(
      said('sources', ['source', 'unit', 'scope', 'business', 'total', 'seen', 'note'], readings, voice, 'stack') +
        coverageIn(report, voice),
    ),
  ].join('');
}

const box = (held: string): string => `<section class="box">${held}</section>`;

function coverageIn({ standing }: ReportView, { say, word, day, lastDay }: Voice): string {
  const { source, coverage_from: from, coverage_to: to, coverage_complete: complete } = standing;
  const covered =
    source && from && to
      ? say('coverage', { source: word(source), from: day(from), to: lastDay(to), complete: say(complete ? 'complete' : 'partial') })
      : '';
  return `<p class="note">${escaped(`${covered} ${say('two_facts')}`.trim())}</p>`;
}
