import { createHash } from 'node:crypto';

export const digestOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Every 200 that was seen, kept outside of the process that gave it: the only truth about what was promised. */
export class Ledger {
  /** SHA-256 of each acknowledged body → the wacid that it announces, or null. */
  promised = new Map();
  #open = new Set();
  #seenUpTo = 0;

  /** @param {Buffer} body @param {string | null} wacid */
  acknowledge(body, wacid) {
    const digest = digestOf(body);
    this.promised.set(digest, wacid);
    this.#open.add(digest);
  }

  /**
   * Looks for what was promised since the last look, byte for byte.
   * @param {import('./database.mjs').Database} database
   * @returns {Promise<number>} how many are lost
   */
  async countLost(database) {
    const rows = await database.deliveriesAfter(this.#seenUpTo);
    for (const { id, body } of rows) {
      this.#open.delete(digestOf(body));
      this.#seenUpTo = Math.max(this.#seenUpTo, id);
    }
    const lost = this.#open.size;
    this.#open.clear();
    return lost;
  }

  /** The same over everything that was ever promised: nothing may vanish later either. */
  async countLostInAll(database) {
    this.#seenUpTo = 0;
    this.#open = new Set(this.promised.keys());
    return this.countLost(database);
  }

  /** How many announced calls stand in no row of the table `calls`. */
  async countCallsMissing(database) {
    const known = await database.wacids();
    return [...this.promised.values()].filter((wacid) => wacid !== null && !known.has(wacid)).length;
  }
}
