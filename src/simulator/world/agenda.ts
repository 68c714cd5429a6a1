import type { MovableClock } from './clock.js';

/** An event that will happen unless it is cancelled. */
export interface PlannedEvent {
  /** Ms since 1970 on the simulator's clock. */
  at: number;
  /** One English sentence for the control API. */
  what: string;
  /** The id of the user, call or delivery it belongs to. */
  about: string;
}

interface Task extends PlannedEvent {
  run: () => void;
}

/** What is still to come, in order of time and then of planning. It runs nothing by itself: see `tick`. */
export class Agenda {
  #tasks: Task[] = [];

  constructor(private readonly clock: MovableClock) {}

  /** Plans `run` for `inMs` from now. @param about the id of its user, call or delivery */
  plan(inMs: number, about: string, what: string, run: () => void): void {
    const task: Task = { at: this.clock.now() + inMs, what, about, run };
    const later = this.#tasks.findIndex((other) => other.at > task.at);
    this.#tasks.splice(later === -1 ? this.#tasks.length : later, 0, task);
  }

  /** Calls off everything planned about one subject. */
  callOff(about: string): void {
    this.#tasks = this.#tasks.filter((task) => task.about !== about);
  }

  clear(): void {
    this.#tasks = [];
  }

  /** Runs all that is due, each as if it were its own moment, and what becomes due thereby. @returns how many ran */
  tick(): number {
    const now = this.clock.now();
    let ran = 0;
    for (let task = this.#tasks[0]; task && task.at <= now; task = this.#tasks[0]) {
      this.#tasks.shift();
      this.clock.during(task.at, task.run);
      ran += 1;
    }
    return ran;
  }

  /** When the next event is due, in ms since 1970; null when none is planned. */
  nextAt(): number | null {
    return this.#tasks[0]?.at ?? null;
  }

  /** The planned events in order, all or only those about these ids. */
  upcoming(about?: readonly string[]): PlannedEvent[] {
    return this.#tasks.filter((task) => !about || about.includes(task.about));
  }
}
