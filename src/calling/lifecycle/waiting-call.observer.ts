import { Injectable, type OnModuleInit } from '@nestjs/common';
import { apply, type Call, type Fact, fact } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { isHeld, PermissionsService } from '#calling/permissions/permissions.service.js';
import { PeopleService } from '#identity/people.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { Received } from '#inbox/received-fact.js';
import { SECOND } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import { toCallError } from './wire-facts.js';

/** Applies webhooks to calls that wait for a permission: the user's reply and the status of the request. */
@Injectable()
export class WaitingCallObserver implements OnModuleInit {
  constructor(
    private readonly inbox: InboxService,
    private readonly calls: CallsService,
    private readonly people: PeopleService,
    private readonly permissions: PermissionsService,
  ) {}

  onModuleInit(): void {
    this.inbox.on(['permission.reply'], (tx, received) => this.reply(tx, received));
    this.inbox.on(['identity.changed'], (tx, received) => this.identityChanged(tx, received));
    this.inbox.on(['message.status'], (tx, received) => this.messageStatus(tx, received));
  }

  /**
   * Every reply of the user counts, with or without a context: permission belongs to the person, not to one request. A grant that the
   * ledger denies, because it is over or a newer refusal has arrived before it, makes no call ready.
   */
  async reply(tx: Tx, { fact: reported, at, phoneNumberId }: Received<'permission.reply'>): Promise<void> {
    const person = await this.people.named(tx, phoneNumberId, reported.contact, 'wire', { at });
    for (const call of await this.#waiting(tx, phoneNumberId, person.id)) {
      if (reported.response === 'accept') await this.#grant(tx, call, at);
      // A refusal older than the call was in the ledger when the call was made, unless it answers this call's request.
      const answersIt = reported.contextId !== null && reported.contextId === fact(call.facts, 'asked')?.messageId;
      if (reported.response === 'reject' && (answersIt || at >= call.createdAt - SECOND))
        await this.#write(tx, call, { kind: 'denied', at });
    }
  }

  /** Applies the status of a permission request. */
  async messageStatus(tx: Tx, received: Received<'message.status'>): Promise<void> {
    const { fact: reported, at, phoneNumberId } = received;
    const next = factOf(reported, at);
    if (!next) return;
    const personId = await this.#recipient(tx, received);
    if (personId === undefined) return;
    for (const call of await this.#waiting(tx, phoneNumberId, personId)) {
      const messageId = fact(call.facts, 'asked')?.messageId ?? reported.messageId;
      // The status may arrive before the response with the message id: the call keeps it until then.
      if (messageId === reported.messageId) await this.#write(tx, call, next);
    }
  }

  /** A reply may have come under the new ids before their change: the call that waited under the former ones is ready now. */
  async identityChanged(
    tx: Tx,
    { fact: { former, present, kind }, at, receivedAt, phoneNumberId }: Received<'identity.changed'>,
  ): Promise<void> {
    const person = await this.people.changed(tx, phoneNumberId, { former, present, at });
    for (const call of await this.calls.liveWith(tx, phoneNumberId, person.id)) {
      await this.calls.note(tx, call, { at: receivedAt, kind: 'webhook', name: kind, data: {} });
      if (this.calls.snapshot(call).derived.state === 'awaiting_permission') await this.#grant(tx, call, at);
    }
  }

  async #grant(tx: Tx, call: Call, at: number): Promise<void> {
    const permission = await this.permissions.stated(tx, call);
    if (isHeld(permission)) await this.#write(tx, call, { kind: 'granted', at, expiresAt: permission.expiresAt, basis: 'reply' });
  }

  /** Of a status without a recipient: the person whom the request was sent to. */
  async #recipient(tx: Tx, { fact, at, phoneNumberId }: Received<'message.status'>): Promise<string | undefined> {
    const { contact, messageId } = fact;
    if (!contact) return this.permissions.personAskedBy(tx, phoneNumberId, messageId);
    return (await this.people.named(tx, phoneNumberId, contact, 'wire', { at })).id;
  }

  async #waiting(tx: Tx, phoneNumberId: string, personId: string): Promise<Call[]> {
    const live = await this.calls.liveWith(tx, phoneNumberId, personId);
    return live.filter((call) => ['awaiting_permission', 'ready'].includes(this.calls.snapshot(call).derived.state));
  }

  async #write(tx: Tx, call: Call, next: Fact): Promise<void> {
    await this.calls.write(tx, call, apply(call, next));
  }
}

function factOf({ status, messageId, errors }: Received<'message.status'>['fact'], at: number): Fact | null {
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
