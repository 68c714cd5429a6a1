import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');

describe('docs/threats.md', () => {
  const rows = readFileSync(join(root, 'docs/threats.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (threat|---)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it('names for every threat a test that is there, or says that there is none', () => {
    expect(rows.length).toBeGreaterThan(20);
    const missing = rows.flatMap(([, threat = '', , test = '']) => {
      const files = Array.from(test.matchAll(/`((?:src|test|prove)\/[^`]+)`/g), ([, file = '']) => file);
      const gone = files.filter((file) => !existsSync(join(root, file)));
      return (files.length > 0 && gone.length === 0) || test.startsWith('none: ') ? [] : [[threat, ...gone]];
    });
    expect(missing).toEqual([]);
  });
});
