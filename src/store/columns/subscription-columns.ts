import type { Generated } from 'kysely';

/** What a row of `subscriptions` holds of its deliveries: how far they are, and what stops them. */
export interface SubscriptionProgressColumns {
  state: 'active' | 'paused' | 'disabled';
  disabled_at: number | null;
  disabled_reason: 'gone' | 'failing' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'secret_unreadable' | null;
  /** With `event_id`, the cursor in the outbox: every event up to it was attempted once, or is not subscribed to. */
  xid: number;
  event_id: number;
  /** Failed attempts since the last success. */
  failures: number;
  failing_since: number | null;
  /** The end of the cool-down: nothing is sent before. */
  held_until: number | null;
  /** How many subscribed events were deleted before delivery, their period, and when `subscription.gap` reported it; null for none. */
  gap_events: number | null;
  gap_from: number | null;
  gap_until: number | null;
  /** Events lost after the report make a new gap. */
  gap_told_at: number | null;
  /** Rises with every change through the API, so that the delivery worker restarts. */
  revision: number;
  /** The replica that delivers, and the end of its lease; only on Postgres. */
  holder: string | null;
  held_by_until: number | null;
}

/** With what a subscription is signed. */
export interface SubscriptionSecretColumns {
  /** `whsec_…` or, in Meta's format, a secret of an app; in plain text, or empty when `sealed_secret` has it. */
  secret: string;
  /** Signs as well until `previous_until`; null when `sealed_previous_secret` has it. */
  previous_secret: string | null;
  /** The same, sealed with SECRETS_KEY (`sealed/sealed-columns.ts`); null while they are in plain text. */
  sealed_secret: string | null;
  sealed_previous_secret: string | null;
  previous_until: number | null;
  /** In Meta's format: what the endpoint must know to answer the handshake; null when `sealed_verify_token` has it. */
  verify_token: Generated<string | null>;
  sealed_verify_token: Generated<string | null>;
}

/** A row of `dispatches`: the attempts to deliver one event to one subscription. */
export interface DispatchColumns {
  subscription_id: string;
  xid: number;
  event_id: number;
  type: string;
  subject: string;
  state: 'delivered' | 'retrying' | 'exhausted';
  /** Since the first attempt or the last replay. */
  attempts: number;
  first_attempt_at: number | null;
  last_attempt_at: number | null;
  /** Null unless the state is `retrying`. */
  next_attempt_at: number | null;
  response_status: number | null;
  latency_ms: number | null;
  error: string | null;
}
