import { UsageFault } from '#cli/terminal/command-line.js';
import type { Printer } from '#cli/terminal/printer.js';
import { secretOnTerminal } from '#cli/terminal/question.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import { sayNumbers } from './texts.js';

/**
 * The key of a number at 360dialog: from NUMBER_API_KEY, else typed on a terminal without being shown, else from stdin. Arguments stand in
 * the list of processes and in the history of the shell, so it is never read from them.
 * @throws UsageFault when there is none
 */
export async function givenKey({ env, readStdin }: Surroundings, { language }: Printer): Promise<string> {
  const ofEnvironment = env.NUMBER_API_KEY?.trim();
  if (ofEnvironment) return ofEnvironment;
  const ask = secretOnTerminal();
  const key = (ask ? await ask(sayNumbers('key_question', language)) : await readStdin())?.trim();
  if (!key) throw new UsageFault(sayNumbers('no_number_key', language));
  return key;
}
