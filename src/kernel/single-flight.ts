/** Runs one piece of work at a time: calls that come while it runs share its result. A failure is shared as well. */
export class SingleFlight<T> {
  #running: Promise<T> | null = null;

  get isRunning(): boolean {
    return this.#running !== null;
  }

  run(work: () => Promise<T>): Promise<T> {
    this.#running ??= work().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Resolves when nothing runs any more, whether or not it failed. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }
}
