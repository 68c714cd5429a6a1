import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

interface Restriction {
  path?: string | string[];
  pathNot?: string | string[];
}
interface Rule {
  name: string;
  from: Restriction;
  to: Restriction;
}

const root = resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const { forbidden } = require(join(root, '.dependency-cruiser.cjs')) as { forbidden: Rule[] };
const { layers, apart } = require(join(root, 'modules.json')) as { layers: Array<{ modules: string[] }>; apart: string[] };
const MODULES = layers.flatMap(({ modules }) => modules);

const FILES = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file}`);
const SOURCES = FILES.filter((file) => !/\.(spec|fixture)\.ts$/.test(file));

const moduleOf = (file: string): string =>
  [...MODULES, ...apart].filter((one) => file.startsWith(`src/${one}/`)).sort((a, b) => b.length - a.length)[0] ?? '';
const specifierOf = (file: string): string => `#${file.slice('src/'.length, -'.ts'.length)}.js`;
/** A real file of the tree that a planted one imports. */
const real = (pattern: RegExp, from: string): string => {
  const found = SOURCES.find((file) => pattern.test(file) && moduleOf(file) !== from && !moduleOf(file).startsWith(`${from}/`));
  if (!found) throw new Error(`no file of ours is like ${pattern}`);
  return specifierOf(found);
};
const list = (patterns: string | string[] | undefined): string[] => (patterns === undefined ? [] : [patterns].flat());

/** A file that breaks one rule and stands among the real ones. */
type Planted = [file: string, imports: string];

const order = (module: string, at: number): Planted => {
  const { to } = forbidden.find(({ name }) => name === `order-${module.replaceAll('/', '-')}`) as Rule;
  const wrong = SOURCES.find((file) => list(to.path).some((path) => new RegExp(path).test(file)));
  if (!wrong) throw new Error(`nothing stands behind ${module}, entry ${at}`);
  return [`src/${module}/planted-order.ts`, specifierOf(wrong)];
};
const role = (name: string): Planted => [
  `src/calling/planted-${name}.service.ts`,
  real(new RegExp(`^src/(?!calling/|api-conventions/).*\\.${name}\\.ts$`), 'calling'),
];

/** What stands against each rule that is no rule of order. */
const PLANTED: Record<string, Planted> = {
  'everything-resolves': ['src/calling/call/planted-nowhere.ts', './is-not-there.js'],
  'no-cycles-between-files': ['src/calling/call/planted-cycle.ts', './planted-cycle.js'],
  'every-file-belongs-to-a-module': ['src/stray/planted.ts', real(/^src\/kernel\/clock\.ts$/, '')],
  'permissions-know-no-compliance': [
    'src/calling/permissions/planted-friend.ts',
    real(/^src\/compliance\/eligibility\/eligibility\.ts$/, 'calling'),
  ],
  'compliance-knows-no-permissions': [
    'src/compliance/eligibility/planted-friend.ts',
    real(/^src\/calling\/permissions\/policy\.ts$/, 'compliance'),
  ],
  'the-simulator-shares-only-the-kernel': ['src/simulator/planted.ts', real(/^src\/dialog360\/fact\.ts$/, 'simulator')],
  'only-main-knows-the-simulator': ['src/calling/planted-cheat.service.ts', '#simulator/simulator.js'],
  'parts-keep-their-roles-private': ['src/calling/planted-parts.service.ts', '#calling/call/storage/calls.store.js'],
  'sql-in-stores-only': ['src/calling/planted-sql.service.ts', 'kysely'],
  'connections-from-clients-only': ['src/calling/planted-direct.service.ts', 'axios'],
  'node-http-in-servers-and-clients-only': ['src/calling/planted-socket.service.ts', 'node:https'],
  'domain-models-are-pure': ['src/calling/call/planted-impure.ts', '@nestjs/common'],
  'domain-models-know-domain-models': ['src/calling/call/planted-nosy.ts', './calls.service.js'],
  'modules-only-wire': ['src/calling/planted-wiring.service.ts', '#calling/call/call.module.js'],
  'only-the-root-knows-the-umbrellas': ['src/privacy/erasure/planted.module.ts', '#compliance/compliance.module.js'],
  'tests-stay-outside': ['src/calling/call/planted-tested.ts', './histories.fixture.js'],
  'the-product-is-src-alone': ['src/calling/call/planted-proved.ts', '../../../test/sdp.js'],
};
const planted = (rule: string): Planted | undefined => {
  const at = MODULES.findIndex((module) => `order-${module.replaceAll('/', '-')}` === rule);
  if (at >= 0) return order(MODULES[at] as string, at);
  const [, private_] = /^(\w+)-is-private$/.exec(rule) ?? [];
  return private_ ? role(private_) : PLANTED[rule];
};

describe('the list of modules', () => {
  it('has a folder for each entry', () =>
    expect([...MODULES, ...apart].filter((module) => !existsSync(join(root, 'src', module)))).toEqual([]));

  it('has an entry for each folder with a module of Nest', () => {
    const folders = SOURCES.filter((file) => file.endsWith('.module.ts')).map((file) => dirname(file).slice('src/'.length));
    expect(folders.filter((folder) => folder !== '' && ![...MODULES, ...apart].includes(folder))).toEqual([]);
  });

  it('names each entry once', () => expect(new Set(MODULES).size).toBe(MODULES.length));
});

describe('the dependency rules', () => {
  let copy: string;
  let violations: Array<{ from: string; rule: { name: string } }>;
  let cruised: string[];

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'dependency-rules-'));
    for (const file of ['.dependency-cruiser.cjs', 'modules.json', 'tsconfig.json', 'tsconfig.check.json', 'package.json'])
      cpSync(join(root, file), join(copy, file));
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    // Some tests beside their subject use what the tests of the whole share.
    for (const file of readdirSync(join(root, 'test')).filter((one) => /^[a-z-]+\.ts$/.test(one)))
      cpSync(join(root, 'test', file), join(copy, 'test', file));
    for (const file of FILES) cpSync(join(root, file), join(copy, file));
    for (const { name } of forbidden) {
      const [file, wrong] = planted(name) ?? [];
      if (file === undefined || wrong === undefined) continue;
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(join(copy, file), `import * as wrong from '${wrong}';\nexport const used = wrong;\n`);
    }
    const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const cruise = spawnSync(process.execPath, [bin, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'], {
      cwd: copy,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    const result = JSON.parse(cruise.stdout) as { modules: Array<{ source: string }>; summary: { violations: typeof violations } };
    violations = result.summary.violations;
    cruised = result.modules.map(({ source }) => source).filter((source) => !source.includes('planted'));
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  it('each fail at the one wrong import that is planted for it, and at no file of ours', () => {
    expect(forbidden.map(({ name }) => name).filter((name) => planted(name) === undefined)).toEqual([]);
    const fails = (name: string) => violations.some(({ from, rule }) => rule.name === name && from === planted(name)?.[0]);
    expect(forbidden.map(({ name }) => name).filter((name) => !fails(name))).toEqual([]);
    expect(violations.filter(({ from }) => !from.includes('planted'))).toEqual([]);
  });

  it('have no pattern that matches nothing', () => {
    const dead = forbidden.flatMap(({ name, from, to }) =>
      [from.path, from.pathNot, to.path, to.pathNot]
        .flatMap(list)
        .filter((pattern) => !pattern.includes('$1') && !cruised.some((file) => new RegExp(pattern).test(file)))
        .map((pattern) => `${name}: ${pattern}`),
    );
    expect(dead).toEqual([]);
  });

  it('hold for fetch, which is imported from nowhere', () => {
    const { from } = forbidden.find(({ name }) => name === 'connections-from-clients-only') as Rule;
    const may = (file: string) => list(from.pathNot).some((pattern) => new RegExp(pattern).test(file));
    const fetches = SOURCES.filter((file) => /\bfetch\(/.test(readFileSync(join(root, file), 'utf8')));
    expect(fetches.length).toBeGreaterThan(2);
    expect(fetches.filter((file) => !may(file))).toEqual([]);
  });
});
