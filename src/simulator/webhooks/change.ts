import type { JsonRecord } from '#kernel/read.js';
import type { Fault } from '#simulator/world/fault-queue.js';

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
  'user_changed_number',
  'user_changed_user_id',
  'account_settings_update',
  'account_update',
  'business_capability_update',
  'phone_number_quality_update',
  'messaging_handovers',
  'error',
] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** What can go wrong with webhooks on request. `reorder` holds one back until the next of the same subject is out. */
export const WEBHOOK_EFFECTS = ['duplicate', 'reorder', 'delay', 'lose', 'malformed'] as const;

/** A fault for deliveries. */
export interface WebhookFault extends Fault {
  /** Which webhooks; `*` is every one. */
  webhook: WebhookKind | '*';
  effect: (typeof WEBHOOK_EFFECTS)[number];
  delaySeconds: number;
}

/** One entry of Meta's `changes`, with its kind and the id of the call or user it is about. */
export interface SimulatedChange {
  kind: WebhookKind;
  about: string;
  field: string;
  value: JsonRecord;
  /** `entry[].time` in ms since 1970, for webhooks that have no time of their own. */
  entryAt?: number;
  /** The user concerned as an entry of `contacts`, where the webhook itself names none. */
  contact?: JsonRecord;
  /** The other changes of the same delivery, as Meta batches them. */
  batched?: readonly SimulatedChange[];
  /** One of many of a history: the journal notes it only when the delivery fails. */
  routine?: boolean;
}

/** Unix seconds as Meta writes them in webhooks: a string. */
export const unixStamp = (ms: number): string => String(Math.floor(ms / 1_000));

/** Meta's envelope around a change and those that travel with it, as 360dialog passes it on. */
export const envelope = (id: string, change: SimulatedChange): JsonRecord => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id,
      ...(change.entryAt !== undefined && { time: Math.floor(change.entryAt / 1_000) }),
      changes: [change, ...(change.batched ?? [])].map(({ value, field }) => ({ value, field })),
    },
  ],
});
