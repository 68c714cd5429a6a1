import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BUDGETS, type Codebase, PATTERNS, readCodebase, sourceOf } from './budgets.js';

const ours = readCodebase(resolve(import.meta.dirname, '..'));

const withSources = (...planted: Array<[path: string, text: string]>): Codebase => ({
  ...ours,
  sources: [...ours.sources, ...planted.map(([path, text]) => sourceOf(path, text))],
});
const long = (lines: number) => '\n'.repeat(lines);
const many = (count: number, lines: number) =>
  Array.from({ length: count }, (_, i): [string, string] => [`src/planted-${i}/file.ts`, long(lines)]);
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Files of which each imports the next. */
const chain = (folder: string, length: number) =>
  Array.from({ length }, (_, i): [string, string] => [
    `src/${folder}/planted-${LETTERS[i]}.ts`,
    `import { a } from './planted-${LETTERS[i + 1]}.js';\n`,
  ]);

/** The codebase with one thing planted that exceeds the budget, and what the budget then names. */
const EXCEEDED: Record<keyof typeof BUDGETS, [Codebase, RegExp]> = {
  'no file is longer than 300 lines': [withSources(['src/calling/call/planted.ts', long(301)]), /planted/],
  'the median file has at most 65 lines': [withSources(...many(ours.sources.length, 66)), /median: 66/],
  'nine files in ten have at most 160 lines': [withSources(...many(ours.sources.length, 161)), /nine in ten: 161/],
  'no folder holds more than 14 files': [withSources(...chain('planted', 15)), /planted: 15/],
  'no constructor takes more than 7': [
    withSources([
      'src/calling/call/planted.ts',
      `constructor(\n${Array.from({ length: 8 }, (_, i) => `    readonly p${i}: number,\n`).join('')}  ) {}`,
    ]),
    /planted\.ts: 8/,
  ],
  'no file says any, or silences a check without a reason': [withSources(['src/calling/call/planted.ts', 'let x: any;\n']), /planted/],
  'no name is exported by two files': [
    withSources(['src/calling/call/planted.ts', 'export abstract class Clock {}\n']),
    /^Clock: .*planted/,
  ],
  'the longest chain of imports has at most 16 files': [withSources(...chain('planted', 17)), /planted-a\.ts: 17/],
  'a domain model needs at most 6 files, the error catalogue left out': [withSources(...chain('identity', 8)), /planted-a\.ts: 7/],
  'at most 29 packages are loaded at run time, each for a reason': [
    { ...ours, package: { ...ours.package, dependencies: { ...ours.package.dependencies, planted: '1.0.0' } } },
    /planted: no reason/,
  ],
  'each package has an exact version': [
    { ...ours, package: { ...ours.package, devDependencies: { ...ours.package.devDependencies, planted: '^1.0.0' } } },
    /planted/,
  ],
  'services, controllers, domain models and DTO fields have docstrings; stores, observers, jobs, modules and private names are left out': [
    withSources(['src/calling/call/planted.service.ts', '/** Said. */\nexport class PlantedService {\n  silent(): void {}\n}\n']),
    /PlantedService\.silent/,
  ],
};

describe('the budgets', () => {
  it.each(Object.keys(BUDGETS))('%s', (name) => expect(BUDGETS[name]?.(ours)).toEqual([]));

  it.each(Object.keys(BUDGETS))('are not blind: %s', (name) => {
    const [codebase, found] = EXCEEDED[name] ?? [];
    expect(BUDGETS[name]?.(codebase as Codebase)).toContainEqual(expect.stringMatching(found as RegExp));
  });

  it.each(Object.entries(PATTERNS))('speak of files that are there: %s', (_, pattern) =>
    expect(ours.sources.some(({ path }) => pattern.test(path))).toBe(true),
  );
});
