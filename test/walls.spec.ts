import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');
const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as { forbidden: Array<{ name: string }> };

/** One wrong arrow per wall: the file, and what it must not import. */
const WRONG: Record<string, [from: string, to: string]> = {
  'everything-resolves': ['src/call/nowhere.ts', './is-not-there.js'],
  'no-circles': ['src/call/circle.ts', './circle.js'],
  'kernel-imports-nothing-of-ours': ['src/kernel/curious.ts', '#config/target.js'],
  'floor-0-looks-down': ['src/kernel/high.ts', '#calling/target.js'],
  'floor-1-looks-down': ['src/store/high.ts', '#events/target.js'],
  'floor-2-looks-down': ['src/inbox/high.ts', '#calling/target.js'],
  'floor-3-looks-down': ['src/calling/high.ts', '#http/target.js'],
  'store-is-private': ['src/calling/thief.service.ts', '#call/target.store.js'],
  'dto-is-private': ['src/calling/thief.controller.ts', '#call/target.dto.js'],
  'controller-is-private': ['src/calling/thief2.service.ts', '#call/target.controller.js'],
  'observer-is-private': ['src/calling/thief3.service.ts', '#call/target.observer.js'],
  'job-is-private': ['src/calling/thief4.service.ts', '#call/target.job.js'],
  'worker-is-private': ['src/calling/thief5.service.ts', '#call/target.worker.js'],
  'guard-is-private': ['src/calling/thief6.service.ts', '#call/target.guard.js'],
  'interceptor-is-private': ['src/calling/thief7.service.ts', '#call/target.interceptor.js'],
  'permissions-and-compliance-never-meet': ['src/permissions/friend.service.ts', '#compliance/target.js'],
  'simulator-shares-only-the-kernel': ['src/simulator/spy.ts', '#dialog360/target.js'],
  'nobody-knows-the-simulator': ['src/calling/cheat.service.ts', '#simulator/target.js'],
  'sql-in-stores-only': ['src/calling/sql.service.ts', 'kysely'],
  'one-way-out': ['src/calling/direct.service.ts', 'axios'],
  'nouns-are-pure': ['src/call/impure.ts', '@nestjs/common'],
  'nouns-know-nouns': ['src/call/nosy.ts', './target.service.js'],
  'modules-only-wire': ['src/calling/wiring.service.ts', '#call/target.module.js'],
  'no-spec-in-the-house': ['src/call/tested.ts', './target.fixture.js'],
};
const TARGETS = ['config', 'events', 'calling', 'http', 'compliance', 'dialog360', 'simulator'].map((room) => `src/${room}/target.ts`);
const ROLES = ['store', 'dto', 'controller', 'observer', 'job', 'worker', 'guard', 'interceptor', 'service', 'module', 'fixture'].map(
  (role) => `src/call/target.${role}.ts`,
);

describe('the walls', () => {
  it('each turn red at the one wrong arrow that they stand against', () => {
    const house = mkdtempSync(join(tmpdir(), 'walls-'));
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(house, file)), { recursive: true });
      writeFileSync(join(house, file), text);
    };
    try {
      for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'tsconfig.check.json', 'package.json'])
        cpSync(join(root, file), join(house, file));
      symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
      for (const file of [...TARGETS, ...ROLES]) write(file, 'export const target = 1;\n');
      for (const [from, to] of Object.values(WRONG)) write(from, `import * as wrong from '${to}';\nexport const used = wrong;\n`);
      const cruise = spawnSync(
        process.execPath,
        [
          join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
          '--config',
          '.dependency-cruiser.cjs',
          '--output-type',
          'json',
          'src',
        ],
        { cwd: house, encoding: 'utf8', maxBuffer: 1e8 },
      );
      const { violations } = (JSON.parse(cruise.stdout) as { summary: { violations: Array<{ from: string; rule: { name: string } }> } })
        .summary;
      const red = (name: string) => violations.some(({ from, rule }) => rule.name === name && from === WRONG[name]?.[0]);
      expect(forbidden.map(({ name }) => name).filter((name) => !red(name))).toEqual([]);
    } finally {
      rmSync(house, { recursive: true });
    }
  }, 60_000);
});
