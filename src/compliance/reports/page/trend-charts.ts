import { LEAST_CALLS, LEAST_RATE } from '#compliance/eligibility/gates/pick-up.js';
import { rateOf } from '#compliance/reports/periods/period-figures.js';
import type { NumberPeriodView, TrendSpanView } from '#compliance/reports/periods/period-report.view.js';
import { trendName, UNKNOWN_TEXT } from '#compliance/reports/words/labels.js';
import { drawing, grid, labels, path, plotOf, round } from './chart.js';
import { bars } from './charts.js';
import { escaped, htmlElement, table } from './markup.js';
import type { Voice } from './texts.js';

type Direction = 'inbound' | 'outbound';

/** Picked-up and missed calls over time, and the rates against the target. */
export function trendCharts({ trend, period: { every } }: NumberPeriodView, voice: Voice, id: string): string {
  const { say } = voice;
  if (!trend.some((span) => rangIn(span, 'inbound') + rangIn(span, 'outbound') > 0))
    return `<p class="note">${escaped(say('no_rang'))}</p>`;
  const names = trend.map((span) => trendName(span, every, voice));
  const description = say('trend_desc', { unit: say(`unit_${every}`) });
  const drawn = (['inbound', 'outbound'] as const).map((direction) => {
    const title = say(`trend_${direction}`);
    const parts = trend.map((span, index) => ({
      name: names[index] ?? '',
      strong: span[`${direction}_answered`] ?? 0,
      pale: missedIn(span, direction) ?? 0,
    }));
    return figure(title, bars({ id: `${id}-${direction}`, title, description }, parts, voice), legendOf(direction, voice));
  });
  const target = say('target_note', { target: voice.percent(LEAST_RATE), least: voice.count(LEAST_CALLS) });
  const rates = figure(say('trend_rate'), rateChart(trend, names, voice, id), `${rateLegend(voice)}${detailsOf(trend, names, voice)}`);
  return `<div class="charts">${drawn.join('')}${rates}</div><p class="note under">${escaped(target)}</p>`;
}

const missedIn = (span: TrendSpanView, direction: Direction): number | null =>
  direction === 'inbound' ? span.inbound_missed : span.outbound_unanswered;

/** How many calls of a direction rang. */
export const rangIn = (span: TrendSpanView, direction: Direction): number =>
  (span[`${direction}_answered`] ?? 0) + (missedIn(span, direction) ?? 0);

/** The pick-up rate of one span; null where no call rang, or no report covers it. */
export function rateIn(span: TrendSpanView, direction: Direction): number | null {
  const [answered, missed] = [span[`${direction}_answered`], missedIn(span, direction)];
  return answered === null || missed === null ? null : rateOf(answered, missed);
}

function rateChart(trend: readonly TrendSpanView[], names: readonly string[], voice: Voice, id: string): string {
  const plot = plotOf(trend.length, 1);
  const y = (rate: number) => round(plot.bottom - (plot.bottom - plot.top) * rate);
  const target = y(LEAST_RATE);
  const line = (direction: Direction) => {
    const points = trend.map((span, index) => ({ x: plot.x(index) + plot.step / 2, rate: rateIn(span, direction) }));
    const dots = points.flatMap(({ x, rate }) =>
      rate === null ? [] : [htmlElement('circle', { class: `dot ${direction}`, cx: round(x), cy: y(rate), r: 2.5 })],
    );
    return (
      runsOf(points)
        .map((run) => htmlElement('path', { class: `line ${direction}`, d: path(run.map(([x, rate]) => [x, y(rate)])) }))
        .join('') + dots.join('')
    );
  };
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return drawing(
    `${id}-rate`,
    voice.say('trend_rate'),
    voice.say('trend_rate_desc', { target: voice.percent(LEAST_RATE) }),
    grid({ ...plot, y: (tick) => y(tick) }, ticks, voice.percent),
    htmlElement('line', { class: 'goal', x1: plot.left, x2: plot.right, y1: target, y2: target }),
    htmlElement(
      'text',
      { class: 'name', x: plot.left + 4, y: target - 5 },
      escaped(voice.say('target', { target: voice.percent(LEAST_RATE) })),
    ),
    line('outbound'),
    line('inbound'),
    labels(plot, names),
  );
}

/** The known points that follow each other without a gap. */
function runsOf(points: readonly { x: number; rate: number | null }[]): [number, number][][] {
  const runs: [number, number][][] = [[]];
  for (const { x, rate } of points) {
    if (rate === null) runs.push([]);
    else runs.at(-1)?.push([x, rate]);
  }
  return runs.filter(({ length }) => length > 1);
}

function detailsOf(trend: readonly TrendSpanView[], names: readonly string[], voice: Voice): string {
  const { say, count, percent } = voice;
  const known = (value: number | null) => (value === null ? UNKNOWN_TEXT : count(value));
  const rate = (value: number | null) => (value === null ? UNKNOWN_TEXT : percent(value));
  const heads = [
    say('when'),
    ...(['inbound', 'outbound'] as const).flatMap((direction) => [
      `${say(direction)}: ${say('picked_up').toLowerCase()}`,
      missedName(direction, voice),
      say('rate'),
    ]),
  ];
  const rows = trend.map((span, index) => [
    escaped(names[index] ?? ''),
    ...(['inbound', 'outbound'] as const).flatMap((direction) => [
      known(span[`${direction}_answered`]),
      known(missedIn(span, direction)),
      rate(rateIn(span, direction)),
    ]),
  ]);
  return `<details><summary>${escaped(say('table'))}</summary>${table(say('trend_rate'), heads, rows)}</details>`;
}

export const missedName = (direction: Direction, { say }: Voice): string => say(direction === 'inbound' ? 'missed' : 'not_picked_up');

const legendOf = (direction: Direction, voice: Voice): string =>
  swatches(['bar', voice.say('picked_up')], ['bar2', missedName(direction, voice)]);

const rateLegend = ({ say }: Voice): string => swatches(['dot inbound', say('inbound')], ['dot outbound', say('outbound')]);

const swatches = (...held: readonly (readonly [kind: string, name: string])[]): string =>
  `<ul class="legend">${held.map(([kind, name]) => `<li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="${kind}" width="12" height="12" rx="3"></rect></svg>${escaped(name)}</li>`).join('')}</ul>`;

const figure = (title: string, drawn: string, more: string): string =>
  `<figure><figcaption>${escaped(title)}</figcaption>${drawn}${more}</figure>`;
