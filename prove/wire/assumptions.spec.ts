import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ALL_IDS } from './claims.ts';
import { STEPS_IN_ORDER } from './steps.ts';

const root = resolve(import.meta.dirname, '../..');

interface Row {
  id: string;
  cells: string[];
}

const rows: Row[] = readFileSync(join(root, 'docs/assumptions.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| W\d/.test(line))
  .map((line) => {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return { id: cells[0] ?? '', cells };
  });
const byHand = ({ cells }: Row): boolean => /^by hand\b/.test(cells[5] ?? '');

describe('docs/assumptions.md', () => {
  it('names each assumption once, in order, and leaves no cell empty', () => {
    expect(rows.map(({ id }) => id)).toEqual(rows.map((_, index) => `W${String(index + 1).padStart(2, '0')}`));
    expect(rows.filter(({ cells }) => cells.length !== 6 || cells.includes('')).map(({ id }) => id)).toEqual([]);
  });

  it('names files that exist', () => {
    const files = rows.flatMap(({ id, cells }) => {
      const named = [...(cells[3] ?? '').matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
      return named.length > 0 ? named.map((file) => [id, file] as const) : [[id, 'none'] as const];
    });
    expect(files.filter(([, file]) => !existsSync(join(root, 'src', file)))).toEqual([]);
  });

  it('is known to verify-wire, row by row, or is by hand', () => {
    expect(rows.filter((row) => !byHand(row)).map(({ id }) => id)).toEqual(ALL_IDS);
  });

  it('has a step for all that is not by hand, and names steps that exist', () => {
    const looked = new Set<string>(STEPS_IN_ORDER.flatMap(({ ids }) => ids));
    expect(ALL_IDS.filter((id) => !looked.has(id))).toEqual([]);
    const steps = new Map<string, readonly string[]>(STEPS_IN_ORDER.map(({ name, ids }) => [name, ids]));
    const wrong = rows.flatMap(({ id, cells }) => {
      const step = /^step `(\w+)`/.exec(cells[5] ?? '')?.[1];
      return step === undefined || steps.get(step)?.includes(id) ? [] : [`${id}: ${step}`];
    });
    expect(wrong).toEqual([]);
  });
});
