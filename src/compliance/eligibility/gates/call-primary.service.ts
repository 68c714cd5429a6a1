import { Injectable, type OnModuleInit } from '@nestjs/common';
import { READING, type Reading, toLatestReading } from '#compliance/eligibility/reading.js';
import { ReadingsStore } from '#compliance/eligibility/readings.store.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { Received } from '#inbox/received-fact.js';
import { Clock, HOUR } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { isCallPrimary, type ReportedPrimary } from './call-primary.js';
import type { GateFinding } from './gate.js';

const SOURCE = 'calls';
/** A confirmation is written again after so long: each call action confirms, and one row per call would gain nothing. */
const CONFIRM_AGAIN_MS = HOUR;

/** Learns from call actions and from calls of users whether this gateway is the Call primary of a number. */
@Injectable()
export class CallPrimaryService implements OnModuleInit {
  constructor(
    private readonly readings: ReadingsStore,
    private readonly inbox: InboxService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Only the Call primary receives calls of users. */
  onModuleInit(): void {
    this.inbox.beforeBatch(['call.connect'], async (tx, received) => {
      const confirmed = new Set(received.filter(isCallOfUser).map(({ phoneNumberId }) => phoneNumberId));
      await this.readings.readAhead(tx, [...confirmed], READING.callPrimary);
    });
    this.inbox.on(['call.connect'], async (tx, received) => {
      if (isCallOfUser(received)) await this.#confirm(tx, received.phoneNumberId, 'webhook', received.at);
      return undefined;
    });
  }

  /** What is known about it; sends no request. */
  async finding(phoneNumberId: string): Promise<GateFinding> {
    const kept = await this.#kept(this.store.read, phoneNumberId);
    return isCallPrimary(toLatestReading(kept), this.clock.now());
  }

  /** Refuses to ask a person whose reply would reach another partner. @throws Problem `not_call_primary` */
  async assertRepliesArrive(phoneNumberId: string): Promise<void> {
    const { verdict, retryAt = null } = await this.finding(phoneNumberId);
    if (verdict === 'fail') throw new Problem('not_call_primary', { retryAt });
  }

  /** Meta took a call action. */
  acted(tx: Tx, phoneNumberId: string): Promise<void> {
    return this.#confirm(tx, phoneNumberId, '360dialog', this.clock.now());
  }

  /** Meta refused a call action with 138038. */
  refused(tx: Tx, phoneNumberId: string): Promise<void> {
    return this.#save(tx, phoneNumberId, { ours: false, by: '360dialog' }, this.clock.now());
  }

  async #confirm(tx: Tx, phoneNumberId: string, by: ReportedPrimary['by'], at: number): Promise<void> {
    const kept = await this.#kept(tx, phoneNumberId);
    if (kept?.value.ours && at - kept.observedAt < CONFIRM_AGAIN_MS) return;
    await this.#save(tx, phoneNumberId, { ours: true, by }, at);
  }

  #kept(reader: Reader, phoneNumberId: string): Promise<Reading<ReportedPrimary> | null> {
    return this.readings.find<ReportedPrimary>(reader, phoneNumberId, READING.callPrimary);
  }

  #save(tx: Tx, phoneNumberId: string, value: ReportedPrimary, observedAt: number): Promise<void> {
    return this.readings.save(tx, phoneNumberId, { name: READING.callPrimary, value, source: SOURCE, scope: 'number', observedAt });
  }
}

const isCallOfUser = ({ fact }: Received<'call.connect'>): boolean => fact.direction === 'inbound' && fact.session !== null;
