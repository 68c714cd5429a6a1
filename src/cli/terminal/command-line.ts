import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Language } from '#error-catalogue/catalogue.js';
import { readUser } from '#kernel/wa-id.js';
import { LANGUAGES, languageOfTerminal } from './language.js';
import { say } from './texts.js';

/** The command line is not right; the message says how. */
export class UsageFault extends Error {}

const COMMON = {
  json: { type: 'boolean' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** Options that take a text, by their names. */
export const textOptions = (...names: string[]): ParseArgsOptionsConfig =>
  Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));

/** What commands that talk to a gateway take besides. */
export const GATEWAY_OPTIONS = textOptions('url', 'key', 'number');

/** Meta's id of a number. */
export const isNumberId = (text: string): boolean => /^\d{5,30}$/.test(text);

/** The number that `--number` names; null without it. @throws UsageFault */
export function numberNamed(line: Pick<CommandLine, 'option' | 'language'>): string | null {
  const written = line.option('number')?.trim();
  if (written === undefined) return null;
  if (!isNumberId(written)) throw new UsageFault(say('wrong_number_id', line.language, { value: written }));
  return written;
}

/** The arguments of a command, parsed. */
export interface CommandLine {
  /** The text of an option, when it was given. */
  option(name: string): string | undefined;
  flag(name: string): boolean;
  /** Everything that is no option. */
  words: readonly string[];
  language: Language;
  json: boolean;
  help: boolean;
}

/**
 * Reads the arguments of a command; `--json`, `--lang` and `--help` belong to every one.
 * @throws UsageFault
 */
export function readCommandLine(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  env: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const { values, positionals } = parsed(args, options, languageOfTerminal(env));
  const lang = values.lang;
  const language = LANGUAGES.find((known) => known === lang) ?? languageOfTerminal(env);
  if (lang !== undefined && lang !== language) throw new UsageFault(say('wrong_language', language, { value: String(lang) }));
  return {
    option: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
    flag: (name) => values[name] === true,
    words: positionals,
    language,
    json: values.json === true,
    help: values.help === true,
  };
}

/** A whole number from an option. @throws UsageFault when it is none, or outside its bounds */
export function wholeNumber(line: CommandLine, name: string, fallback: number, min: number, max: number): number {
  const written = line.option(name);
  if (written === undefined) return fallback;
  const value = Number(written);
  if (/^\d+$/.test(written) && value >= min && value <= max) return value;
  throw new UsageFault(say('wrong_number', line.language, { option: name, min, max, value: written }));
}

/** The person that `--to` names, as it is written and as it is read; null without `--to`. @throws UsageFault */
export function personOf(line: CommandLine): { to: string; user: NonNullable<ReturnType<typeof readUser>> } | null {
  const to = line.option('to');
  if (to === undefined) return null;
  const user = readUser(to);
  if (!user) throw new UsageFault(say('wrong_person', line.language, { value: to }));
  return { to, user };
}

function parsed(args: readonly string[], options: ParseArgsOptionsConfig, language: Language) {
  const known: ParseArgsOptionsConfig = { ...COMMON, ...options };
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageFault(say('wrong_arguments', language, { message: error instanceof Error ? error.message : '' }));
  }
}
