import { list as listOf, parseJson, record, text } from '#kernel/read.js';
import type { Store } from '#store/store.js';
import { type QuarantineRow, QuarantineStore } from './quarantine.store.js';

const PAGE = 200;

/** Why one element could not be applied, without anything that it says. */
export interface ElementFault {
  /** The field of the webhook, such as `calls`. */
  field: string;
  /** The class of the error with its code, and where it was thrown. */
  fault: string;
}

/** A delivery whose elements could not all be applied. */
export interface SetAside {
  id: number;
  receivedAt: number;
  attempts: number;
  /** Empty for a delivery that an older release set aside. */
  faults: ElementFault[];
}

/** Deliveries that the inbox set aside: an owner lists them, and has them tried again once the cause is mended. */
export class QuarantineService {
  readonly #quarantine = new QuarantineStore();

  constructor(private readonly store: Store) {}

  /** All of them, oldest first. */
  async list(): Promise<SetAside[]> {
    const all: SetAside[] = [];
    for (;;) {
      const page = await this.#quarantine.list(this.store.read, PAGE, all.at(-1)?.id ?? 0);
      all.push(...page.map(toSetAside));
      if (page.length < PAGE) return all;
    }
  }

  /** Hands deliveries to the worker again, which finds them within a second. @param ids null for all @returns the ids of those */
  retry(ids: readonly number[] | null): Promise<number[]> {
    return this.store.write((tx) => this.#quarantine.release(tx, ids));
  }
}

/** The summary of a delivery that is set aside. */
export const summaryOfFaults = (faults: readonly ElementFault[]): object => ({ faults });

/**
 * An error by its class, its code and the place in the code; never its message, which may repeat what a user wrote.
 * @returns such as `TypeError at calling/lifecycle/call.observer.js:98`
 */
export function describeFault(error: unknown): string {
  const { name = 'Error', code, stack = '' } = error as { name?: string; code?: unknown; stack?: string };
  const place = /\n {4}at [^\n]*\/(?:dist|src)\/([\w./-]+:\d+)/.exec(stack)?.[1];
  const what = typeof code === 'string' && /^\w+$/.test(code) ? `${name} ${code}` : name;
  return place === undefined ? what : `${what} at ${place}`;
}

const toSetAside = ({ summary, ...row }: QuarantineRow): SetAside => ({
  ...row,
  faults: listOf(record(parseJson(summary ?? ''))?.faults).flatMap((fault) => {
    const [field, what] = [text(record(fault)?.field), text(record(fault)?.fault)];
    return field !== undefined && what !== undefined ? [{ field, fault: what }] : [];
  }),
});
