import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');

/** The design wants every table on one page. */
const LONG = /^src\/store\/schema\.ts$/;

interface Source {
  path: string;
  text: string;
  lines: number;
  imports: string[];
}

describe('the budgets of the house', () => {
  let sources: Source[];
  beforeAll(() => {
    sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.(spec|fixture)\.ts$|^metadata\.ts$/.test(file))
      .map((file) => read(`src/${file}`));
  });

  const read = (path: string): Source => {
    const text = readFileSync(join(root, path), 'utf8');
    // What is imported for its type alone is gone at run time.
    const code = text.replace(/^import type [^;]*;$/gm, '');
    const targets = [...code.matchAll(/(?:from|import)\s*\(?\s*'((?:#|\.\/|\.\.\/)[^']+)\.js'/g)].map(([, target = '']) =>
      target.startsWith('#') ? `src/${target.slice(1)}.ts` : `${join(dirname(path), target)}.ts`,
    );
    return { path, text, lines: text.split('\n').length - 1, imports: targets };
  };
  const byPath = () => new Map(sources.map((source) => [source.path, source]));

  it('no file is longer than 300 lines, the one page of all tables than 400', () => {
    expect(
      sources.filter(({ path, lines }) => lines > (LONG.test(path) ? 400 : 300)).map(({ path, lines }) => `${path}: ${lines}`),
    ).toEqual([]);
  });

  it('the median file has about 60 lines, nine in ten at most 180', () => {
    const lengths = sources.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(75);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(180);
  });

  it('no folder holds more than 14 files', () => {
    const rooms = Map.groupBy(sources, ({ path }) => dirname(path));
    expect([...rooms].filter(([, files]) => files.length > 14).map(([room, files]) => `${room}: ${files.length}`)).toEqual([]);
  });

  it('no constructor takes more than 7', () => {
    const wide = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/constructor\(([^)]*(?:\([^)]*\)[^)]*)*)\)\s*\{/g)]
        .map(([, parameters = '']) => parameters.split(/,\s*\n/).filter((one) => one.trim() !== '').length)
        .filter((count) => count > 7)
        .map((count) => `${path}: ${count}`),
    );
    expect(wide).toEqual([]);
  });

  it('nobody says any, and nobody silences the checks without a reason', () => {
    expect(
      sources
        .filter(({ text }) =>
          /:\s*any\b|\bas any\b|@ts-(ignore|expect-error)|biome-ignore [^:]*$/m.test(text.replace(/\/\*\*[\s\S]*?\*\//g, '')),
        )
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it('the longest chain of imports has at most 14 links, the modules that only wire not counted', () => {
    const graph = byPath();
    const depths = new Map<string, number>();
    const depth = (path: string): number => {
      const known = depths.get(path);
      if (known !== undefined) return known;
      depths.set(path, 0);
      const deepest =
        1 + Math.max(0, ...(graph.get(path)?.imports ?? []).filter((to) => graph.has(to) && !/module\.ts$/.test(to)).map(depth));
      depths.set(path, deepest);
      return deepest;
    };
    const chain = Math.max(
      ...sources
        .filter(({ path }) => !/^src\/(main|app\.module|cli\/)/.test(path) && !path.endsWith('.module.ts'))
        .map(({ path }) => depth(path)),
    );
    expect(chain).toBeLessThanOrEqual(14);
  });

  it('a noun of the domain reaches at most 6 files, the pages of the catalogue not counted', () => {
    const graph = byPath();
    const reach = (path: string, seen = new Set<string>()): Set<string> => {
      for (const to of graph.get(path)?.imports ?? [])
        if (graph.has(to) && !seen.has(to) && !to.startsWith('src/catalogue/')) reach(to, seen.add(to));
      return seen;
    };
    const nouns = sources.filter(({ path }) => /^src\/(call|calling|permissions|compliance|identity)\/[a-z-]+\.ts$/.test(path));
    expect(nouns.map(({ path }) => [path, reach(path).size] as const).filter(([, size]) => size > 6)).toEqual([]);
  });

  it('at most 26 packages are needed at run time, each at an exact version', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(26);
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)),
    );
    expect(loose).toEqual([]);
  });

  it('every member of a DTO and every service says what its name cannot', () => {
    const silent = sources
      .filter(({ path }) => /\.service\.ts$/.test(path))
      .filter(({ text }) => !/\*\/\s*\n(@[^\n]*\n)*export (abstract )?class \w+Service/.test(text))
      .map(({ path }) => path);
    expect(silent).toEqual([]);
  });
});
