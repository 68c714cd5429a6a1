import type { Contact, WebhookFact } from '#dialog360/fact.js';
import { DAY, MINUTE } from '#kernel/clock.js';
import { sha256 } from '#kernel/secret.js';
import { phoneKey } from '#kernel/wa-id.js';

export type ConversationOrigin = 'business' | 'user' | 'unknown';

/** What a message status adds to the counters. */
export interface Countable {
  /** The conversation it belongs to, and who opened that; null when Meta names none. */
  conversation: { key: string; origin: ConversationOrigin } | null;
  /** A delivered message without a conversation, as it is billed since prices are per message. */
  loose: 'business' | 'other' | null;
  /** Who got a template outside of the 24 h window: Meta counts such users towards the messaging limit. */
  templateUser: string | null;
}

/** Counters are kept per quarter of an hour of UTC: midnights of every zone fall on their edges. */
export const BUCKET_MS = 15 * MINUTE;
export const bucketOf = (at: number): number => Math.floor(at / BUCKET_MS) * BUCKET_MS;

/** Meta counts 30 days of templates; the owner's requirement does not change that. */
export const TEMPLATE_WINDOW_MS = 30 * DAY;

/** Statuses older than this are not counted: their digest may be gone, and they would count twice. */
export const OLDEST_MS = 38 * DAY;

const BY_BUSINESS = new Set([
  'marketing',
  'marketing_lite',
  'utility',
  'authentication',
  'authentication_international',
  'business_initiated',
]);
const BY_USER = new Set(['service', 'user_initiated', 'referral_conversion']);

type MessageStatus = Extract<WebhookFact, { kind: 'message.status' }>;

/** Reads a status; null when it counts for nothing, as a failed message does. */
export function countable(fact: MessageStatus): Countable | null {
  const { status, conversation, pricing, contact } = fact;
  if (!REACHED.has(status)) return null;
  const category = pricing?.category?.toLowerCase() ?? '';
  const named = conversation?.id ?? null;
  const delivered = status === 'delivered';
  return {
    conversation: named === null ? null : { key: keyOf('c', named), origin: originOf(conversation?.originType ?? null, category) },
    loose: named === null && delivered && pricing !== null ? looseKind(category) : null,
    templateUser: delivered && BY_BUSINESS.has(category) && pricing?.type !== 'free_customer_service' ? userKey(contact) : null,
  };
}

const looseKind = (category: string): 'business' | 'other' => (BY_BUSINESS.has(category) ? 'business' : 'other');

const REACHED = new Set(['sent', 'delivered', 'read']);

function originOf(originType: string | null, category: string): ConversationOrigin {
  const word = originType?.toLowerCase() ?? category;
  if (BY_BUSINESS.has(word)) return 'business';
  return BY_USER.has(word) ? 'user' : 'unknown';
}

/** Under which keys a user may have been counted who got a template. @param ids phone numbers and BSUIDs */
export const templateUserKeys = (ids: readonly string[]): string[] => [
  ...new Set(ids.map((id) => keyOf('u', /^\d+$/.test(id) ? phoneKey(id) : id))),
];

const userKey = (contact: Contact | null): string | null => {
  const id = contact?.waId ? phoneKey(contact.waId) : (contact?.userId ?? null);
  return id === null ? null : keyOf('u', id);
};

const keyOf = (kind: 'c' | 'u', id: string): string => `${kind}:${sha256(id).slice(0, 32)}`;
