/** A user, by the handle. */
interface Played {
  id: string;
}

/** At which users' phones a person sits, in front of a page. Their scripts hold still meanwhile. */
export class Pages {
  readonly #open = new Map<string, number>();

  has({ id }: Played): boolean {
    return this.#open.has(id);
  }

  /** A page opens. @returns what to call once when it closes; the last one to close gives the phone back to the script */
  open({ id }: Played): () => void {
    this.#open.set(id, (this.#open.get(id) ?? 0) + 1);
    return () => {
      const left = (this.#open.get(id) ?? 0) - 1;
      if (left > 0) this.#open.set(id, left);
      else this.#open.delete(id);
    };
  }
}
