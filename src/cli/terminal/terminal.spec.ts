import { describe, expect, it } from '@jest/globals';
import { DIAGNOSIS_TEXTS, GATE_TEXTS, OPEN_REMEDIES, OPEN_TEXTS } from '#cli/diagnosis/texts.js';
import { EXPLAIN_TEXTS } from '#cli/explain/texts.js';
import { FORWARDS_TEXTS } from '#cli/forwards/texts.js';
import { INBOX_TEXTS } from '#cli/inbox/texts.js';
import { KEYS_TEXTS } from '#cli/keys/texts.js';
import { WALK_TEXTS } from '#cli/walk/texts.js';
import { readCommandLine, UsageFault, wholeNumber } from './command-line.js';
import { gatewayOf, NoGateway } from './gateway.client.js';
import { languageOfTerminal } from './language.js';
import { Printer } from './printer.js';
import { FakeTerminal } from './terminal.fixture.js';
import { TEXTS, type Texts } from './texts.js';

describe('the command line', () => {
  it('reads options, flags and words', () => {
    const line = readCommandLine(['one', '--to', '+52 55', '--json', '-'], { to: { type: 'string' } }, {});
    expect([line.words, line.option('to'), line.flag('json'), line.json]).toEqual([['one', '-'], '+52 55', true, true]);
    expect(line.option('key')).toBeUndefined();
  });

  it('refuses what it does not know', () => {
    for (const args of [['--colour'], ['--lang', 'fi'], ['--to']])
      expect(() => readCommandLine(args, { to: { type: 'string' } }, {})).toThrow(UsageFault);
  });

  it('takes the language from --lang, then from the terminal', () => {
    const languageOf = (args: string[], env = {}) => readCommandLine(args, {}, env).language;
    expect(languageOf(['--lang', 'es'])).toBe('es');
    expect(languageOf(['--lang', 'en'], { LANG: 'es_MX.UTF-8' })).toBe('en');
    expect(languageOf([], { LANG: 'es_MX.UTF-8' })).toBe('es');
    expect(languageOfTerminal({ LC_ALL: 'en_US', LANG: 'es_MX' })).toBe('en');
    expect(languageOfTerminal({ LANG: 'estonian' })).toBe('en');
  });

  it('reads whole numbers within their bounds', () => {
    const line = (value: string) => readCommandLine(['--wait', value], { wait: { type: 'string' } }, {});
    expect(wholeNumber(line('30'), 'wait', 120, 1, 60)).toBe(30);
    expect(wholeNumber(readCommandLine([], {}, {}), 'wait', 120, 1, 60)).toBe(120);
    for (const value of ['0', '61', '1.5', 'x']) expect(() => wholeNumber(line(value), 'wait', 1, 1, 60)).toThrow(UsageFault);
  });

  it('finds the gateway by --url, then GATEWAY_URL, then HOST and PORT', () => {
    const options = { url: { type: 'string' }, key: { type: 'string' } } as const;
    const urlOf = (env: Record<string, string>, ...args: string[]) => gatewayOf(readCommandLine(args, options, {}), env).url;
    expect(urlOf({})).toBe('http://127.0.0.1:3000');
    expect(urlOf({ HOST: '0.0.0.0', PORT: '8080' })).toBe('http://127.0.0.1:8080');
    expect(urlOf({ HOST: 'fd00::1' })).toBe('http://[fd00::1]:3000');
    expect(urlOf({ GATEWAY_URL: 'https://calls.example/', PORT: '1' })).toBe('https://calls.example');
    expect(urlOf({ GATEWAY_URL: 'https://calls.example' }, '--url', 'http://other.example')).toBe('http://other.example');
    expect(() => urlOf({}, '--url', 'ftp://x')).toThrow(UsageFault);
  });

  it('fails where no gateway listens', async () => {
    const line = readCommandLine([], {}, {});
    await expect(gatewayOf(line, { GATEWAY_URL: 'http://127.0.0.1:9' }).mode()).rejects.toThrow(NoGateway);
  });
});

describe('the printer', () => {
  const printed = (terminal: FakeTerminal, json = false) => new Printer(terminal, { language: 'en', json });

  it('writes colours only on a terminal that wants them', () => {
    for (const [terminal, expected] of [
      [new FakeTerminal({}), 'x'],
      [new FakeTerminal({ NO_COLOR: '1' }, { isTTY: true }), 'x'],
      [new FakeTerminal({ TERM: 'dumb' }, { isTTY: true }), 'x'],
      [new FakeTerminal({}, { isTTY: true }), '\u001b[31mx\u001b[0m'],
    ] as const)
      expect(printed(terminal).dye('x', 'red')).toBe(expected);
  });

  it('keeps codes that others wrote from ruling the terminal, and our own colours', () => {
    const terminal = new FakeTerminal({}, { isTTY: true });
    const printer = printed(terminal);
    printer.line(`${printer.dye('ok', 'green')} a\u001b[2Jb\u0007\u009b31mc\r\nd\u001b]0;t\u0007`);
    expect(terminal.out).toBe('\u001b[32mok\u001b[0m a[2Jb31mc\nd]0;t\n');
  });

  it('prints one document and no lines with --json, and progress on stderr in any case', () => {
    const terminal = new FakeTerminal();
    const printer = printed(terminal, true);
    printer.line('for people');
    printer.progress('working');
    printer.document({ a: 1 });
    expect([terminal.document(), terminal.err]).toEqual([{ a: 1 }, 'working\n']);
  });
});

describe('the texts of the command line', () => {
  const all: Record<string, Texts> = {
    TEXTS,
    EXPLAIN_TEXTS,
    FORWARDS_TEXTS,
    INBOX_TEXTS,
    KEYS_TEXTS,
    WALK_TEXTS,
    GATE_TEXTS,
    DIAGNOSIS_TEXTS,
    OPEN_TEXTS,
    OPEN_REMEDIES,
  };
  const placeholders = (text: string) => [...text.matchAll(/\{[a-z_]+\}/g)].map(([name]) => name).sort();

  it.each(Object.entries(all))('%s say everything in both languages, with the same values', (_, texts) => {
    for (const [key, { en, es }] of Object.entries(texts)) {
      expect([key, en.trim() === '' || es.trim() === '']).toEqual([key, false]);
      expect([key, placeholders(es)]).toEqual([key, placeholders(en)]);
    }
  });
});
