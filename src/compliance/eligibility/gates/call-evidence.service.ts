import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { GateEvidence } from '#compliance/eligibility/eligibility.js';
import { type LatestReading, READING, toLatestReading } from '#compliance/eligibility/reading.js';
import { ReadingsStore } from '#compliance/eligibility/readings.store.js';
import { type RefusalGroup, RefusalsStore } from '#compliance/eligibility/refusals.store.js';
import type { Health } from '#dialog360/number-reading.js';
import { PeopleService } from '#identity/people.service.js';
import { Clock, DAY, HOUR } from '#kernel/clock.js';
import type { Problem, ProblemCode } from '#kernel/problem.js';
import { Store, type Tx } from '#store/store.js';
import { ACCOUNT_CODES, type AccountError, accountInUse, type ReportedAccount } from './account.js';
import { notOnBusinessApp, type ReportedCoexistence } from './coexistence.js';
import type { Direction, GateFinding } from './gate.js';
import { type PaymentEvidence, paymentInOrder, type ReportedBalance } from './payment.js';
import { MOST_CALLS, PICK_UP_SPAN_MS, pickedUp, type ReportedViolation } from './pick-up.js';
import { RecentCallsStore } from './recent-calls.store.js';

/** A request about a number, and perhaps a call, that 360dialog refused. */
export interface Refused {
  phoneNumberId: string;
  operation: string;
  problem: Problem;
  callId: string | null;
}

/** Findings on the conditions that 360dialog does not report. */
export type CallEvidence = Pick<GateEvidence, 'payment' | 'account' | 'coexistence' | 'pickUps'>;

const PAYMENT = 'payment_required';
const SHOW_REFUSALS_MS = 7 * DAY;
const KEEP_REFUSALS_MS = 30 * DAY;

/** Call-outcome evidence of this gateway: calls answered or not, requests refused, and violations that webhooks reported. */
@Injectable()
export class CallEvidenceService {
  constructor(
    private readonly calls: RecentCallsStore,
    private readonly refusals: RefusalsStore,
    private readonly readings: ReadingsStore,
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly people: PeopleService,
  ) {}

  /** Findings on payment and on picked-up calls: of each direction the newest 200 calls of 30 days count. Sends no request. */
  async collect(phoneNumberId: string, health: LatestReading<Health>): Promise<CallEvidence> {
    const now = this.clock.now();
    const [inbound, outbound, payment, account, coexistence] = await Promise.all([
      this.#pickUps(phoneNumberId, 'inbound', now),
      this.#pickUps(phoneNumberId, 'outbound', now),
      this.#payment(phoneNumberId),
      this.account(phoneNumberId, health),
      this.coexistence(phoneNumberId),
    ]);
    return { payment: paymentInOrder({ ...payment, health }, now), account, coexistence, pickUps: { inbound, outbound } };
  }

  /** Whether the account of the number is in use. Sends no request. */
  async account(phoneNumberId: string, health: LatestReading<Health>): Promise<GateFinding> {
    const { read } = this.store;
    const [reported, told, refused, acceptedAt] = await Promise.all([
      this.readings.find<ReportedAccount>(read, phoneNumberId, READING.account),
      this.readings.find<{ code: ProblemCode }>(read, phoneNumberId, READING.accountError),
      this.refusals.last(read, phoneNumberId, ACCOUNT_CODES),
      this.calls.lastAccepted(read, phoneNumberId),
    ]);
    const errors: AccountError[] = [
      ...(told ? [{ code: told.value.code, at: told.observedAt, source: 'webhook' }] : []),
      ...(refused ? [{ ...refused, source: '360dialog' }] : []),
    ];
    const [error = null] = errors.sort((a, b) => b.at - a.at);
    return accountInUse({ reported: reported?.value ?? {}, error, acceptedAt, health }, this.clock.now());
  }

  /** Whether the number is in the WhatsApp Business app. Sends no request. */
  async coexistence(phoneNumberId: string): Promise<GateFinding> {
    const reading = await this.readings.find<ReportedCoexistence>(this.store.read, phoneNumberId, READING.coexistence);
    return notOnBusinessApp(toLatestReading(reading), this.clock.now());
  }

  /** How many threads the Meta Business Agent holds, and since when the latest, in ms since 1970. */
  agentThreads(phoneNumberId: string): Promise<{ threads: number; lastAt: number | null }> {
    return this.people.agentThreads(phoneNumberId);
  }

  /** What 360dialog refused in the last 7 days, the latest first. */
  recentRefusals(phoneNumberId: string): Promise<RefusalGroup[]> {
    return this.refusals.groups(this.store.read, phoneNumberId, this.clock.now() - SHOW_REFUSALS_MS);
  }

  /** Stores one refusal for 30 days. `operation` is the refused command, such as `connect`; `callId` is null when it concerns no call. */
  async recordRefusal(tx: Tx, { phoneNumberId, operation, problem, callId }: Refused): Promise<void> {
    const { code, upstream } = problem;
    const about = { phone_number_id: phoneNumberId, operation, call_id: callId };
    await this.refusals.add(tx, { ...about, at: this.clock.now(), code, upstream_code: upstream?.code ?? null });
  }

  /** Deletes refusals older than 30 days, every hour. */
  @Interval(HOUR)
  async purge(): Promise<void> {
    const before = this.clock.now() - KEEP_REFUSALS_MS;
    await this.store.inBatches((tx, most) => this.refusals.purge(tx, before, most));
  }

  async #pickUps(phoneNumberId: string, direction: Direction, now: number): Promise<GateFinding> {
    const { read } = this.store;
    const seen = await this.calls.pickUps(read, phoneNumberId, direction, now - PICK_UP_SPAN_MS, MOST_CALLS);
    return pickedUp(
      seen,
      toLatestReading(await this.readings.find<ReportedViolation>(read, phoneNumberId, READING.violation)),
      direction,
      now,
    );
  }

  async #payment(phoneNumberId: string): Promise<Omit<PaymentEvidence, 'health'>> {
    const { read } = this.store;
    const [refused, reported, acceptedAt, balance] = await Promise.all([
      this.refusals.last(read, phoneNumberId, [PAYMENT]),
      this.readings.find(read, phoneNumberId, READING.paymentError),
      this.calls.lastAccepted(read, phoneNumberId),
      this.readings.find<ReportedBalance>(read, phoneNumberId, READING.balance),
    ]);
    const refusedAt = refused?.at ?? null;
    const known = { acceptedAt, balance: toLatestReading(balance) };
    if (reported && reported.observedAt >= (refusedAt ?? 0)) return { ...known, troubledAt: reported.observedAt, source: 'webhook' };
    return { ...known, troubledAt: refusedAt, source: refusedAt === null ? null : '360dialog' };
  }
}
