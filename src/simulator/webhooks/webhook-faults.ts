import type { Fault } from '#simulator/world/fault-queue.js';
import type { WebhookKind } from './change.js';

/** What can go wrong with webhooks on request. `reorder` holds one back until the next of the same subject is out. */
export const WEBHOOK_EFFECTS = ['duplicate', 'reorder', 'delay', 'lose', 'malformed'] as const;

/** A fault for deliveries. */
export interface WebhookFault extends Fault {
  /** Which webhooks; `*` is every one. */
  webhook: WebhookKind | '*';
  effect: (typeof WEBHOOK_EFFECTS)[number];
  delaySeconds: number;
}
