import type { JsonRecord } from '#kernel/read.js';

/** What a webhook is about; faults choose by it. */
export const WEBHOOK_KINDS = [
  'connect',
  'ringing',
  'accepted',
  'rejected',
  'terminate',
  'permission_reply',
  'message',
  'message_status',
  'account_settings_update',
  'account_update',
  'business_capability_update',
  'error',
] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** One entry of Meta's `changes`, with its kind and the id of the call or user it is about. */
export interface Change {
  kind: WebhookKind;
  about: string;
  field: string;
  value: JsonRecord;
}

/** Unix seconds as Meta writes them in webhooks: a string. */
export const stamp = (ms: number): string => String(Math.floor(ms / 1_000));

/** Meta's envelope around one change, as 360dialog passes it on. */
export const envelope = (id: string, { field, value }: Change): JsonRecord => ({
  object: 'whatsapp_business_account',
  entry: [{ id, changes: [{ value, field }] }],
});
