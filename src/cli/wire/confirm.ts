import { createInterface } from 'node:readline/promises';

/** Asks before a step. */
export type Confirm = (question: string) => Promise<'yes' | 'no' | 'quit'>;

export const alwaysYes: Confirm = async () => 'yes';

/** Asks on the terminal of this process; undefined where there is none. The question goes to stderr, which no script reads. */
export function confirmOnTerminal(): Confirm | undefined {
  if (!process.stdin.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return readConfirmation(await lines.question(question));
    } catch {
      // Ctrl-C at the question.
      return 'quit';
    } finally {
      lines.close();
    }
  };
}

/** Enter, `y` and the Spanish `s` are a yes; whatever is not understood is none. */
export function readConfirmation(written: string): 'yes' | 'no' | 'quit' {
  const word = written.trim().toLowerCase();
  if (/^(q|quit|salir)$/.test(word)) return 'quit';
  return /^(|y|yes|s|si|sí)$/.test(word) ? 'yes' : 'no';
}
