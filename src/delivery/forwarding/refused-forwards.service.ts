import type { Store } from '#store/store.js';
import { type Queues, type RefusedForward, RefusedForwardsStore } from './refused-forwards.store.js';

const PAGE = 200;

/** Deliveries that the target of forwarding refused: an owner lists them, and has them posted once more. */
export class RefusedForwardsService {
  readonly #refused = new RefusedForwardsStore();

  constructor(private readonly store: Store) {}

  /** One page of them, oldest first. */
  list(queues: Queues, limit: number, afterId: number): Promise<RefusedForward[]> {
    return this.#refused.list(this.store.read, queues, limit, afterId);
  }

  /** All of them, oldest first. */
  async all(queues: Queues = null): Promise<RefusedForward[]> {
    const all: RefusedForward[] = [];
    for (;;) {
      const page = await this.list(queues, PAGE, all.at(-1)?.id ?? 0);
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  }

  /**
   * Has deliveries posted once more, beside the queue, within a second. What the target does not take stays set aside.
   * @param ids null for all
   * @returns the ids of those that are set aside
   */
  replay(queues: Queues, ids: readonly number[] | null): Promise<number[]> {
    return this.store.write((tx) => this.#refused.replay(tx, queues, ids));
  }
}
