import { existsSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { Clock, SystemClock } from '#kernel/clock.js';

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** Everything a command touches besides its arguments, so that tests can stand in for it. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  stdout: Output;
  stderr: Output;
  clock: Clock;
  readStdin(): Promise<string>;
  pause(ms: number): Promise<void>;
  /** Aborted by the first Ctrl-C after this was called; the second one ends the process. */
  interruption(): AbortSignal;
}

/** The process itself. Settings come from `.env` too, as for the gateway. */
export function ofThisProcess(): Surroundings {
  if (existsSync('.env')) process.loadEnvFile('.env');
  // A reader such as `head` may close stdout early; the exit code stays the verdict.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: new SystemClock(),
    readStdin: () => readAll(process.stdin),
    pause: (ms) => wait(ms),
    interruption: () => {
      const controller = new AbortController();
      process.once('SIGINT', () => controller.abort());
      return controller.signal;
    },
  };
}
