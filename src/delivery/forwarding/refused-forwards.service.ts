import type { Store } from '#store/store.js';
import { type RefusedForward, RefusedForwardsStore } from './refused-forwards.store.js';

const PAGE = 200;

/** Deliveries that the target of forwarding refused: an owner lists them, and has them posted once more. */
export class RefusedForwardsService {
  readonly #refused = new RefusedForwardsStore();

  constructor(private readonly store: Store) {}

  /** One page of them, oldest first. @param numbers those under which the deliveries are kept; null for all */
  list(limit: number, afterId: number, numbers: readonly string[] | null = null): Promise<RefusedForward[]> {
    return this.#refused.list(this.store.read, limit, afterId, numbers);
  }

  /** All of them, oldest first. */
  async all(): Promise<RefusedForward[]> {
    const all: RefusedForward[] = [];
    for (;;) {
      const page = await this.list(PAGE, all.at(-1)?.id ?? 0);
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  }

  /**
   * Has deliveries posted once more, beside the queue, within a second. What the target does not take stays set aside.
   * @param ids null for all
   * @param numbers those under which the deliveries are kept; null for all
   * @returns the ids of those that are set aside
   */
  replay(ids: readonly number[] | null, numbers: readonly string[] | null = null): Promise<number[]> {
    return this.store.write((tx) => this.#refused.replay(tx, ids, numbers));
  }
}
