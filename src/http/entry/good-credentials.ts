/** The size of the cache of good credentials. */
const MOST = 1_000;

/** A cache of digests of credentials that were good when they were last used, the latest used last. */
export class GoodCredentials {
  readonly #digests = new Set<string>();

  has(digest: string): boolean {
    return this.#digests.has(digest);
  }

  add(digest: string): void {
    this.#digests.delete(digest);
    this.#digests.add(digest);
    const oldest = this.#digests.size > MOST ? this.#digests.values().next().value : undefined;
    if (oldest !== undefined) this.#digests.delete(oldest);
  }

  delete(digest: string): void {
    this.#digests.delete(digest);
  }
}
