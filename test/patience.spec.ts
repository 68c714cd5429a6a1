import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');
/** What is shorter than this passes on a busy machine before a test is done. */
const PATIENT_MS = 60_000;
/** What every test has. */
const TEST_MS = milliseconds(readFileSync(join(root, 'jest.config.mjs'), 'utf8'), /testTimeout: ([\d_]+)/);

/** Where real time stands in a test for a reason. */
const EXCEPTIONS: Record<string, string> = {
  'src/events/floor/floor-lock.spec.ts': 'asks again until a fact holds',
  'src/events/floor/floor-writer.fixture.ts': 'is slow, so that others overtake it; no result depends on how slow',
  'src/compliance/eligibility/readings.service.spec.ts': 'the answer never comes before the test lets it, so any limit is met',
  'src/config/read-settings.spec.ts': 'names the default of production',
  'src/dialog360/limits/request-limits.service.spec.ts': 'asks again until a fact holds; what is not sent has time to show up',
  'src/kernel/concurrency/bulkhead.spec.ts': 'no slot becomes free before the test lets it, so any limit is met',
  'src/store/postgres/notifications.spec.ts': 'asks again until a fact holds',
  'src/store/postgres/postgres.spec.ts': 'asks again until a fact holds',
  'src/store/postgres/limits.spec.ts': 'asks again until a fact holds',
  'test/graph-clients/gateway-target.ts': 'does what is due again and again, since the clients do not wait for it',
  'test/openapi-answers.e2e-spec.ts': 'asks again until a fact holds',
  'test/queue.e2e-spec.ts': 'asks again until a fact holds',
  'test/numbers.e2e-spec.ts': 'gives the event loop a turn',
  'test/queue-per-number.e2e-spec.ts': 'asks again until a fact holds',
  'test/recipes/stage.ts': 'asks programs of their own until a fact holds',
  'test/watchdog.e2e-spec.ts': 'asks again until a fact holds; what is not sent has time to show up',
  'test/traces.e2e-spec.ts': 'makes the limits of production longer',
};

/** What makes a test depend on how fast the machine is. */
const KINDS: Record<string, (line: string) => boolean> = {
  'a sleep or a timer': (line) =>
    /\bsetTimeout\(|\bsetInterval\(|'node:timers\/promises'/.test(line) && !/import \{ setImmediate \}|jest\./.test(line),
  'a short limit': (line) =>
    milliseconds(line, /\b(?:timeout|patience|interval)Ms(?:: | = )([\d_]+)|AbortSignal\.timeout\(([\d_]+)\)/) < PATIENT_MS,
  'a measured duration': (line) => /expect\((?:performance|Date)\.now\(\) - /.test(line),
  'less time for a test than any has': (line) =>
    milliseconds(line, /^ *\}?,? ?(\d{1,3}_\d{3})(?:,|\);)$|jest\.setTimeout\(([\d_]+)\)/) < TEST_MS,
};

/** The number in a line, without end when there is none. */
function milliseconds(line: string, pattern: RegExp): number {
  const found = pattern.exec(line)?.slice(1).find(Boolean);
  return found === undefined ? Number.POSITIVE_INFINITY : Number(found.replaceAll('_', ''));
}

const files = ['src', 'test', 'prove', 'scripts']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
  .filter(
    (file) =>
      /^(?:src|prove|scripts)\/.*\.(?:spec|e2e-spec|fixture)\.ts$|^test\/(?!browser|long).*\.ts$/.test(file) &&
      file !== 'test/patience.spec.ts',
  );

const found = files.flatMap((file) =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((line, at) => Object.entries(KINDS).flatMap(([kind, is]) => (is(line) ? [{ file, at: `${file}:${at + 1}: ${kind}` }] : []))),
);

describe('whether a test passes', () => {
  it('does not depend on how busy the machine is', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(found.filter(({ file }) => !(file in EXCEPTIONS)).map(({ at }) => at)).toEqual([]);
  });

  it('depends on real time nowhere without need: every exception is one', () => {
    expect(Object.keys(EXCEPTIONS).filter((file) => !found.some((one) => one.file === file))).toEqual([]);
  });
});
