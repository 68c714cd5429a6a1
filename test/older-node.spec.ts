import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REQUIRED_MAJOR, refusalOfNode } from '#kernel/node/required-node.js';

const ROOT = resolve(import.meta.dirname, '..');
/** Every file that is started with `node dist/…`. */
const ENTRIES = [
  'main.js',
  'simulator/main.js',
  ...readdirSync(resolve(ROOT, 'src/cli'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => `cli/${name.replace(/\.ts$/, '.js')}`),
];
/** The version that an older Node would report, before the first import runs. */
const AS_NODE_20 = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })",
)}`;

describe('a Node that is too old', () => {
  it.each(ENTRIES)('is refused by dist/%s at once, in one sentence', (entry) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, ['--import', AS_NODE_20, resolve(ROOT, 'dist', entry)], {
      cwd: resolve(ROOT, 'test'),
      encoding: 'utf8',
      env: { LANG: 'en_US.UTF-8', PORT: '0', DATABASE_URL: 'sqlite::memory:' },
      timeout: 20_000,
    });
    expect([status, stdout, stderr]).toEqual([78, '', refusalOfNode('20.20.2', process.execPath, 'en_US.UTF-8')]);
  });

  it('is told in Spanish, too; the Node of the lockfile is not refused', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
    const locked = Object.entries<string>(optionalDependencies).filter(([name]) => name.startsWith('node-linux-'));
    expect(locked.map(([, version]) => Number.parseInt(version, 10))).toEqual([REQUIRED_MAJOR, REQUIRED_MAJOR]);
    expect(refusalOfNode(process.versions.node, 'node', '')).toBeNull();
    expect(refusalOfNode('22.1.0', '/usr/bin/node', 'es_MX.UTF-8')).toMatch(
      /^El gateway necesita Node 24 o posterior, y \/usr\/bin\/node es Node 22\.1\.0:/,
    );
  });

  it('is refused before anything else is loaded: an entry file imports nothing else statically', () => {
    for (const entry of ENTRIES) {
      const source = readFileSync(resolve(ROOT, 'src', entry.replace(/\.js$/, '.ts')), 'utf8');
      expect([entry, source.match(/^import .*$/gm)]).toEqual([entry, ["import '#kernel/node/required-node.js';"]]);
    }
  });
});
