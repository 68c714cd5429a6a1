import { questionOnTerminal } from '#cli/terminal/question.js';

/** Asks before a step. */
export type Confirm = (question: string) => Promise<'yes' | 'no' | 'quit'>;

export const alwaysYes: Confirm = async () => 'yes';

/** Asks on the terminal of this process; undefined where there is none. Ctrl-C quits. */
export function confirmOnTerminal(): Confirm | undefined {
  const ask = questionOnTerminal();
  return ask && (async (question) => readConfirmation((await ask(question)) ?? 'quit'));
}

/** Enter, `y` and the Spanish `s` are a yes; an answer in any other form is a no. */
export function readConfirmation(written: string): 'yes' | 'no' | 'quit' {
  const word = written.trim().toLowerCase();
  if (/^(q|quit|salir)$/.test(word)) return 'quit';
  return /^(|y|yes|s|si|sí)$/.test(word) ? 'yes' : 'no';
}
