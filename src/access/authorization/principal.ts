import type { Secret } from '#kernel/secret.js';
import type { Scope } from './scope.js';

/** Who makes a request: one API key and what it may do. */
export interface Principal {
  /** The id of the key, such as `key_…`; idempotency keys and limits belong to it. */
  keyId: string;
  /** The session or browser token that stands for the key; two of one key are two operators. Absent for the key itself. */
  operatorId?: string;
  /** What the owner called the key, or who signed in with it. */
  name: string;
  scopes: ReadonlySet<Scope>;
  /** What the request proved it with: kept nowhere, so what is sealed with it opens for its holder alone. */
  credential?: Secret;
}
