import { UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import type { Printer } from '#cli/terminal/printer.js';
import { upstreamWords } from '#cli/terminal/problem.js';
import type { Command } from '#cli/terminal/run.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import { say } from '#cli/terminal/texts.js';
import { type Explanation, explain } from '#error-catalogue/explain.js';
import { type ErrorEntryDto, toExplanationDto } from '#http/errors/errors.view.js';
import { sayExplain } from './texts.js';

/** Explains a code or a pasted error body; needs neither a gateway nor a network. */
export const explainCommand: Command = {
  usage: 'npm run explain -- CODE | -   [--json] [--lang en|es]',
  help: {
    en: `Explains an error of Meta, 360dialog or the gateway: what it means and what to do. Works without a gateway.

  npm run explain -- 138006                by the number of Meta
  npm run explain -- permission_required   by the word of the gateway
  npm run explain -- - < error.json        an error body as it was received

Exit code 0 when the catalogue knows the error, 3 when it does not.`,
    es: `Explica un error de Meta, de 360dialog o del gateway: qué significa y qué hacer. Funciona sin un gateway.

  npm run explain -- 138006                por el número de Meta
  npm run explain -- permission_required   por el código del gateway
  npm run explain -- - < error.json        el cuerpo de un error tal como llegó

Código de salida 0 cuando el catálogo conoce el error, 3 cuando no.`,
  },
  options: {},
  async run(line, printer, surroundings) {
    if (line.words.length === 0) throw new UsageFault(sayExplain('nothing_to_explain', line.language));
    const explanation = explain(await pastedIn(line.words, printer, surroundings));
    printer.document(toExplanationDto(explanation, line.language));
    print(printer, explanation);
    return isKnown(explanation) ? EXIT.ok : EXIT.notFound;
  },
};

async function pastedIn(words: readonly string[], printer: Printer, { readStdin, stderr }: Surroundings): Promise<string> {
  if (words.length > 1 || words[0] !== '-') return words.join(' ');
  if (stderr.isTTY) printer.progress(sayExplain('paste', printer.language));
  return readStdin();
}

/** `upstream_refused` stands for every unknown error, unless the operator asks for it by name. */
const isKnown = ({ entry, upstream }: Explanation): boolean => entry !== null && !(entry.code === 'upstream_refused' && upstream !== null);

function print(printer: Printer, explanation: Explanation): void {
  const { upstream, hints } = explanation;
  const { language } = printer;
  const { entry } = toExplanationDto(explanation, language);
  if (!isKnown(explanation)) printer.line(printer.dye(sayExplain('unknown', language), 'yellow'));
  if (entry) printEntry(printer, entry);
  if ((upstream?.message ?? upstream?.status ?? null) !== null) printer.item(say('upstream', language), upstreamWords(upstream));
  for (const hint of hints) printer.item(sayExplain('hint', language), hint[language]);
}

function printEntry(printer: Printer, entry: ErrorEntryDto): void {
  const { language } = printer;
  printer.line(`${printer.dye(entry.code, 'strong')}: ${entry.title}`);
  printer.item(say('cause', language), entry.detail);
  printer.item(say('remedy', language), entry.remedy);
  printer.item(sayExplain('status', language), String(entry.status));
  if (entry.upstream_codes.length > 0) printer.item(sayExplain('numbers', language), entry.upstream_codes.join(', '));
  printer.line(`  ${sayExplain('retry', language)} ${say(entry.retryable ? 'yes' : 'no', language)}`);
  printer.line(`  ${sayExplain('rang', language)} ${say(entry.rang, language)}`);
  printer.item(sayExplain('source', language), entry.source);
}
