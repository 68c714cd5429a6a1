import type { Clock } from '#kernel/clock.js';

interface JournalLine {
  at: number;
  what: string;
  /** The id of the user or call it is about. */
  about: string;
}

const KEPT = 500;

/** The last 500 things that happened, for the control API. */
export class Journal {
  #lines: JournalLine[] = [];

  constructor(private readonly clock: Clock) {}

  /** Adds a line. @param about the id of the user or call */
  note(what: string, about: string): void {
    this.#lines.push({ at: this.clock.now(), what, about });
    if (this.#lines.length > KEPT) this.#lines.shift();
  }

  all(): readonly JournalLine[] {
    return this.#lines;
  }
}
