import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** As much of an element as the chart needs. */
class Piece {
  readonly attributes: Record<string, string> = {};
  readonly children: Piece[] = [];

  constructor(
    readonly tag: string,
    readonly text = '',
  ) {}

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  append(...pieces: Piece[]): void {
    this.children.push(...pieces);
  }

  all(): Piece[] {
    return [this, ...this.children.flatMap((child) => child.all())];
  }

  get words(): string {
    return this.text + this.children.map((child) => child.words).join('');
  }
}

class Other {}
type Chart = { dayChart(what: object): Piece };

describe('the chart of days', () => {
  let pieces: Piece[];

  beforeAll(async () => {
    const document = {
      createElement: (tag: string) => new Piece(tag),
      createElementNS: (_: string, tag: string) => new Piece(tag),
      createTextNode: (text: string) => new Piece('', text),
    };
    Object.assign(globalThis, { document, Node: Piece, HTMLElement: Other, HTMLSelectElement: Other });
    const { dayChart } = (await import(join(import.meta.dirname, 'page', 'parts', 'chart.js'))) as Chart;
    const days = [
      { date: '2026-11-01', part: 40, whole: null },
      { date: '2026-11-02', part: 10, whole: 20 },
    ];
    pieces = dayChart({ title: 'Days', days, names: ['Day', 'Part', 'Whole'], tableTitle: 'Table' }).all();
  });
  afterAll(() => {
    for (const name of ['document', 'Node', 'HTMLElement', 'HTMLSelectElement']) Reflect.deleteProperty(globalThis, name);
  });

  const wordsOf = (tag: string) => pieces.filter((piece) => piece.tag === tag).map(({ words }) => words);

  it('shows a dash for a whole that is unknown, never zero', () => {
    expect(wordsOf('td')).toEqual(['40', '–', '10', '20']);
    expect(wordsOf('title')).toEqual([expect.stringMatching(/: 40 \/ –$/), expect.stringMatching(/: 10 \/ 20$/)]);
  });

  it('is as high as the highest part, too', () => {
    const tops = pieces.filter(({ tag }) => tag === 'rect').map(({ attributes }) => Number(attributes.y));
    expect(Math.min(...tops)).toBeGreaterThanOrEqual(0);
  });
});
