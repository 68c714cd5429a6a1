/** A fault that waits for what it strikes: a request of the gateway or a webhook. */
export interface Fault {
  id: string;
  /** The handle of the user it is limited to; `null` for every user. */
  user: string | null;
  /** How often it still strikes; `null` until it is removed. */
  times: number | null;
}

/** The faults that wait, oldest first. The first one that fits strikes. */
export class FaultQueue<T extends Fault> {
  #faults: T[] = [];
  #serial = 0;

  /** @param kindOf the operation or the webhook that a fault strikes; `*` is every one */
  constructor(private readonly kindOf: (fault: T) => string) {}

  all(): readonly T[] {
    return this.#faults;
  }

  add(fault: Omit<T, 'id'>): T {
    this.#serial += 1;
    const added = { ...fault, id: `fault-${this.#serial}` } as T;
    this.#faults.push(added);
    return added;
  }

  clear(): void {
    this.#faults = [];
    this.#serial = 0;
  }

  /** Takes the fault for this kind and user, or `null`. */
  strike(kind: string, user: string | null): T | null {
    const fault = this.#faults.find((item) => ['*', kind].includes(this.kindOf(item)) && (item.user === null || item.user === user));
    if (!fault) return null;
    if (fault.times !== null) {
      fault.times -= 1;
      if (fault.times <= 0) this.#faults = this.#faults.filter((item) => item !== fault);
    }
    return fault;
  }
}
