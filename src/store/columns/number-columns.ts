import type { Generated } from 'kysely';

/** What a row of `numbers` holds once a gateway may have several. What an older release leaves out has a default, or is null. */
export interface NumberColumns {
  /** The digest of the key for which 360dialog has named this number; null while it has named it for no key. */
  key_digest: string | null;
  name: string | null;
  /** The owner's own word for it. */
  reference: string | null;
  /** Meta's id of the business portfolio; null while it is unknown. */
  portfolio_id: string | null;
  /** 360dialog's ids of its client and channel, which its partner knows; null while unknown. */
  client_id: string | null;
  channel_id: string | null;
  /** `environment`: its key is `D360_API_KEY` and stands in no table. */
  source: Generated<'environment' | 'api' | 'partner'>;
  state: Generated<'active' | 'paused' | 'removing'>;
  sealed_api_key: string | null;
  /** When 360dialog last named the number for its key. */
  key_accepted_at: number | null;
  /** SHA-256 in hex of the token that its webhooks carry, and of the one before while both are valid. */
  webhook_token_digest: string | null;
  previous_webhook_token_digest: string | null;
  sealed_webhook_token: string | null;
  /** Sealed JSON, `url` and `headers`: the webhook that registration replaced. */
  replaced_webhook: string | null;
  /** Sealed JSON, `url` and `headers`; null without forwarding. */
  forward: string | null;
  /** JSON: its own settings; what is missing or null is the gateway's. */
  settings: string | null;
  /** Null in a row of an older release: `learned_at` then. */
  created_at: number | null;
  /** When 360dialog refused its key; null since it was accepted again. */
  key_rejected_at: number | null;
  /** JSON: since when it is being removed, and whether its calls go with it; null unless it is. */
  removal: string | null;
  /** When its secrets were destroyed; null while it is in use. */
  removed_at: number | null;
  /** The scope of its people's addresses: empty for the number that was there first, else its own id. */
  address_scope: Generated<string>;
}
