import type { Contact, Element, MessageFact, PermissionFact, WebhookFact } from '#dialog360/fact.js';
import { bool, idText, type JsonRecord, list, record, text, unixTime } from '#kernel/read.js';
import { elementOf, isBusiness, readErrors, unknownElement, userContactOf, userIdsIn, type WebhookChange } from './change.js';
import { readIdentityChange } from './read-identity.js';

/** The fields on which users' messages arrive; `standby` while the Meta Business Agent holds their thread. */
const WRITTEN_ON: ReadonlySet<string> = new Set(['messages', '', 'standby']);

/** Types of messages that a user did not write: they open no window. */
const NOT_WRITTEN = new Set(['system', 'request_welcome']);

/** What Meta answers, and the words of 360dialog's guide for the same. */
const RESPONSES: Readonly<Record<string, 'accept' | 'reject'>> = {
  accept: 'accept',
  accepted: 'accept',
  granted: 'accept',
  reject: 'reject',
  rejected: 'reject',
  declined: 'reject',
  revoked: 'reject',
};

/** `value.messages[]`: permission replies, voicemails, and everything else that users write. */
export function* readMessages(change: WebhookChange): Generator<Element> {
  const messages = list(change.value.messages);
  for (const source of messages) yield readMessage(change, source, messages.length === 1);
}

function readMessage(change: WebhookChange, source: unknown, alone: boolean): Element {
  const message = record(source);
  const id = idText(message?.id);
  if (!message || id === undefined) return unknownElement(change, source, 'message');
  const type = text(message.type)?.toLowerCase() ?? null;
  const element = { id, event: `message:${type ?? ''}`, at: unixTime(message.timestamp) ?? null };
  const own = { messages: [message] };
  if (type === 'system') return elementOf(change, element, readIdentityChange(change, message, id), own);
  const ids = userIdsIn(message, 'from');
  const contact = isBusiness(change, ids.waId) ? null : userContactOf(change, ids, alone);
  return elementOf(change, element, contact && whatWasSaid(change, message, id, type, contact), own);
}

function whatWasSaid(
  change: WebhookChange,
  message: JsonRecord,
  messageId: string,
  type: string | null,
  contact: Contact,
): WebhookFact | null {
  const reply = permissionReply(message);
  if (reply) return readPermission(message, reply, messageId, contact);
  // What a user writes to a group opens no window between the two: a group has one of its own.
  if (idText(message.group_id) !== undefined) return null;
  if (!WRITTEN_ON.has(change.field) || (type !== null && NOT_WRITTEN.has(type))) return null;
  return {
    kind: 'message.received',
    contact,
    messageId,
    type,
    holder: change.field === 'standby' ? 'agent' : 'business',
  } satisfies MessageFact;
}

/** The object that holds a reply's words, wherever it was put. */
function permissionReply(message: JsonRecord): JsonRecord | undefined {
  const interactive = record(message.interactive);
  const named = [message.type, interactive?.type].some((type) => text(type)?.toLowerCase() === 'call_permission_reply');
  const reply = record(interactive?.call_permission_reply) ?? record(message.call_permission_reply);
  return named || reply ? { ...message, ...interactive, ...reply } : undefined;
}

function readPermission(message: JsonRecord, reply: JsonRecord, messageId: string, contact: Contact): PermissionFact | null {
  const response = RESPONSES[(text(reply.response) ?? text(reply.call_permission_status) ?? '').toLowerCase()];
  if (response === undefined) return null;
  const permanent = response === 'accept' && (bool(reply.is_permanent) ?? text(reply.is_permanent) === 'true');
  return {
    kind: 'permission.reply',
    contact,
    messageId,
    response,
    permanent,
    expiresAt: response === 'accept' && !permanent ? (unixTime(reply.expiration_timestamp) ?? null) : null,
    responseSource: text(reply.response_source) ?? null,
    contextId: idText(record(message.context)?.id) ?? null,
  };
}

/** `value.statuses[]` of messages. */
export function readMessageStatus(change: WebhookChange, status: JsonRecord, alone: boolean): Element {
  const messageId = idText(status.id);
  const said = text(status.status)?.toLowerCase();
  if (messageId === undefined || said === undefined) return unknownElement(change, status, 'message-status');
  const conversation = record(status.conversation);
  const pricing = record(status.pricing);
  const ids = userIdsIn(status, 'recipient');
  const isToGroup = text(status.recipient_type)?.toLowerCase() === 'group';
  return elementOf(
    change,
    { id: messageId, event: `message-status:${said}`, at: unixTime(status.timestamp) ?? null },
    {
      kind: 'message.status',
      messageId,
      status: said,
      contact: isToGroup ? null : userContactOf(change, ids, alone),
      errors: readErrors(status.errors),
      conversation: conversation
        ? {
            id: idText(conversation.id) ?? null,
            originType: text(record(conversation.origin)?.type) ?? null,
            expiresAt: unixTime(conversation.expiration_timestamp) ?? null,
          }
        : null,
      pricing: pricing
        ? {
            category: text(pricing.category) ?? null,
            billable: bool(pricing.billable) ?? null,
            type: text(pricing.type) ?? null,
            model: text(pricing.pricing_model) ?? null,
          }
        : null,
    },
    { statuses: [status] },
  );
}
