import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface Source {
  file: string;
  text: string;
}

const SOURCES: Source[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/\.(spec|fixture)\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(`src/${file}`, 'utf8') }));

/** Ways past the one logger, `Log` of the telemetry module. */
const OTHER_WAYS: Record<string, RegExp> = {
  'the logger of Nest': /new Logger\(|\bLogger\.(log|warn|error|debug|verbose)\(/,
  'the console': /\bconsole\.\w+\(/,
  'a logger of its own': /from 'pino'/,
};
/** Makes the logger, and what hands it to Nest. */
const TELEMETRY = /^telemetry\//;

const CALL = /\b(?:log|logger|pino)\.(?:trace|debug|info|warn|error|fatal)\(\s*/g;
const EVENT = /^\{ event: '([a-z_0-9]+\.[a-z_0-9]+)'/;

interface LogLine {
  file: string;
  /** Undefined when the call names none as the first member of its object. */
  event: string | undefined;
}

const logLinesOf = ({ file, text }: Source): LogLine[] =>
  [...text.matchAll(CALL)].map(({ 0: call, index }) => {
    const argument = text.slice(index + call.length).replace(/^\{\s+/, '{ ');
    return { file, event: EVENT.exec(argument)?.[1] };
  });

const othersIn = (sources: readonly Source[]): string[] =>
  sources.flatMap(({ file, text }) =>
    Object.entries(OTHER_WAYS).flatMap(([way, pattern]) => (pattern.test(text) && !TELEMETRY.test(file) ? `${file}: ${way}` : [])),
  );

const withoutEvent = (lines: readonly LogLine[]): string[] => [...new Set(lines.flatMap(({ file, event }) => (event ? [] : file)))].sort();

const twice = (lines: readonly LogLine[]): string[] => {
  const events = lines.flatMap(({ event }) => event ?? []);
  return events.filter((event, index) => events.indexOf(event) !== index);
};

describe('every log line', () => {
  const lines = SOURCES.filter(({ file }) => !TELEMETRY.test(file)).flatMap(logLinesOf);

  it('is found', () => expect(lines.length).toBeGreaterThan(20));

  it('is written by the one logger', () => expect(othersIn(SOURCES)).toEqual([]));

  it('begins with the stable name of its event', () => expect(withoutEvent(lines)).toEqual([]));

  it('has an event of its own', () => expect(twice(lines)).toEqual([]));

  it('would be missed', () => {
    const planted = {
      file: 'planted.ts',
      text: "const logger = new Logger('x');\nconsole.log(1);\nthis.log.pino.warn(\n  { error }, 'x');",
    };
    expect(othersIn([planted])).toEqual(['planted.ts: the logger of Nest', 'planted.ts: the console']);
    expect(withoutEvent(logLinesOf(planted))).toEqual(['planted.ts']);
    const named = { file: 'named.ts', text: "log.pino.info({ event: 'a.b' }, 'x'); log.pino.info({\n event: 'a.b', error }, 'x');" };
    expect([withoutEvent(logLinesOf(named)), twice(logLinesOf(named))]).toEqual([[], ['a.b']]);
  });
});
