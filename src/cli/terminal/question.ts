import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** One question to the operator; `null` when Ctrl-C answers it. */
type Question = (question: string) => Promise<string | null>;

/** Asks for a secret: what is typed or pasted is not shown. Undefined where there is no terminal. */
export function secretOnTerminal(): Question | undefined {
  if (!process.stdin.isTTY) return undefined;
  return async (question) => {
    process.stderr.write(question);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
    try {
      return (await lines.question('')).trim();
    } catch {
      return null;
    } finally {
      lines.close();
      process.stderr.write('\n');
    }
  };
}

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
