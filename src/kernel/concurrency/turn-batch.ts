interface Asked<K, V> {
  key: K;
  resolve: (value: V) => void;
  reject: (error: unknown) => void;
}

/** Reads with one statement what is asked for in one turn of the event loop. Nothing is kept: the next turn reads anew. */
export class TurnBatch<K, V> {
  #asked: Asked<K, V>[] = [];

  /**
   * @param read the values in the order of the keys; what it throws, each of them throws
   * @param most how many keys it takes at once
   */
  constructor(
    private readonly read: (keys: readonly K[]) => Promise<readonly V[]>,
    private readonly most: number,
  ) {}

  load(key: K): Promise<V> {
    return new Promise((resolve, reject) => {
      if (this.#asked.length === 0) setImmediate(() => this.#run());
      this.#asked.push({ key, resolve, reject });
    });
  }

  #run(): void {
    const asked = this.#asked;
    this.#asked = [];
    for (let at = 0; at < asked.length; at += this.most) void this.#readPart(asked.slice(at, at + this.most));
  }

  async #readPart(part: readonly Asked<K, V>[]): Promise<void> {
    try {
      const values = await this.read(part.map(({ key }) => key));
      for (const [index, { resolve }] of part.entries()) resolve(values[index] as V);
    } catch (error) {
      for (const { reject } of part) reject(error);
    }
  }
}
