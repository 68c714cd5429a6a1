import 'reflect-metadata';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');

interface Use {
  file: string;
  names: string[];
  /** The built file below `dist/`, without its ending. */
  built: string;
}

/** What a script takes from the build; no compiler looks at it. */
const usesOf = (file: string, text: string): Use[] =>
  [...text.matchAll(/import \{([^}]*)\} from '(?:\.\.\/)+dist\/([^']+)\.js'/g)].map(([, names = '', built = '']) => ({
    file,
    built,
    names: names
      .split(',')
      .map((name) =>
        name
          .replace(/^\s*type\s+/, '')
          .replace(/\s+as\s.*$/, '')
          .trim(),
      )
      .filter(Boolean),
  }));

const scripts = ['prove', 'bench', 'scripts', 'docs/recipes'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.m?js$/.test(file))
    .map((file) => `${folder}/${file}`),
);

/** The names that a script takes from a file and the file does not have; null when there is no such file. */
async function missing({ built, names }: Use): Promise<string[] | null> {
  if (!existsSync(join(root, 'src', `${built}.ts`))) return null;
  const exported = (await import(`#${built}.js`)) as Record<string, unknown>;
  return names.filter((name) => !(name in exported));
}

describe('what proofs and benchmarks take from the build', () => {
  const uses = scripts.flatMap((file) => usesOf(file, readFileSync(join(root, file), 'utf8')));
  const builts = [...new Set(uses.map(({ built }) => built))];

  it('is found', () => expect(builts.length).toBeGreaterThan(15));

  it.each(builts)('is there, by its name: %s', async (built) => {
    for (const use of uses.filter((one) => one.built === built)) expect([use.file, await missing(use)]).toEqual([use.file, []]);
  });

  it('names every file that a script only starts', () => {
    const started = scripts.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/['"`](?:\.\.\/)*dist\/([\w/.-]+)\.js['"`]/g)].map(
        ([, built = '']) => [file, built] as const,
      ),
    );
    expect(started.length).toBeGreaterThan(0);
    expect(started.filter(([, built]) => !existsSync(join(root, 'src', `${built}.ts`)))).toEqual([]);
  });

  it('would be missed', async () => {
    const [gone, renamed] = usesOf(
      'x.mjs',
      "import { A } from '../dist/no/such.js';\nimport { Clock, NoSuch } from '../dist/kernel/clock.js';\n",
    );
    expect(await missing(gone as Use)).toBeNull();
    expect(await missing(renamed as Use)).toEqual(['NoSuch']);
  });
});
