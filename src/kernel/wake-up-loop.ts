/**
 * Makes one pass of work after the other, never two at once. A wake-up during a pass makes another pass follow it, so no
 * wake-up is lost, and many of them cost one pass.
 */
export class WakeUpLoop {
  #wanted = false;
  #stopped = false;
  #running: Promise<void> | null = null;

  /**
   * @param pass true when another pass has to follow at once
   * @param failed gets what a pass throws; the next wake-up tries again
   */
  constructor(
    private readonly pass: () => Promise<boolean>,
    private readonly failed: (error: unknown) => void,
  ) {}

  get isRunning(): boolean {
    return this.#running !== null;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Resolves when everything that was wanted before the call is done. */
  wake(): Promise<void> {
    if (this.#stopped) return this.idle();
    this.#wanted = true;
    this.#running ??= this.#run();
    return this.#running;
  }

  /** Resolves when no pass runs. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Begins no further pass; resolves when the present one has ended. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.idle();
  }

  async #run(): Promise<void> {
    while (this.#wanted && !this.#stopped) {
      this.#wanted = false;
      try {
        if (await this.pass()) this.#wanted = true;
      } catch (error) {
        this.failed(error);
      }
    }
    // In the turn of the event loop that found nothing to do: a later wake-up begins anew.
    this.#running = null;
  }
}
