import type { Generated } from 'kysely';

/** What a row of `calls` holds of the client that made it. A release before the Graph API leaves the last two out. */
export interface CallColumns {
  /** The user as the client wrote them. */
  input: string | null;
  reference: string | null;
  /** The caller's own `biz_opaque_callback_data`; null for none. */
  callback_data: Generated<string | null>;
  /** The id of the key that connected the call; null for every call that was not connected through the Graph API. */
  connected_by: Generated<string | null>;
}
