import { randomUUID } from 'node:crypto';
import type { WebhookKind } from './change.js';

/** What can go wrong with webhooks on request. `reorder` holds one back until the next of the same subject is out. */
export const WEBHOOK_EFFECTS = ['duplicate', 'reorder', 'delay', 'lose', 'malformed'] as const;

export interface WebhookFault {
  id: string;
  /** Which webhooks; `*` is every one. */
  webhook: WebhookKind | '*';
  effect: (typeof WEBHOOK_EFFECTS)[number];
  /** Only those about this user. */
  user: string | null;
  /** How often it still strikes; `null` until it is removed. */
  times: number | null;
  delaySeconds: number;
}

/** The faults that wait for a webhook. Each webhook is struck by the first that fits. */
export class WebhookFaults {
  #faults: WebhookFault[] = [];

  all(): readonly WebhookFault[] {
    return this.#faults;
  }

  add(fault: Omit<WebhookFault, 'id'>): WebhookFault {
    const added = { ...fault, id: randomUUID().slice(0, 8) };
    this.#faults.push(added);
    return added;
  }

  clear(): void {
    this.#faults = [];
  }

  strike(kind: WebhookKind, user: string | null): WebhookFault | null {
    const fault = this.#faults.find(
      (item) => (item.webhook === '*' || item.webhook === kind) && (item.user === null || item.user === user),
    );
    if (!fault) return null;
    if (fault.times !== null) {
      fault.times -= 1;
      if (fault.times <= 0) this.#faults = this.#faults.filter((item) => item !== fault);
    }
    return fault;
  }
}
