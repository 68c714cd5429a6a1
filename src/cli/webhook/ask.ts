import { createInterface } from 'node:readline/promises';

export type Ask = (question: string) => Promise<boolean>;

export const sayYes: Ask = async () => true;

/** Asks on the terminal of this process; undefined where there is none. Only a written yes is one. */
export function askOnTerminal(): Ask | undefined {
  if (!process.stdin.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^(y|yes|s|si|sí)$/i.test((await lines.question(question)).trim());
    } catch {
      // Ctrl-C at the question.
      return false;
    } finally {
      lines.close();
    }
  };
}
