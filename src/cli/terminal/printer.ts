import type { Language } from '#error-catalogue/catalogue.js';
import type { CommandLine } from './command-line.js';
import type { Output, Surroundings } from './surroundings.js';

const STYLES = { strong: '1', faint: '2', red: '31', green: '32', yellow: '33' } as const;
export type Style = keyof typeof STYLES;

/**
 * Results go to stdout, as lines for people or, with `--json`, as one JSON document. Progress goes to stderr. Colours appear
 * only on a terminal that wants them.
 */
export class Printer {
  readonly language: Language;
  readonly json: boolean;

  constructor(
    private readonly surroundings: Pick<Surroundings, 'env' | 'stdout' | 'stderr'>,
    { language, json }: Pick<CommandLine, 'language' | 'json'>,
  ) {
    this.language = language;
    this.json = json;
  }

  /** For people; nothing with `--json`. */
  line(text = ''): void {
    if (!this.json) this.surroundings.stdout.write(`${plain(text)}\n`);
  }

  /** The answer of the command with `--json`; nothing without. */
  document(value: unknown): void {
    if (this.json) this.surroundings.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** How the work goes on; to stderr. */
  progress(text: string): void {
    this.surroundings.stderr.write(`${this.#dyed(plain(text), 'faint', this.surroundings.stderr)}\n`);
  }

  /** Why the command fails; to stderr. */
  fault(text: string): void {
    this.surroundings.stderr.write(`${this.#dyed(plain(text), 'red', this.surroundings.stderr)}\n`);
  }

  /** A heading or a mark within a line; the text must be our own. */
  dye(text: string, style: Style): string {
    return this.#dyed(text, style, this.surroundings.stdout);
  }

  /** `label: text`, with the following lines of the text indented beneath its first; nothing without a text. */
  item(label: string, text: string | null | undefined, indent = 2): void {
    if (text === null || text === undefined) return;
    const margin = ' '.repeat(indent);
    this.line(`${margin}${label}: ${text.replaceAll('\n', `\n${margin}  `)}`);
  }

  #dyed(text: string, style: Style, output: Output): string {
    const wanted = output.isTTY === true && !this.surroundings.env.NO_COLOR && this.surroundings.env.TERM !== 'dumb';
    return wanted ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
  }
}

const OURS = Object.values(STYLES).map((code) => `[${code}m`);

/** What others wrote may hold codes that rule a terminal: of control characters only line ends and our own colours stay. */
const plain = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character, at: number) => {
    if (character === '\n' || character === '\t') return character;
    const rest = text.slice(at + 1, at + 5);
    return character === '\u001b' && (rest.startsWith('[0m') || OURS.some((code) => rest.startsWith(code))) ? character : '';
  });
