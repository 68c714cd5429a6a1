import type { Generated } from 'kysely';

/** What a row of `calls` holds for clients of the Graph API. A release before it leaves both out. */
export interface CallColumns {
  /** The caller's own `biz_opaque_callback_data`; null for none. */
  callback_data: Generated<string | null>;
  /** The id of the key that connected the call; null for every call that was not connected through the Graph API. */
  connected_by: Generated<string | null>;
}
