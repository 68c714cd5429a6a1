import { escaped, htmlElement } from './markup.js';

export const WIDTH = 480;
export const HEIGHT = 240;
const BOX = { left: 52, right: 12, top: 22, bottom: 32 } as const;

/** The area of a chart and its two scales. */
export interface Plot {
  x(index: number): number;
  y(value: number): number;
  /** The width of one step of `x`. */
  step: number;
  bottom: number;
  top: number;
  left: number;
  right: number;
}

/** A plot for `columns` steps and values from 0 to `most`. */
export function plotOf(columns: number, most: number): Plot {
  const width = WIDTH - BOX.left - BOX.right;
  const height = HEIGHT - BOX.top - BOX.bottom;
  const step = width / Math.max(1, columns);
  return {
    x: (index) => BOX.left + step * index,
    y: (value) => BOX.top + height - (height * value) / Math.max(1, most),
    step,
    bottom: HEIGHT - BOX.bottom,
    top: BOX.top,
    left: BOX.left,
    right: WIDTH - BOX.right,
  };
}

/** A round number at or above the greatest value, and the steps to it. */
export function ticksOf(most: number): number[] {
  const rough = Math.max(1, most) / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 2.5, 5, 10].find((factor) => factor * size >= rough) ?? 10) * size);
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** The horizontal lines with their numbers. */
export const grid = (plot: Plot, ticks: readonly number[], show: (value: number) => string): string =>
  ticks
    .map((tick) => {
      const y = round(plot.y(tick));
      return (
        htmlElement('line', { class: 'grid', x1: plot.left, x2: plot.right, y1: y, y2: y }) +
        htmlElement('text', { class: 'tick', x: plot.left - 6, y: y + 4, 'text-anchor': 'end' }, escaped(show(tick)))
      );
    })
    .join('');

/** A few of the labels under the plot: as many as have room. */
export function labels(plot: Plot, names: readonly string[], most = 5): string {
  const every = Math.max(1, Math.ceil(names.length / most));
  return names
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => index % every === 0)
    .map(({ name, index }) =>
      htmlElement(
        'text',
        { class: 'tick', x: round(plot.x(index) + plot.step / 2), y: plot.bottom + 21, 'text-anchor': 'middle' },
        escaped(name),
      ),
    )
    .join('');
}

/** An SVG with a title and a description for screen readers; the table beside it holds the numbers. */
export function drawing(id: string, title: string, description: string, ...held: string[]): string {
  return htmlElement(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-labelledby': `${id}-title ${id}-desc`, class: 'chart' },
    htmlElement('title', { id: `${id}-title` }, escaped(title)),
    htmlElement('desc', { id: `${id}-desc` }, escaped(description)),
    ...held,
  );
}

export const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join(' ');

export const round = (value: number): number => Math.round(value * 10) / 10;
