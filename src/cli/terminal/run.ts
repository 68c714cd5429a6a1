import { type CommandLine, readCommandLine, UsageFault } from './command-line.js';
import { EXIT } from './exit.js';
import { NoGateway } from './gateway.client.js';
import { reasonIn } from './json-request.js';
import { languageOfTerminal } from './language.js';
import { Printer } from './printer.js';
import { ofThisProcess, type Surroundings } from './surroundings.js';
import { say } from './texts.js';

/** One command: its options, its help in both languages, and its work, which gives the exit code. */
export interface Command {
  /** As it is typed, such as `npm run keys -- list`. */
  usage: string;
  help: Readonly<Record<'en' | 'es', string>>;
  options: Parameters<typeof readCommandLine>[1];
  run(line: CommandLine, printer: Printer, surroundings: Surroundings): Promise<number>;
}

/** What the command wants to do is refused; the message says why. */
export class CommandRefused extends Error {}

/** Runs a command with the arguments of this process, whose exit code it sets. */
export async function runHere(command: Command): Promise<void> {
  process.exitCode = await runCommand(command, process.argv.slice(2), ofThisProcess());
}

/** Runs a command and turns everything that can go wrong into a message and an exit code. */
export async function runCommand(command: Command, args: readonly string[], surroundings: Surroundings): Promise<number> {
  let printer = new Printer(surroundings, { language: languageOfTerminal(surroundings.env), json: false });
  try {
    const line = readCommandLine(args, command.options, surroundings.env);
    printer = new Printer(surroundings, line);
    if (!line.help) return await command.run(line, printer, surroundings);
    surroundings.stdout.write(`${say('usage', line.language, { usage: command.usage })}\n\n${command.help[line.language]}\n`);
    return EXIT.ok;
  } catch (error) {
    return endOf(error, command, printer);
  }
}

function endOf(error: unknown, { usage }: Command, printer: Printer): number {
  const { language } = printer;
  if (error instanceof UsageFault) {
    printer.fault(error.message);
    printer.progress(say('usage', language, { usage }));
    return EXIT.usage;
  }
  if (error instanceof NoGateway) {
    printer.fault(say('no_gateway', language, { url: error.url, reason: reasonIn(error.reason, language) }));
    return EXIT.unreachable;
  }
  if (error instanceof CommandRefused) {
    printer.fault(error.message);
    return EXIT.refused;
  }
  printer.fault(say('unexpected', language, { message: error instanceof Error ? error.message : String(error) }));
  return EXIT.bug;
}
