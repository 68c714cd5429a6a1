import 'reflect-metadata';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');

interface Use {
  file: string;
  names: string[];
  /** The built file below `dist/`, without its ending; TypeScript names it `#…`, which Node resolves to the same file. */
  built: string;
}

/** What a script takes from the build at run time; no compiler looks at it, unless the script is TypeScript. */
const usesOf = (file: string, text: string): Use[] =>
  [...text.matchAll(/import \{([^}]*)\} from '(?:(?:\.\.\/)+dist\/|#)([^']+)\.js'/g)].map(([, names = '', built = '']) => ({
    file,
    built,
    names: names
      .split(',')
      .map((name) => name.replace(/\s+as\s.*$/, '').trim())
      .filter((name) => name !== '' && !/^type\s/.test(name)),
  }));

const scripts = ['prove', 'bench', 'scripts', 'docs/recipes'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.m?js$/.test(file))
    .map((file) => `${folder}/${file}`),
);
/** Proofs and scripts in TypeScript, which Node runs as they stand. */
const typed = ['prove', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
    .map((file) => `${folder}/${file}`),
);
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The names that a script takes from a file and the file does not have; null when there is no such file. */
async function missing({ built, names }: Use): Promise<string[] | null> {
  if (!existsSync(join(root, 'src', `${built}.ts`))) return null;
  const exported = (await import(`#${built}.js`)) as Record<string, unknown>;
  return names.filter((name) => !(name in exported));
}

describe('what proofs and benchmarks take from the build', () => {
  const uses = [...scripts, ...typed].flatMap((file) => usesOf(file, read(file)));
  const builts = [...new Set(uses.map(({ built }) => built))];

  it('is found', () => expect(builts.length).toBeGreaterThan(15));

  it.each(builts)('is there, by its name: %s', async (built) => {
    for (const use of uses.filter((one) => one.built === built)) expect([use.file, await missing(use)]).toEqual([use.file, []]);
  });

  it('names every file that a script only starts', () => {
    const started = scripts.flatMap((file) =>
      [...read(file).matchAll(/['"`](?:\.\.\/)*dist\/([\w/.-]+)\.js['"`]/g)].map(([, built = '']) => [file, built] as const),
    );
    expect(started.length).toBeGreaterThan(0);
    expect(started.filter(([, built]) => !existsSync(join(root, 'src', `${built}.ts`)))).toEqual([]);
  });

  it('would be missed', async () => {
    const [gone, renamed, typedUse] = usesOf(
      'x.mjs',
      "import { A } from '../dist/no/such.js';\nimport { Clock, NoSuch } from '../dist/kernel/clock.js';\nimport { type T, B } from '#kernel/clock.js';\n",
    );
    expect(await missing(gone as Use)).toBeNull();
    expect(await missing(renamed as Use)).toEqual(['NoSuch']);
    expect(await missing(typedUse as Use)).toEqual(['B']);
  });
});

/** The methods that a wrong provider of a proof declares, and those of a store that it assigns, with the class that must have them. */
const overridesOf = (text: string): { base: string; method: string }[] => [
  ...[...text.matchAll(/class(?: \w+)? extends (\w+) \{\n([\s\S]*?)\n\s*\};?\n(?=\n|\s*\};)/g)].flatMap(([, base = '', body = '']) =>
    [...body.matchAll(/^ {2,4}(?:async )?(\w+)\([^)]*\) \{\}?$/gm)].map(([, method = '']) => ({ base, method })),
  ),
  ...[...text.matchAll(/Object\.assign\(store, \{ (\w+):/g)].map(([, method = '']) => ({ base: 'Store', method })),
];

describe('a wrong provider', () => {
  const file = 'prove/faulty/faults.mjs';
  const overrides = overridesOf(read(file));

  it('is found', () => expect(overrides.length).toBeGreaterThan(8));

  it('replaces what its class has: otherwise the proof would run against a sound gateway', async () => {
    const bases = new Map<string, { prototype: object }>();
    for (const { built, names } of usesOf(file, read(file))) {
      const exported = (await import(`#${built}.js`)) as Record<string, { prototype: object }>;
      for (const name of names) bases.set(name, exported[name] as { prototype: object });
    }
    const blind = overrides.filter(({ base, method }) => method !== 'constructor' && !(method in (bases.get(base)?.prototype ?? {})));
    expect(blind).toEqual([]);
  });

  it('would be missed', () => {
    const planted = 'class Wrong extends Store {\n  async noSuch(a) {\n    return a;\n  }\n}\n\nObject.assign(store, { nor: 1 });';
    expect(overridesOf(planted)).toEqual([
      { base: 'Store', method: 'noSuch' },
      { base: 'Store', method: 'nor' },
    ]);
  });
});

describe('a proof or script in TypeScript', () => {
  it.each(typed)('is JavaScript once its types are gone: %s', (file) => expect(() => stripTypeScriptTypes(read(file))).not.toThrow());

  it('would be refused with code that a compiler has to write', () => {
    for (const code of ['enum A { b }', 'class A { constructor(readonly b: string) {} }', 'namespace A { export const b = 1; }'])
      expect(() => stripTypeScriptTypes(code)).toThrow();
  });

  it('names its own files as they are called', () => {
    const others = typed.flatMap((file) =>
      [...read(file).matchAll(/from '(\.[^']+)'/g)]
        .map(([, target = '']) => join(dirname(file), target))
        .filter((target) => !typed.includes(target)),
    );
    expect(others).toEqual([]);
  });
});
