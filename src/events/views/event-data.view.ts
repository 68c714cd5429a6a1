import type { MetaCallingView } from './meta-calling.view.js';

/** The WhatsApp user of an event, under every identifier that Meta has reported. */
export class EventUserView {
  /** The phone number as bare digits; null for a user with a hidden number. */
  wa_id: string | null;
  /** Business-scoped user id (BSUID). */
  user_id: string | null;
  /** The BSUID of the parent business account. */
  parent_user_id: string | null;
  /** The WhatsApp user name. */
  username: string | null;
  /** The name in the user's profile. */
  name: string | null;
}

/** The data of `permission.updated`: a user has answered a permission request, or WhatsApp for them. */
export class PermissionUpdatedView {
  /** The business number. */
  phone_number_id: string;
  /** Who answered. */
  user: EventUserView;
  /** What the user allows from now on; null when the answer does not say it. */
  status: 'no_permission' | 'temporary' | 'permanent' | null;
  /** The answer. */
  response: 'accept' | 'reject';
  /** `user_action`, or `automatic` for a reply of Meta itself; null when Meta does not say it. */
  response_source: string | null;
  /** When a temporary permission ends; null otherwise. */
  expires_at: string | null;
  /** The message that was answered (`wamid.…`); null when Meta does not name it. */
  context_id: string | null;
}

/** The data of `settings.updated`. */
export class SettingsUpdatedView {
  /** The business number. */
  phone_number_id: string;
  /** Meta's own `calling` object after the change, without SIP passwords. */
  calling: MetaCallingView;
}

/** One restriction by Meta. */
export class EventRestrictionView {
  /** Meta's word, such as `RESTRICTED_BIZ_INITIATED_CALLING`. */
  type: string;
  /** When it ends; null when Meta names no end. */
  expires_at: string | null;
  /** The directions in which it stops calls. */
  blocks: ('inbound' | 'outbound')[];
}

/** The data of `account.restricted`. */
export class AccountRestrictedView {
  /** The business number. */
  phone_number_id: string;
  /** The restrictions that the webhook names; none when Meta has lifted them. */
  restrictions: EventRestrictionView[];
}

/** The assessment of calls in one direction. */
export class EventVerdictView {
  /** `available` is proven, `blocked` has a failing gate; else `unknown`. */
  verdict: 'available' | 'blocked' | 'unknown';
  /** The gates that failed. */
  failed: string[];
}

/** The assessment of both directions. */
export class EventVerdictsView {
  /** Inbound calls. */
  inbound: EventVerdictView;
  /** Outbound calls. */
  outbound: EventVerdictView;
}

/** The data of `compliance.eligibility_changed`. */
export class EligibilityChangedView extends EventVerdictsView {
  /** The business number. */
  phone_number_id: string;
  /** The directions whose verdict changed. */
  changed: ('inbound' | 'outbound')[];
  /** The assessment of the poll before. */
  previous: EventVerdictsView;
}

/** The data of `webhook.silent`. */
export class WebhookSilentView {
  /** The business number. */
  phone_number_id: string;
  /** Whether no delivery has arrived for a day; false when deliveries come again. */
  silent: boolean;
  /** When the last delivery of any kind arrived; null before the first. */
  last_delivery_at: string | null;
}

/** The data of `subscription.test`. */
export class SubscriptionTestView {
  /** The id of the subscription, `sub_…`. */
  id: string;
  /** Its note for people; null for none. */
  description: string | null;
}

/** The data of `subscription.disabled`. */
export class SubscriptionDisabledView extends SubscriptionTestView {
  /** `disabled` by its endpoint, `paused` by its key. */
  state: 'paused' | 'disabled';
  /** When the gateway stopped it. */
  disabled_at: string;
  /** Why the gateway stopped it. */
  disabled_reason: 'gone' | 'failing' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'secret_unreadable';
  /** When the first of its failed attempts failed; null without one. */
  failing_since: string | null;
  /** Failed attempts since the last success. */
  failures: number;
}

/** The data of `subscription.gap`. */
export class SubscriptionGapView extends SubscriptionTestView {
  /** How many wanted events were lost. */
  events: number;
  /**
   * When the first of them happened.
   * @format date-time
   */
  from: string;
  /** When the last of them happened. */
  until: string;
  /**
   * The path that lists every call of the lost events in its present state.
   * @format uri-reference
   */
  calls: string;
}

/** The data of `endpoint.verify`. */
export class EndpointVerifyView {
  /** What the response must give back, as `{"challenge": "…"}` or as the bare text. */
  challenge: string;
}
