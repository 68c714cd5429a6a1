import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Call, fact, UNKNOWN_PERSON } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { Settings } from '#config/settings.js';
import type { CallFact, Element } from '#dialog360/fact.js';
import type { MetaEventType } from '#events/event.js';
import { OutboxService } from '#events/outbox.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { PeopleService } from '#identity/people.service.js';
import type { Person } from '#identity/person.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { Received, ReceivedFact } from '#inbox/received-fact.js';
import { Clock } from '#kernel/clock.js';
import { sha256 } from '#kernel/secret.js';
import type { Tx } from '#store/store.js';
import { type AroundElement, metaBodyOf } from './meta-body.js';

const CALL_KINDS = ['call.connect', 'call.status', 'call.terminate', 'call.note'] as const;

/** The parts of an event that follow from what it is about. */
interface About extends Partial<Pick<AroundElement, 'contact' | 'person' | 'callbackData'>> {
  type: MetaEventType;
  /** The field as subscribers name it: an element without one is read by its content. */
  field: string;
  subject: string;
  sequence: number;
  /** When a connect is of no more use; null for every other element. */
  expiresAt: number | null;
}

/**
 * Publishes elements of webhooks for subscriptions in Meta's format, in the transaction that applies them: each once, since duplicates reach no
 * handler, and after the handlers that find or begin its call.
 */
@Injectable()
export class MetaElementsObserver implements OnModuleInit {
  /** Connects of calls that have had theirs: Meta may send another, which differs in its user, its payload or its time. */
  readonly #repeated = new WeakSet<Element>();

  constructor(
    @Inject(Settings) private readonly settings: Pick<Settings, 'graph' | 'deadlines'>,
    private readonly inbox: InboxService,
    private readonly calls: CallsService,
    private readonly people: PeopleService,
    private readonly numbers: NumbersService,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
  ) {
    // Before the handlers that modules register when they are initialised: afterwards every call of a connect has one.
    if (settings.graph.enabled) inbox.on(['call.connect'], (tx, received) => this.#noteRepeated(tx, received));
  }

  onModuleInit(): void {
    if (!this.settings.graph.enabled) return;
    this.inbox.on(CALL_KINDS, (tx, received) => this.#ofCall(tx, received));
    this.inbox.on(['number.errors'], (tx, received) => this.#ofNumber(tx, received, 'calls'));
    this.inbox.on(['permission.reply'], (tx, received) => this.#reply(tx, received));
    this.inbox.on(['settings.changed'], (tx, received) => this.#ofNumber(tx, received, 'account_settings_update'));
  }

  async #noteRepeated(tx: Tx, { fact: { wacid }, element }: Received<'call.connect'>): Promise<void> {
    const call = await this.calls.find(wacid, tx);
    if (call && hadConnect(call)) this.#repeated.add(element);
    else this.#repeated.delete(element);
  }

  async #ofCall(tx: Tx, received: ReceivedFact<CallFact>): Promise<void> {
    const { fact: reported, phoneNumberId } = received;
    const call = await this.calls.find(reported.wacid, tx);
    if (call && call.phoneNumberId !== phoneNumberId) return;
    const expiresAt = reported.kind === 'call.connect' ? this.#deadlineOf(received, call) : null;
    if (expiresAt === undefined) return;
    await this.#publish(tx, received, {
      ...{ type: 'meta.calls', field: 'calls', contact: reported.contact, person: await this.#person(tx, call), expiresAt },
      subject: call?.id ?? `wacid:${sha256(reported.wacid).slice(0, 32)}`,
      sequence: call?.sequence ?? 0,
      callbackData: reported.kind === 'call.note' ? null : (call?.callbackData ?? null),
    });
  }

  /** Until when a connect can be used; undefined for one that is not published: it has no SDP, comes again, comes too late or rings nowhere. */
  #deadlineOf({ fact: reported, element, at }: ReceivedFact<CallFact>, call: Call | undefined): number | undefined {
    if (reported.kind !== 'call.connect' || reported.session === null || this.#repeated.has(element)) return undefined;
    if (!call) return at + this.settings.deadlines.answerMs;
    if (call.direction === 'inbound' && !this.calls.announces(call.phoneNumberId)) return undefined;
    return this.calls.snapshot(call).derived.deadlineAt ?? undefined;
  }

  async #person(tx: Tx, call: Call | undefined): Promise<Person | null> {
    if (!call || call.personId === UNKNOWN_PERSON) return null;
    return (await this.people.byKeys([call], tx)).get(call.personId) ?? null;
  }

  async #reply(tx: Tx, received: Received<'permission.reply'>): Promise<void> {
    const { contact } = received.fact;
    const person = (await this.people.known(received.phoneNumberId, contact, tx)) ?? null;
    const subject = `permission:${person?.id ?? sha256(received.fact.messageId).slice(0, 32)}`;
    await this.#publish(tx, received, { type: 'meta.messages', field: 'messages', subject, sequence: 0, expiresAt: null, contact, person });
  }

  /** Errors that stand in another field than `calls` are not about calls. */
  async #ofNumber(tx: Tx, received: ReceivedFact, field: 'calls' | 'account_settings_update'): Promise<void> {
    if (received.element.field !== field && received.element.field !== '') return;
    const subject = `number:${received.phoneNumberId}`;
    await this.#publish(tx, received, { type: `meta.${field}`, field, subject, sequence: 0, expiresAt: null });
  }

  async #publish(tx: Tx, { element, phoneNumberId }: ReceivedFact, about: About): Promise<void> {
    const { type, field, subject, sequence, expiresAt, contact = null, person = null, callbackData = null } = about;
    const number = this.numbers.byId(phoneNumberId);
    const { displayPhoneNumber = null, wabaId = null } = number ?? {};
    const around = { phoneNumberId, displayPhoneNumber, wabaId, contact, person, callbackData };
    const data = metaBodyOf({ ...element, field }, around);
    await this.outbox.append(tx, { type, subject, sequence, phoneNumberId, occurredAt: this.clock.now(), expiresAt, data });
  }
}

/** A call that has ended keeps no SDP. */
const hadConnect = ({ facts }: Call): boolean => {
  const connected = fact(facts, 'connected');
  return connected !== undefined && (connected.session !== null || fact(facts, 'terminated') !== undefined);
};
