import type { ReportView } from '#compliance/reports/report.view.js';
import { bars, missing, progressChart, tierChart } from './charts.js';
import { escaped, htmlText, table } from './markup.js';
import type { TextKey, Voice } from './texts.js';

/** A number in the notation of the language; a dash when unknown. */
const told = (value: number | null, { count }: Voice): string => (value === null ? htmlText(value) : count(value));

/** Progress, conversations and limit over time, each with its numbers as a table for screen readers. @param id what begins the ids of the charts */
export function charts(report: ReportView, voice: Voice, id: string): string {
  const { say, count } = voice;
  const daily = report.series.map(({ date, business_initiated, total }) => ({
    name: voice.shortDay(date),
    strong: business_initiated,
    pale: (total ?? business_initiated) - business_initiated,
  }));
  const seriesRows = report.series.map((day) => [
    day.date,
    count(day.business_initiated),
    told(day.total, voice),
    told(day.in_window, voice),
  ]);
  const tierRows = report.tiers.map(({ since, tier }) => [escaped(voice.time(since)), escaped(voice.tier(tier))]);
  const dailyTexts = { id: `${id}-daily`, title: say('daily_chart'), description: say('daily_desc') };
  return `<div class="charts">${[
    figure('progress_chart', progressChart(report, voice, id), {
      note: projectionIn(report, voice),
      table: said('progress_chart', ['date', 'business', 'total', 'in_window'], seriesRows, voice),
    }),
    figure('daily_chart', daily.length > 0 ? bars(dailyTexts, daily, voice) : missing(say('no_series')), {
      key: legend(say('business'), say('others')),
    }),
    figure('tier_chart', tierChart(report, voice, id), { table: said('tier_chart', ['seen', 'limit'], tierRows, voice) }),
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
  const restated = changes.map(({ field, before, after }) => [escaped(nameOf(field, voice)), told(before, voice), told(after, voice)]);
  return [
    box(said('day_by_source', ['source', 'zone', 'business', 'total'], counted, voice, 'stack')),
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
