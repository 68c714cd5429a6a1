import { Clock, SystemClock } from '#kernel/clock.js';
import { type Command, runCommand } from './run.js';
import type { Surroundings } from './surroundings.js';

/** A terminal that keeps what is written to it. */
export class FakeTerminal implements Surroundings {
  out = '';
  err = '';
  stdin = '';
  clock: Clock = new SystemClock();
  readonly stop = new AbortController();
  readonly stdout: { write(text: string): void; isTTY: boolean };
  readonly stderr: { write(text: string): void; isTTY: boolean };

  constructor(
    readonly env: Record<string, string | undefined> = {},
    { isTTY = false, pause = async () => undefined }: { isTTY?: boolean; pause?: (ms: number) => Promise<void> } = {},
  ) {
    const keep = (stream: 'out' | 'err') => (text: string) => {
      this[stream] += text;
    };
    this.stdout = { isTTY, write: keep('out') };
    this.stderr = { isTTY, write: keep('err') };
    this.pause = pause;
  }

  pause: (ms: number) => Promise<void>;
  readStdin = async (): Promise<string> => this.stdin;
  interruption = (): AbortSignal => this.stop.signal;

  /** Runs a command as if it was typed here. @returns its exit code */
  type(command: Command, ...args: string[]): Promise<number> {
    return runCommand(command, args, this);
  }

  /** What was printed with `--json`. */
  document<T>(): T {
    return JSON.parse(this.out) as T;
  }
}
