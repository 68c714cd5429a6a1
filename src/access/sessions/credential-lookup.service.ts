import { Injectable } from '@nestjs/common';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { SessionsService } from './sessions.service.js';

/** Digests per query. */
const MOST_PER_QUERY = 500;

interface Batch {
  digests: Set<string>;
  found: Promise<ReadonlySet<string>>;
}

/**
 * Says whether a credential is one of ours, for callers from an address that has shown too many wrong ones. However many ask, one
 * query runs at a time and answers all that have asked meanwhile: guesses cost the database little, and a good credential waits
 * for two queries at most.
 */
@Injectable()
export class CredentialLookupService {
  #batch: Batch | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly keys: ApiKeysService,
    private readonly sessions: SessionsService,
  ) {}

  /** @param digest the SHA-256 of a key, a token or a cookie */
  async isKnown(digest: string): Promise<boolean> {
    if (this.#batch === null || this.#batch.digests.size >= MOST_PER_QUERY) this.#batch = this.#begin();
    const { digests, found } = this.#batch;
    digests.add(digest);
    return (await found).has(digest);
  }

  #begin(): Batch {
    const digests = new Set<string>();
    const found = this.#last
      .catch(() => undefined)
      .then(() => {
        if (this.#batch?.digests === digests) this.#batch = null;
        return this.#find([...digests]);
      });
    this.#last = found;
    return { digests, found };
  }

  async #find(digests: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set([...(await this.keys.knownHashes(digests)), ...(await this.sessions.knownHashes(digests))]);
  }
}
