import type { Printer } from '#cli/terminal/printer.js';
import { questionOnTerminal } from '#cli/terminal/question.js';
import { CommandRefused } from '#cli/terminal/run.js';
import { sayNumbers } from './texts.js';

/** Asks on the terminal. @throws CommandRefused unless the operator confirms */
export async function confirm(question: string, { language }: Printer): Promise<void> {
  const ask = questionOnTerminal();
  if (!ask) throw new CommandRefused(sayNumbers('needs_yes', language));
  if (!/^(y|yes|s|si|sí)$/i.test((await ask(`${question} `)) ?? '')) throw new CommandRefused(sayNumbers('declined', language));
}
