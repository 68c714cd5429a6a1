/** Random numbers that a seed repeats (mulberry32): a red round can be run again. */
export class Random {
  /** @param {number} seed */
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** @returns {number} from 0 up to, but not, 1 */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability) {
    return this.next() < probability;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    return list[this.between(0, list.length - 1)];
  }

  /** @template T @param {readonly T[]} list @returns {T[]} */
  shuffled(list) {
    const result = [...list];
    for (let last = result.length - 1; last > 0; last -= 1) {
      const other = this.between(0, last);
      [result[last], result[other]] = [result[other], result[last]];
    }
    return result;
  }

  /** Cuts a list into parts of random sizes, each of 1 to `most`. */
  parts(list, most) {
    const result = [];
    for (let at = 0; at < list.length; ) {
      const size = this.between(1, most);
      result.push(list.slice(at, at + size));
      at += size;
    }
    return result;
  }
}
