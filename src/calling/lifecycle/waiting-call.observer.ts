import { Injectable, type OnModuleInit } from '@nestjs/common';
import { apply, type Call, type Fact, fact } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import type { Contact, Fact as Told } from '#dialog360/fact.js';
import { PeopleService } from '#identity/people.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { ReceivedFact } from '#inbox/received-fact.js';
import { Clock, SECOND } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import { toCallError } from './wire-facts.js';

type Reply = ReceivedFact<Extract<Told, { kind: 'permission.reply' }>>;
type MessageStatus = ReceivedFact<Extract<Told, { kind: 'message.status' }>>;

/** Calls that wait for a permission: the user's word releases or ends them, an undelivered request ends them. */
@Injectable()
export class WaitingCallObserver implements OnModuleInit {
  constructor(
    private readonly inbox: InboxService,
    private readonly calls: CallsService,
    private readonly people: PeopleService,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.inbox.on(['permission.reply'], (tx, received) => this.reply(tx, received));
    this.inbox.on(['message.status'], (tx, received) => this.messageStatus(tx, received));
  }

  /** Any word of the user counts, with or without a context: permission belongs to the person, not to one request. */
  async reply(tx: Tx, { fact: told, at, phoneNumberId }: Reply): Promise<undefined> {
    for (const call of await this.#waiting(tx, phoneNumberId, told.contact)) {
      if (told.response === 'accept' && (told.expiresAt === null || told.expiresAt > this.clock.now())) {
        await this.#learn(tx, call, { kind: 'granted', at, expiresAt: told.expiresAt });
      }
      // A refusal older than the call was known when the call was made; one that answers this call's request is none.
      const answersIt = told.contextId !== null && told.contextId === fact(call.facts, 'asked')?.messageId;
      if (told.response === 'reject' && (answersIt || at >= call.createdAt - SECOND)) await this.#learn(tx, call, { kind: 'denied', at });
    }
    return undefined;
  }

  async messageStatus(tx: Tx, { fact: told, at, phoneNumberId }: MessageStatus): Promise<undefined> {
    const next = fate(told, at);
    if (!next || !told.contact) return undefined;
    for (const call of await this.#waiting(tx, phoneNumberId, told.contact)) {
      const messageId = fact(call.facts, 'asked')?.messageId ?? told.messageId;
      // The status may overtake the answer that tells the message id: it is kept until that is known.
      if (messageId === told.messageId) await this.#learn(tx, call, next);
    }
    return undefined;
  }

  async #waiting(tx: Tx, phoneNumberId: string, contact: Contact): Promise<Call[]> {
    const person = await this.people.named(tx, contact, 'wire');
    const live = await this.calls.liveWith(tx, phoneNumberId, person.id);
    return live.filter((call) => ['awaiting_permission', 'ready'].includes(this.calls.snapshot(call).derived.state));
  }

  async #learn(tx: Tx, call: Call, next: Fact): Promise<void> {
    await this.calls.write(tx, call, apply(call, next));
  }
}

function fate({ status, messageId, errors }: Extract<Told, { kind: 'message.status' }>, at: number): Fact | null {
  if (status === 'delivered') return { kind: 'request.delivered', at, messageId };
  if (status === 'read') return { kind: 'request.read', at, messageId };
  if (status !== 'failed') return null;
  return {
    kind: 'request.failed',
    at,
    messageId,
    error: { code: 'permission_request_failed', upstream: toCallError(errors[0])?.upstream ?? null },
  };
}
