import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WireError } from '#dialog360/fact.js';
import { entryOfUpstream } from '#error-catalogue/lookup.js';
import type { EventType } from '#events/event.js';
import { OutboxService } from '#events/outbox.service.js';
import type { AccountRestrictedView, SettingsUpdatedView } from '#events/views/event-data.view.js';
import type { MetaCallingView } from '#events/views/meta-calling.view.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { ReceivedFact } from '#inbox/received-fact.js';
import { rfc3339, SECOND } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import {
  type CallingSettings,
  mergeSettings,
  READING,
  type ReadingScope,
  type ReportedLimit,
  type ReportedRestriction,
} from './reading.js';
import { ReadingsService } from './readings.service.js';
import { ReadingsStore } from './readings.store.js';

type Of<K extends ReceivedFact['fact']['kind']> = ReceivedFact<Extract<ReceivedFact['fact'], { kind: K }>>;

const WEBHOOK = 'webhook';
const SETTINGS = 'settings';
/** How long an ended restriction is kept. */
const KEEP_RESTRICTIONS_MS = 30 * 24 * 3_600 * SECOND;

/** Applies webhooks about the number itself: its settings, restrictions, violations, limit, and the time of the last call event. */
@Injectable()
export class NumberObserver implements OnModuleInit {
  constructor(
    private readonly inbox: InboxService,
    private readonly readings: ReadingsStore,
    private readonly figures: ReadingsService,
    private readonly outbox: OutboxService,
  ) {}

  onModuleInit(): void {
    this.inbox.on(['settings.changed'], (tx, received) => this.settings(tx, received));
    this.inbox.on(['account.restricted'], (tx, received) => this.restricted(tx, received));
    this.inbox.on(['account.violation'], (tx, received) => this.violation(tx, received));
    this.inbox.on(['limit.changed'], (tx, received) => this.limit(tx, received));
    this.inbox.on(['call.connect', 'call.status', 'call.terminate', 'call.note'], (tx, received) => this.callEvent(tx, received));
    this.inbox.on(['call.note', 'call.terminate', 'message.status'], (tx, received) => this.unpaid(tx, received));
  }

  /** A webhook that is older than the last reading changes nothing, but is published: the consumer may not have read since. */
  async settings(tx: Tx, received: Of<'settings.changed'>): Promise<undefined> {
    const { fact, phoneNumberId } = received;
    const observedAt = endOfSecond(received);
    const kept = await this.readings.find<CallingSettings>(tx, phoneNumberId, READING.settings, SETTINGS);
    const late = kept !== null && kept.observedAt > observedAt;
    const value = late ? kept.value : mergeSettings(kept?.value ?? null, fact.calling);
    if (!late) await this.#keep(tx, phoneNumberId, READING.settings, value, observedAt, 'number', SETTINGS);
    await this.#publish(tx, received, 'settings.updated', {
      phone_number_id: phoneNumberId,
      calling: value.calling as MetaCallingView,
    } satisfies SettingsUpdatedView);
    return undefined;
  }

  /** One restriction of each type is kept, the one reported last. */
  async restricted(tx: Tx, received: Of<'account.restricted'>): Promise<undefined> {
    const { fact, phoneNumberId, at } = received;
    const kept = await this.readings.find<ReportedRestriction[]>(tx, phoneNumberId, READING.restrictions, WEBHOOK);
    const byType = new Map((kept?.value ?? []).map((one) => [one.type, one]));
    for (const { type, expiresAt } of fact.restrictions) {
      if ((byType.get(type)?.at ?? 0) <= at) byType.set(type, { type, expiresAt, at });
    }
    const value = [...byType.values()].filter(({ expiresAt }) => expiresAt === null || expiresAt > at - KEEP_RESTRICTIONS_MS);
    await this.#keep(tx, phoneNumberId, READING.restrictions, value, Math.max(at, kept?.observedAt ?? 0));
    const restrictions = fact.restrictions.map(({ type, expiresAt }) => ({ type, expires_at: rfc3339(expiresAt) }));
    await this.#publish(tx, received, 'account.restricted', {
      phone_number_id: phoneNumberId,
      restrictions,
    } satisfies AccountRestrictedView);
    return undefined;
  }

  async violation(tx: Tx, { fact, phoneNumberId, at }: Of<'account.violation'>): Promise<undefined> {
    await this.#keep(tx, phoneNumberId, READING.violation, { violationType: fact.violationType }, at);
    return undefined;
  }

  async limit(tx: Tx, { fact, phoneNumberId, at }: Of<'limit.changed'>): Promise<undefined> {
    const value: ReportedLimit = { limit: fact.limit, event: fact.event };
    await this.#keep(tx, phoneNumberId, READING.limit, value, at, fact.scope);
    return undefined;
  }

  async callEvent(tx: Tx, { fact, phoneNumberId, receivedAt }: ReceivedFact): Promise<undefined> {
    if (!this.figures.noteCallEvent(phoneNumberId, receivedAt)) return undefined;
    await this.#keep(tx, phoneNumberId, READING.lastCallEvent, { kind: fact.kind }, receivedAt);
    return undefined;
  }

  /** Meta reports by webhook that a call or a message failed for payment, also for calls of users. */
  async unpaid(tx: Tx, { fact, phoneNumberId, at }: Of<'call.note' | 'call.terminate' | 'message.status'>): Promise<undefined> {
    const error = fact.errors.find(isAboutPayment);
    if (error) await this.#keep(tx, phoneNumberId, READING.paymentError, { code: error.code }, at);
    return undefined;
  }

  #keep(
    tx: Tx,
    id: string,
    name: string,
    value: unknown,
    observedAt: number,
    scope: ReadingScope = 'number',
    source = WEBHOOK,
  ): Promise<void> {
    return this.readings.save(tx, id, { name, value, source, scope, observedAt });
  }

  async #publish(tx: Tx, { phoneNumberId, at }: ReceivedFact, type: EventType, data: object): Promise<void> {
    await this.outbox.append(tx, {
      type,
      subject: `number:${phoneNumberId}`,
      sequence: await this.readings.nextSequence(tx, phoneNumberId),
      phoneNumberId,
      occurredAt: at,
      expiresAt: null,
      data,
    });
  }
}

/** Meta's times are whole seconds; its change may have come at the end of that second, but not after we heard of it. */
const endOfSecond = ({ at, receivedAt }: ReceivedFact): number => Math.max(at, Math.min(at + SECOND - 1, receivedAt));

const isAboutPayment = ({ code }: WireError): boolean => code !== null && entryOfUpstream(code)?.code === 'payment_required';
