import type { Scope } from './scope.js';

/** Who makes a request: one API key and what it may do. */
export interface Principal {
  /** The id of the key, such as `key_…`; idempotency keys and limits belong to it. */
  keyId: string;
  /** What the owner called the key. */
  name: string;
  scopes: ReadonlySet<Scope>;
}
