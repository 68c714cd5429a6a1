import { createHmac } from 'node:crypto';
import { HOUR, SECOND } from '#kernel/clock.js';
import { asciiJson } from '#kernel/text/ascii-json.js';
import { envelope, type SimulatedChange } from '#simulator/webhooks/change.js';
import { OutgoingWebhooks, type WebhookTarget } from '#simulator/webhooks/outgoing-webhooks.js';
import type { Agenda } from '#simulator/world/agenda.js';
import type { MovableClock } from '#simulator/world/clock.js';
import type { Journal } from '#simulator/world/journal.js';
import { isSubscribable, type SimulatedApp } from './app.js';

/**
 * Meta's delivery to the subscription of the app, signed with the app secret over the exact bytes. Each attempt has 20 s, and retries go on for
 * 36 h. @see webhooks/create-webhook-endpoint (2025-11-07), calling/faq (2025-11-13)
 */
export class AppDelivery extends OutgoingWebhooks {
  constructor(
    clock: MovableClock,
    agenda: Agenda,
    journal: Journal,
    private readonly app: SimulatedApp,
  ) {
    super(clock, agenda, journal, { timeoutMs: 20 * SECOND, lifeMs: 36 * HOUR });
  }

  get target(): WebhookTarget | null {
    return this.app.target;
  }

  /** The body around a change; null when the app has not subscribed its field. */
  write(entryId: string, { batched = [], ...change }: SimulatedChange): string | null {
    const [first, ...others] = [change, ...batched].filter(({ field }) => this.#isSubscribed(field)).map(withContacts);
    return first === undefined ? null : asciiJson(envelope(entryId, { ...first, batched: others }));
  }

  protected signature(body: string): Record<string, string> {
    return { 'x-hub-signature-256': `sha256=${createHmac('sha256', this.app.secret).update(body).digest('hex')}` };
  }

  #isSubscribed(field: string): boolean {
    return isSubscribable(field) && this.app.subscription?.fields.includes(field) === true;
  }
}

/** With the contact also where Meta's samples have none: clients look for it there, and none is disturbed by it. */
function withContacts({ contact, ...change }: SimulatedChange): SimulatedChange {
  if (contact === undefined || change.value.contacts !== undefined) return change;
  const { messaging_product, metadata, ...rest } = change.value;
  return { ...change, value: { messaging_product, metadata, contacts: [contact], ...rest } };
}
