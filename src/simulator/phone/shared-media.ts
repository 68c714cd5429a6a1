import { loadMediaLibrary, type MediaLibrary, stopMediaLibrary } from './media-library.js';

/** More calls at once than this are without media, so that a load test is no test of encryption. */
const MOST_PHONES = 16;

/** The media library that the headless phones of all numbers share, and how many there may be. Off until `switchOn`. */
export class SharedMedia {
  /** The calls that have a headless phone. */
  readonly headless = new Set<object>();
  #library: Promise<MediaLibrary | null> | null = null;
  #on = false;

  /** Lets headless phones exist from now on. */
  switchOn(): void {
    this.#on = true;
  }

  /** Calls that begin from now on are without media. */
  switchOff(): void {
    this.#on = false;
  }

  /** The library for the phone of a call; null while there may be no further one. */
  take(call: object): Promise<MediaLibrary | null> | null {
    if (!this.#on || this.headless.size >= MOST_PHONES) return null;
    this.headless.add(call);
    this.#library ??= loadMediaLibrary();
    return this.#library;
  }

  /** Stops the library's threads, which would keep the process alive. */
  close(): void {
    this.#on = false;
    void this.#library?.then((library) => library && stopMediaLibrary(library));
    this.#library = null;
  }
}
