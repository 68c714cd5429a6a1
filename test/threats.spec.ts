import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');

describe('docs/threats.md', () => {
  const rows = readFileSync(join(root, 'docs/threats.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (threat|row|---)/.test(line))
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

  /** How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; those of level 3 stand behind them. */
  const ASVS: Readonly<Record<string, number>> = {
    ...{ '1.1': 2, '1.2': 9, '1.3': 11, '1.4': 3, '1.5': 2, '2.1': 3, '2.2': 3, '2.3': 4, '2.4': 1, '3.2': 2, '3.3': 4, '3.4': 6 },
    ...{ '3.5': 5, '3.7': 2, '4.1': 3, '4.2': 1, '4.3': 2, '4.4': 4, '5.1': 1, '5.2': 3, '5.3': 2, '5.4': 3, '6.1': 3, '6.2': 12 },
    ...{ '6.3': 4, '6.4': 4, '6.5': 5, '6.6': 3, '6.8': 4, '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2, '8.1': 2 },
    ...{ '8.2': 3, '8.3': 1, '8.4': 1, '9.1': 3, '9.2': 4, '10.1': 2, '10.2': 2, '10.3': 4, '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3 },
    ...{ '11.1': 2, '11.2': 3, '11.3': 3, '11.4': 4, '11.5': 1, '11.6': 1, '12.1': 3, '12.2': 2, '12.3': 4, '13.1': 1, '13.2': 5 },
    ...{ '13.3': 2, '13.4': 5, '14.1': 2, '14.2': 4, '14.3': 3, '15.1': 3, '15.2': 3, '15.3': 7, '16.1': 1, '16.2': 5, '16.3': 4 },
    ...{ '16.4': 3, '16.5': 3, '17.1': 1, '17.2': 4, '17.3': 2 },
  };
  const judged = rows.filter(([, ids = '']) => /^\d+\.\d+\.\d+/.test(ids));

  it('judges each requirement of ASVS 5.0, level 2, once', () => {
    const expected = Object.entries(ASVS).flatMap(([section, count]) => Array.from({ length: count }, (_, i) => `${section}.${i + 1}`));
    expect(expected).toHaveLength(253);
    expect(judged.flatMap(([, ids = '']) => ids.split(', ')).sort()).toEqual(expected.sort());
  });

  it('names a test for what is met, and says why for what is not met or not ours', () => {
    const wrong = judged.filter(([, , verdict = '', test = '']) =>
      /^met\b/.test(verdict) ? test.startsWith('none: ') : !/^not (met|ours): /.test(verdict) || !test.startsWith('none: '),
    );
    expect(wrong).toEqual([]);
  });
});
