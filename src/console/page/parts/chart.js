import { h, svg } from '../view.js';
import { dash, dayAndMonth, number } from './time.js';

const WIDTH = 720;
const HEIGHT = 220;
const EDGE = { top: 12, right: 8, bottom: 26, left: 40 };
const plot = { width: WIDTH - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };

/** @typedef {{ date: string, part: number, whole: number | null }} Day an unknown whole is `null` */

/**
 * Days as bars, a part of each darker than the whole, and the same as a table for those who do not see it.
 * @param {{ title: string, days: Day[], names: [day: string, part: string, whole: string], tableTitle: string }} what
 */
export function dayChart({ title, days, names, tableTitle }) {
  const top = niceTop(Math.max(1, ...days.map(({ part, whole }) => Math.max(part, whole ?? 0))));
  const step = plot.width / days.length;
  const y = (/** @type {number} */ value) => EDGE.top + plot.height * (1 - value / top);
  const bar = (/** @type {number} */ value, /** @type {number} */ index, /** @type {string} */ kind) =>
    svg('rect', {
      class: kind,
      x: EDGE.left + index * step + step * 0.12,
      width: step * 0.76,
      y: y(value),
      height: Math.max(0, y(0) - y(value)),
      rx: 2,
    });
  const every = Math.ceil(days.length / 6);
  const picture = svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'chart', role: 'img', 'aria-label': title },
    [0, 0.5, 1].map((share) => grid(top * share, y(top * share))),
    days.map(({ date, part, whole }, index) =>
      svg(
        'g',
        {},
        svg('title', {}, `${dayAndMonth(date)}: ${number(part)} / ${whole === null ? '–' : number(whole)}`),
        bar(whole ?? 0, index, 'whole'),
        bar(part, index, 'part'),
      ),
    ),
    days.map(({ date }, index) =>
      index % every === 0
        ? svg(
            'text',
            { x: EDGE.left + (index + 0.5) * step, y: HEIGHT - 8, 'text-anchor': index === 0 ? 'start' : 'middle' },
            dayAndMonth(date),
          )
        : null,
    ),
  );
  return h('figure', { class: 'figure' }, picture, legend(names), asTable(days, names, tableTitle));
}

const grid = (/** @type {number} */ value, /** @type {number} */ y) => [
  svg('line', { x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y, y2: y, class: 'grid' }),
  svg('text', { x: EDGE.left - 6, y: y + 4, 'text-anchor': 'end' }, number(value)),
];

const legend = (/** @type {string[]} */ [, part, whole]) =>
  h('figcaption', { class: 'legend' }, h('span', { class: 'key part' }, part), h('span', { class: 'key whole' }, whole));

/**
 * @param {Day[]} days
 * @param {string[]} names
 * @param {string} title
 */
const asTable = (days, names, title) =>
  h(
    'details',
    {},
    h('summary', {}, title),
    h(
      'table',
      { class: 'dense' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          names.map((name) => h('th', { scope: 'col' }, name)),
        ),
      ),
      h(
        'tbody',
        {},
        days.map(({ date, part, whole }) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, dayAndMonth(date)),
            h('td', {}, number(part)),
            h('td', {}, whole === null ? dash() : number(whole)),
          ),
        ),
      ),
    ),
  );

/** A round number that is not below. @param {number} value */
function niceTop(value) {
  const size = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((factor) => factor * size).find((round) => round >= value) ?? value;
}

/** How far something has come, 0 to 1; nothing drawn while that is unknown. @param {number | null} share @param {string} label */
export const progressBar = (share, label) =>
  svg(
    'svg',
    { viewBox: '0 0 100 6', preserveAspectRatio: 'none', class: 'progress', role: 'img', 'aria-label': label },
    svg('rect', { class: 'whole', width: 100, height: 6 }),
    svg('rect', { class: 'part', width: Math.max(0, Math.min(1, share ?? 0)) * 100, height: 6 }),
  );
