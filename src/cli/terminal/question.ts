import { createInterface } from 'node:readline/promises';

/** One question to the operator; `null` when Ctrl-C answers it. */
type Question = (question: string) => Promise<string | null>;

/** The terminal of this process, undefined where there is none. The question goes to stderr, which no script reads. */
export function questionOnTerminal(): Question | undefined {
  if (!process.stdin.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return (await lines.question(question)).trim();
    } catch {
      return null;
    } finally {
      lines.close();
    }
  };
}
