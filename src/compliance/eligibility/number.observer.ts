import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WireError } from '#dialog360/fact.js';
import { entryOfUpstream } from '#error-catalogue/lookup.js';
import { effectsOfRestriction } from '#error-catalogue/restriction-types.js';
import type { EventType } from '#events/event.js';
import { OutboxService } from '#events/outbox.service.js';
import type { AccountRestrictedView, SettingsUpdatedView } from '#events/views/event-data.view.js';
import type { MetaCallingView } from '#events/views/meta-calling.view.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { ReceivedFact } from '#inbox/received-fact.js';
import { rfc3339, SECOND } from '#kernel/clock.js';
import type { ProblemCode } from '#kernel/problem.js';
import type { Tx } from '#store/store.js';
import { ACCOUNT_CODES, type ReportedAccount } from './gates/account.js';
import type { Direction } from './gates/gate.js';
import { NONE_IN_FORCE } from './gates/restriction.js';
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
import { RefusalsStore } from './refusals.store.js';

/** The directions in which a restriction of this type stops calls. */
const blockedBy = (type: string): Direction[] =>
  (Object.entries(effectsOfRestriction({ type })) as [Direction, string][]).flatMap(([direction, effect]) =>
    effect === 'blocked' ? [direction] : [],
  );

/** What is kept of a list without restrictions. */
const NO_RESTRICTION = { type: NONE_IN_FORCE, expiresAt: null };

/** Facts that carry Meta's errors. */
type ErrorBearing = 'call.note' | 'call.terminate' | 'message.status' | 'number.errors';

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
    private readonly refusals: RefusalsStore,
  ) {}

  onModuleInit(): void {
    this.inbox.on(['settings.changed'], (tx, received) => this.settings(tx, received));
    this.inbox.on(['account.restricted'], (tx, received) => this.restricted(tx, received));
    this.inbox.on(['account.violation'], (tx, received) => this.violation(tx, received));
    this.inbox.on(['account.changed'], (tx, received) => this.account(tx, received));
    this.inbox.on(['limit.changed'], (tx, received) => this.limit(tx, received));
    this.inbox.on(['call.connect', 'call.status', 'call.terminate', 'call.note'], (tx, received) => this.callEvent(tx, received));
    this.inbox.on(['call.note', 'call.terminate', 'message.status', 'number.errors'], (tx, received) => this.errors(tx, received));
    this.inbox.on(['number.errors'], (tx, received) => this.refused(tx, received));
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

  /** One restriction of each type is kept, the one reported last. An empty list ends those that were reported before it. */
  async restricted(tx: Tx, received: Of<'account.restricted'>): Promise<undefined> {
    const { fact, phoneNumberId } = received;
    const at = endOfSecond(received);
    const kept = await this.readings.find<ReportedRestriction[]>(tx, phoneNumberId, READING.restrictions, WEBHOOK);
    const byType = new Map((kept?.value ?? []).map((one) => [one.type, one]));
    for (const { type, expiresAt } of fact.restrictions.length > 0 ? fact.restrictions : [NO_RESTRICTION]) {
      if ((byType.get(type)?.at ?? 0) <= at) byType.set(type, { type, expiresAt, at });
    }
    const value = [...byType.values()].filter(({ expiresAt }) => expiresAt === null || expiresAt > at - KEEP_RESTRICTIONS_MS);
    await this.#keep(tx, phoneNumberId, READING.restrictions, value, Math.max(at, kept?.observedAt ?? 0));
    const restrictions = fact.restrictions.map(({ type, expiresAt }) => ({
      type,
      expires_at: rfc3339(expiresAt),
      blocks: blockedBy(type),
    }));
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

  /** Keeps when each kind of change was last reported: which one holds does not depend on the order of the webhooks. */
  async account(tx: Tx, { fact, phoneNumberId, at }: Of<'account.changed'>): Promise<undefined> {
    const kept = await this.readings.find<ReportedAccount>(tx, phoneNumberId, READING.account, WEBHOOK);
    const before = kept?.value[fact.change];
    if (before && before.at >= at) return undefined;
    const value: ReportedAccount = { ...kept?.value, [fact.change]: { at, date: fact.date } };
    await this.#keep(tx, phoneNumberId, READING.account, value, Math.max(at, kept?.observedAt ?? 0));
    return undefined;
  }

  /**
   * A limit of the number is a member that Meta has removed: once the portfolio's was reported, it changes nothing, and it gives way to
   * the portfolio's, also to an older one.
   */
  async limit(tx: Tx, { fact, phoneNumberId, at }: Of<'limit.changed'>): Promise<undefined> {
    const kept = await this.readings.find<ReportedLimit>(tx, phoneNumberId, READING.limit, WEBHOOK);
    if (fact.scope === 'number' && kept?.scope === 'portfolio') return undefined;
    const value: ReportedLimit = { limit: fact.limit, event: fact.event };
    await this.#keep(tx, phoneNumberId, READING.limit, value, at, fact.scope);
    return undefined;
  }

  async callEvent(tx: Tx, { fact, phoneNumberId, receivedAt }: ReceivedFact): Promise<undefined> {
    if (!this.figures.noteCallEvent(phoneNumberId, receivedAt)) return undefined;
    await this.#keep(tx, phoneNumberId, READING.lastCallEvent, { kind: fact.kind }, receivedAt);
    return undefined;
  }

  /** Meta reports by webhook that a call or a message failed for payment or for the account, also for calls of users. */
  async errors(tx: Tx, { fact, phoneNumberId, at }: Of<ErrorBearing>): Promise<undefined> {
    const payment = fact.errors.find(isAboutPayment);
    if (payment) await this.#keep(tx, phoneNumberId, READING.paymentError, { code: payment.code }, at);
    const account = fact.errors.map(codeOf).find((code) => ACCOUNT.has(code));
    if (account) await this.#keep(tx, phoneNumberId, READING.accountError, { code: account }, at);
    return undefined;
  }

  /** Errors that belong to no call and no message show among the refusals, each with its cause and remedy. */
  async refused(tx: Tx, { fact, phoneNumberId, at }: Of<'number.errors'>): Promise<undefined> {
    for (const error of fact.errors) {
      const about = { phone_number_id: phoneNumberId, operation: WEBHOOK, call_id: null, at };
      await this.refusals.add(tx, { ...about, code: codeOf(error), upstream_code: error.code });
    }
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

const codeOf = ({ code }: WireError): ProblemCode => (code === null ? undefined : entryOfUpstream(code)?.code) ?? 'upstream_refused';

const isAboutPayment = (error: WireError): boolean => codeOf(error) === 'payment_required';

const ACCOUNT: ReadonlySet<ProblemCode> = new Set(ACCOUNT_CODES);
