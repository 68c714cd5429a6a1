import type { NumberReach } from '#identity/numbers/number-reach.js';
import type { Secret } from '#kernel/secret.js';
import type { Scope } from './scope.js';

/** Who makes a request: one API key, what it may do, and which numbers it reaches. A session or token reaches what its key does. */
export interface Principal extends NumberReach {
  /** The id of the key, such as `key_…`; idempotency keys and limits belong to it. */
  keyId: string;
  /** The session or browser token that the request used; two of one key are two operators. Absent for the key itself. */
  operatorId?: string;
  /** The name of the key, or of the operator who signed in with it. */
  name: string;
  scopes: ReadonlySet<Scope>;
  /** The secret that authenticated the request. It is never stored, so only its holder can open what is sealed with it. */
  credential?: Secret;
}
