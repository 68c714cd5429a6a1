import type { ReportView } from '#compliance/reports/report.view.js';
import { addDays, daysBetween } from '#kernel/calendar/calendar.js';
import { drawing, grid, labels, path, plotOf, round, ticksOf } from './chart.js';
import { escaped, htmlElement } from './markup.js';
import { limitOf, type Voice } from './texts.js';

const DAY_MS = 86_400_000;
/** A projection further ahead than this is shown in words alone. */
const MOST_AHEAD = 45;

/** The sum of the window day by day, the goal, and where the projection meets it. */
export function progressChart(
  { series, standing, required_conversations: required, window_days: days }: ReportView,
  voice: Voice,
  id: string,
): string {
  const known = series.flatMap(({ date, in_window }) => (in_window === null ? [] : [{ date, value: in_window }]));
  const last = known.at(-1);
  if (!last) return missing(voice.say('no_series'));
  const range = standing.projection.range;
  const future = range ? Math.min(MOST_AHEAD, Math.max(0, daysBetween(last.date, range[1]) + 2)) : 0;
  const ticks = ticksOf(Math.max(required, ...known.map(({ value }) => value)));
  const plot = plotOf(known.length + future, ticks.at(-1) ?? 1);
  const middle = (index: number) => plot.x(index) + plot.step / 2;
  const points = known.map(({ value }, index) => [middle(index), plot.y(value)] as const);
  const goal = round(plot.y(required));
  const at = (date: string) => known.length - 1 + Math.min(future, Math.max(0, daysBetween(last.date, date)));
  const band =
    range && future > 0
      ? htmlElement('rect', {
          class: 'band',
          x: round(plot.x(at(range[0]))),
          y: plot.top,
          width: round(plot.x(at(range[1]) + 1) - plot.x(at(range[0]))),
          height: plot.bottom - plot.top,
        }) + medianLine(middle(at(standing.projection.date ?? range[0])), plot.top, plot.bottom)
      : '';
  const names = Array.from({ length: known.length + future }, (_, index) => voice.shortDay(addDays(last.date, index - known.length + 1)));
  return drawing(
    `${id}-progress`,
    voice.say('progress_chart'),
    `${voice.say('progress_desc', { days, required: voice.count(required) })} ${voice.count(last.value)}.`,
    grid(plot, ticks, voice.count),
    band,
    htmlElement('line', { class: 'goal', x1: plot.left, x2: plot.right, y1: goal, y2: goal }),
    htmlElement('text', { class: 'name', x: plot.left + 4, y: goal - 5 }, escaped(voice.say('goal', { required: voice.count(required) }))),
    htmlElement('path', { class: 'line', d: path(points) }),
    labels(plot, names),
  );
}

const medianLine = (x: number, top: number, bottom: number): string =>
  htmlElement('line', { class: 'median', x1: round(x), x2: round(x), y1: top, y2: bottom });

/** A bar for each day, week or month in two parts. */
export function bars(
  { id, title, description }: { id: string; title: string; description: string },
  days: readonly { name: string; strong: number; pale: number }[],
  voice: Voice,
): string {
  const ticks = ticksOf(Math.max(1, ...days.map(({ strong, pale }) => strong + pale)));
  const plot = plotOf(days.length, ticks.at(-1) ?? 1);
  const width = round(Math.max(1, plot.step * 0.76));
  const part = (kind: string, index: number, from: number, to: number): string =>
    to > from
      ? htmlElement('rect', {
          class: kind,
          x: round(plot.x(index) + (plot.step - width) / 2),
          y: round(plot.y(to)),
          width,
          height: round(plot.y(from) - plot.y(to)),
        })
      : '';
  const drawn = days.map(({ strong, pale }, index) => part('bar', index, 0, strong) + part('bar2', index, strong, strong + pale));
  const names = days.map(({ name }) => name);
  return drawing(id, title, description, grid(plot, ticks, voice.count), ...drawn, labels(plot, names));
}

const TIERS = ['TIER_250', 'TIER_1K', 'TIER_2K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED'];

/** Steps from tier to tier; the dashed line is what calling needs. */
export function tierChart({ tiers, created_at, standing }: ReportView, voice: Voice, id: string): string {
  const known = tiers.filter(({ tier }) => TIERS.includes(tier));
  const first = known[0];
  if (!first) return missing(voice.say('no_tiers'));
  const [begin, end] = [Date.parse(first.since), Math.max(Date.parse(created_at), Date.parse(first.since) + DAY_MS)];
  const plot = plotOf(1, TIERS.length - 1);
  const x = (at: string) => plot.left + ((Date.parse(at) - begin) / (end - begin)) * (plot.right - plot.left);
  const y = (tier: string) => plot.y(TIERS.indexOf(tier));
  const points = known.flatMap(({ since, tier }, index) => {
    const until = known[index + 1]?.since ?? new Date(end).toISOString();
    return [[x(since), y(tier)] as const, [x(until), y(tier)] as const];
  });
  const needed = round(plot.y(TIERS.indexOf('TIER_2K')));
  const [left, right] = [voice.shortDay(first.since), voice.shortDay(created_at)];
  return drawing(
    `${id}-tiers`,
    voice.say('tier_chart'),
    `${voice.say('tier_desc')} ${limitOf(standing, voice)}.`,
    grid(plot, [...TIERS.keys()], (index) => (TIERS[index] ?? '').replace('TIER_', '').replace('UNLIMITED', '∞')),
    htmlElement('line', { class: 'goal', x1: plot.left, x2: plot.right, y1: needed, y2: needed }),
    htmlElement('path', { class: 'line', d: path(points) }),
    htmlElement('text', { class: 'tick', x: plot.left, y: plot.bottom + 21 }, escaped(left)),
    left === right ? '' : htmlElement('text', { class: 'tick', x: plot.right, y: plot.bottom + 21, 'text-anchor': 'end' }, escaped(right)),
  );
}

/** Why there is no chart yet. */
export const missing = (reason: string): string => `<p class="note">${escaped(reason)}</p>`;
