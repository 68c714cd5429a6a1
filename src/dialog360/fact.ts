import type { JsonRecord } from '#kernel/read.js';
import type { UserIds } from '#kernel/wa-id.js';

/** The user of a webhook; any of the ids may be missing, never all of them. */
export interface Contact extends UserIds {
  username: string | null;
  name: string | null;
}

/** An SDP as the member `session` carries it. */
export interface Session {
  sdp_type: 'offer' | 'answer';
  sdp: string;
}

/** One entry of an `errors[]` array. */
export interface WireError {
  code: number | null;
  message: string | null;
  details: string | null;
}

/** What every fact about a call carries. */
interface AboutCall {
  wacid: string;
  /** From the webhook, or inferred from the type of the SDP; null when neither has it. */
  direction: 'inbound' | 'outbound' | null;
  contact: Contact | null;
  /** `biz_opaque_callback_data`: the id of the call that dialled, or a payload that a user's button returns. */
  opaque: string | null;
  /** The payload of the call button that the user tapped; any webhook of a call may hold it. */
  ctaPayload?: string | null;
  /** The payload of the `wa.me/call` link that the user followed. */
  deeplinkPayload?: string | null;
}

export type CallFact = AboutCall &
  (
    | { kind: 'call.connect'; session: Session | null; ctaPayload: string | null; deeplinkPayload: string | null }
    | { kind: 'call.status'; status: 'RINGING' | 'ACCEPTED' | 'REJECTED' }
    | {
        kind: 'call.terminate';
        /** Upper case; COMPLETED or FAILED are known. */
        status: string | null;
        startTime: number | null;
        endTime: number | null;
        durationSeconds: number | null;
        errors: WireError[];
      }
    /** An event for the timeline that does not change the state of the call: `call_created`, recordings, unknown ones. */
    | { kind: 'call.note'; event: string; errors: WireError[] }
  );

export type PermissionFact = {
  kind: 'permission.reply';
  contact: Contact;
  messageId: string;
  response: 'accept' | 'reject';
  permanent: boolean;
  expiresAt: number | null;
  /** `user_action`, `automatic`, or a value that Meta adds later. */
  responseSource: string | null;
  /** The `wamid` of our request, or the `wacid` of the user's call; null for a grant in the profile or a revocation. */
  contextId: string | null;
};

export type MessageFact =
  /** The user wrote to us: the 24 h window opens. */
  | {
      kind: 'message.received';
      contact: Contact;
      messageId: string;
      type: string | null;
      /** Who holds the thread: on the field `standby` it is the agent. */
      holder: ThreadHolder;
    }
  | {
      kind: 'message.status';
      messageId: string;
      /** Lower case: sent, delivered, read, failed. */
      status: string;
      contact: Contact | null;
      errors: WireError[];
      conversation: { id: string | null; originType: string | null; expiresAt: number | null } | null;
      pricing: { category: string | null; billable: boolean | null; type: string | null; model: string | null } | null;
    };

/**
 * One person goes on under other ids: the number has changed, and with it the BSUID.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids (2026-11-05)
 */
export interface IdentityFact {
  kind: 'identity.changed';
  messageId: string;
  /** What the person had until then, as far as the message names it; at least one id. */
  former: UserIds;
  /** What the person has from then on; at least one id. A null id is not known, and the former one is void. */
  present: Contact;
}

/**
 * What happened to the account of the number. `unclear` is a ban of a state that is not known; `disconnected` and `connected` are
 * about the partner's access to it.
 */
export type AccountChange = 'deleted' | 'disabled' | 'disable_scheduled' | 'reinstated' | 'disconnected' | 'connected' | 'unclear';

/** Who answers a user's thread: the Meta Business Agent, or the business by its own systems. */
export type ThreadHolder = 'agent' | 'business';

/** A user's thread went to another holder; null when the webhook does not say to whom. */
export interface ThreadFact {
  kind: 'thread.passed';
  contact: Contact;
  holder: ThreadHolder | null;
}

export type NumberFact =
  | { kind: 'settings.changed'; calling: JsonRecord }
  /** The restrictions in force; an empty list lifts those reported before. */
  | { kind: 'account.restricted'; restrictions: { type: string; expiresAt: number | null }[] }
  | { kind: 'account.changed'; change: AccountChange; event: string; date: string | null }
  /** `errors[]` that belong to no call and no message: they are about the number or its account. */
  | { kind: 'number.errors'; errors: WireError[] }
  | { kind: 'account.violation'; violationType: string }
  /** A messaging limit as Meta writes it: a tier such as `TIER_2K`, or a bare number as text. */
  | { kind: 'limit.changed'; limit: string; scope: 'portfolio' | 'number'; event: string | null };

/** What one element of a webhook says. */
export type WebhookFact = CallFact | PermissionFact | MessageFact | IdentityFact | ThreadFact | NumberFact;

/** An element as it came. Its parts are those of the parsed delivery, and no copies. */
export interface ElementSource {
  /** The members of `value` that hold the element alone, such as `{ calls: [ … ] }`; null when the element is the whole of `value`. */
  own: JsonRecord | null;
  /** The `value` that holds it. */
  value: JsonRecord;
  /** `entry[].time`; undefined when there was none. */
  time: unknown;
}

/** One element of a delivery. */
export interface Element {
  /** `calls`, `messages` … as Meta names it; empty when there was none. */
  field: string;
  /** The number it is for: a `metadata.phone_number_id`, a display number, or neither when the webhook names none. */
  phoneNumberId: string | null;
  displayPhoneNumber: string | null;
  /** `entry[].id`; `"0"` in some account webhooks. */
  wabaId: string | null;
  /** Meta's own time in ms since 1970; null when the webhook has none. */
  at: number | null;
  /** Deduplicates: equal for redeliveries of the same element, in any batch. Its time in seconds and 128 bits of SHA-256, in hex. */
  key: string;
  /** Null for an unknown element, which is stored and counted. */
  fact: WebhookFact | null;
  /** Missing for an unknown element. */
  source?: ElementSource;
}
