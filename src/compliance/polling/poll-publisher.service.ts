import { Injectable } from '@nestjs/common';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import type { EventType } from '#events/event.js';
import { OutboxService } from '#events/outbox.service.js';
import type { EligibilityChangedView, WebhookSilentView } from '#events/views/event-data.view.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { changedDirections, type SnapshotMetrics } from './snapshot.js';
import { type SnapshotEventView, toSnapshotMetricsView } from './snapshot.view.js';

/** A poll that has ended, and what the one before it had found. */
export interface Polled {
  id: string;
  phoneNumberId: string;
  at: number;
  before: SnapshotMetrics | null;
  after: SnapshotMetrics;
}

/** Publishes the metrics of a poll, and what changed since the one before. The transaction holds the number's lock. */
@Injectable()
export class PollPublisherService {
  constructor(
    private readonly outbox: OutboxService,
    private readonly requirements: RequirementsService,
    private readonly log: Log,
  ) {}

  /** Appends `compliance.snapshot`, and the events for a changed verdict and for silent webhooks, to the outbox. */
  async publish(tx: Tx, polled: Polled): Promise<void> {
    const { id, phoneNumberId: phone_number_id, before, after } = polled;
    const snapshot: SnapshotEventView = { phone_number_id, id, ...toSnapshotMetricsView(after) };
    await this.#append(tx, polled, 'compliance.snapshot', snapshot);
    const changed = changedDirections(before, after);
    if (before && changed.length > 0) {
      const { inbound, outbound } = after;
      const previous = { inbound: before.inbound, outbound: before.outbound };
      const data: EligibilityChangedView = { phone_number_id, changed, inbound, outbound, previous };
      await this.#append(tx, polled, 'compliance.eligibility_changed', data);
    }
    if (after.webhookSilent === null || after.webhookSilent === (before?.webhookSilent ?? false)) return;
    const silence: WebhookSilentView = { phone_number_id, silent: after.webhookSilent, last_delivery_at: rfc3339(after.lastDeliveryAt) };
    await this.#append(tx, polled, 'webhook.silent', silence);
  }

  /** A poll that failed for a reason of our own. */
  failed(error: unknown): void {
    this.log.pino.error({ event: 'polling.poll_failed', error }, 'a poll failed; the next one tries again');
  }

  async #append(tx: Tx, { phoneNumberId, at }: Polled, type: EventType, data: object): Promise<void> {
    await this.outbox.append(tx, {
      type,
      subject: `number:${phoneNumberId}`,
      sequence: await this.requirements.nextSequence(tx, phoneNumberId),
      phoneNumberId,
      occurredAt: at,
      expiresAt: null,
      data,
    });
  }
}
