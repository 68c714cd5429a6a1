import type { JsonRecord } from '#kernel/read.js';
import type { SimulatedNumber } from '#simulator/world/number.js';
import type { SimulatedPermission, SimulatedUser } from '#simulator/world/user.js';
import { contactEntryOf, metadataOf, userMembersOf } from './call-webhooks.js';
import { type SimulatedChange, unixStamp, type WebhookKind } from './change.js';

const change = (kind: WebhookKind, user: SimulatedUser, number: SimulatedNumber, rest: JsonRecord): SimulatedChange => ({
  kind,
  about: user.id,
  field: 'messages',
  value: { messaging_product: 'whatsapp', metadata: metadataOf(number), ...rest },
});

const incoming = (user: SimulatedUser, message: JsonRecord): JsonRecord => ({
  contacts: [contactEntryOf(user)],
  messages: [{ ...userMembersOf(user, 'from', 'from_'), ...message }],
});

/** A user writes, which opens the 24 h window. */
export const textWebhook = (number: SimulatedNumber, user: SimulatedUser, wamid: string, body: string, at: number): SimulatedChange =>
  arrival('message', user, number, incoming(user, { id: wamid, timestamp: unixStamp(at), type: 'text', text: { body } }));

/** On the field `standby`, one level deeper, while the Meta Business Agent holds the thread. */
function arrival(kind: WebhookKind, user: SimulatedUser, number: SimulatedNumber, content: JsonRecord): SimulatedChange {
  if (user.thread !== 'agent') return change(kind, user, number, content);
  return { ...change(kind, user, number, { standby: content }), field: 'standby' };
}

/** The thread with a user went to the agent, or to the business. */
export const handoverWebhook = (number: SimulatedNumber, user: SimulatedUser, at: number): SimulatedChange => {
  const [before, after] = user.thread === 'agent' ? ['escalation', 'ai_agent'] : ['ai_agent', 'escalation'];
  return {
    kind: 'messaging_handovers',
    about: user.id,
    field: 'messaging_handovers',
    value: {
      messaging_product: 'whatsapp',
      recipient: metadataOf(number),
      sender: { ...(user.waId !== null && { phone_number: user.waId }), ...(user.userId !== null && { user_id: user.userId }) },
      timestamp: unixStamp(at),
      type: 'control_passed',
      control_passed: { previous_owner_role: before, new_owner_role: after },
    },
  };
};

/** What a user, or WhatsApp on the user's behalf, decided about calls. */
export interface Decision {
  /** `null` is a refusal or a withdrawal. */
  permission: SimulatedPermission | null;
  source: 'user_action' | 'automatic';
  /** The wamid of the request, or the wacid of the user's call; absent for the business profile and for auto-revoke. */
  context: string | null;
}

/** Only a message of ours has a sender; a call stands there by its wacid alone. */
const contextOf = (number: SimulatedNumber, id: string): JsonRecord =>
  id.startsWith('wacid.') ? { id } : { from: number.displayPhoneNumber, id };

/** The user, or WhatsApp for the user, decided about calls. */
export function permissionReplyWebhook(
  number: SimulatedNumber,
  user: SimulatedUser,
  wamid: string,
  decision: Decision,
  at: number,
): SimulatedChange {
  const { permission, source, context } = decision;
  const reply = {
    response: permission ? 'accept' : 'reject',
    ...(permission && { is_permanent: permission.kind === 'permanent' }),
    ...(permission?.until && { expiration_timestamp: unixStamp(permission.until) }),
    response_source: source,
  };
  const message = {
    id: wamid,
    timestamp: unixStamp(at),
    type: 'interactive',
    ...(context !== null && { context: contextOf(number, context) }),
    interactive: { type: 'call_permission_reply', call_permission_reply: reply },
  };
  return arrival('permission_reply', user, number, incoming(user, message));
}

export type MessageCategory = 'marketing' | 'utility' | 'authentication' | 'service';

/**
 * How Meta reports the conversation and the price of a message: `per_message` with its conversation and per-message pricing, as in Meta's
 * sample; `bare` with the pricing alone, as numbers receive it that get no conversations any more; `conversation` with the
 * conversation-based pricing of before July 2025.
 */
export const BILLING_FORMS = ['per_message', 'bare', 'conversation'] as const;
export type BillingForm = (typeof BILLING_FORMS)[number];

/** How far a message of the business came; `failed` carries Meta's error. */
export interface MessageProgress {
  wamid: string;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  category: MessageCategory;
  conversation: string;
  /** The end of the conversation in ms; sent with the status `sent`. */
  until: number;
}

/** @see webhooks/reference/messages/status: both objects stand on `sent` and `delivered` alone */
function billing({ status, category, conversation, until }: MessageProgress, form: BillingForm): JsonRecord {
  const free = category === 'service';
  const details = { id: conversation, ...(status === 'sent' && { expiration_timestamp: unixStamp(until) }), origin: { type: category } };
  const pricing =
    form === 'conversation'
      ? { billable: !free, pricing_model: 'CBP', category }
      : { billable: !free, pricing_model: 'PMP', category, type: free ? 'free_customer_service' : 'regular' };
  return { ...(form !== 'bare' && { conversation: details }), pricing };
}

/** A status of a message of the business. */
export function messageStatusWebhook(
  number: SimulatedNumber,
  user: SimulatedUser,
  progress: MessageProgress,
  at: number,
  form: BillingForm = 'per_message',
): SimulatedChange {
  const { wamid, status } = progress;
  const entry = {
    id: wamid,
    status,
    timestamp: unixStamp(at),
    ...userMembersOf(user, 'recipient_id', 'recipient_'),
    ...((status === 'sent' || status === 'delivered') && billing(progress, form)),
    ...(status === 'failed' && { errors: [UNDELIVERABLE] }),
  };
  return { ...change('message_status', user, number, { statuses: [entry] }), contact: contactEntryOf(user) };
}

const UNDELIVERABLE = {
  code: 131026,
  title: 'Message undeliverable',
  message: 'Message undeliverable',
  error_data: { details: 'The client of the user is too old.' },
};
