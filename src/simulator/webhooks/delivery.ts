import { createHmac } from 'node:crypto';
import { DAY, SECOND } from '#kernel/clock.js';
import type { Agenda } from '#simulator/world/agenda.js';
import type { MovableClock } from '#simulator/world/clock.js';
import type { Journal } from '#simulator/world/journal.js';
import { OutgoingWebhooks, type WebhookTarget } from './outgoing-webhooks.js';

/** 360dialog's delivery: each attempt has 5 s, and retries go on for 7 days. It replays the registered headers on each. */
export class SimulatedDelivery extends OutgoingWebhooks {
  target: WebhookTarget | null = null;
  /** Signs each body (`x-360dialog-signature`: hex HMAC-SHA256); null signs none. */
  signingSecret: string | null = null;

  constructor(clock: MovableClock, agenda: Agenda, journal: Journal) {
    super(clock, agenda, journal, { timeoutMs: 5 * SECOND, lifeMs: 7 * DAY });
  }

  protected signature(body: string): Record<string, string> {
    if (this.signingSecret === null) return {};
    return { 'x-360dialog-signature': createHmac('sha256', this.signingSecret).update(body).digest('hex') };
  }
}
