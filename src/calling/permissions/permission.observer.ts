import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Contact, ThreadHolder } from '#dialog360/fact.js';
import { OutboxService } from '#events/outbox.service.js';
import type { PermissionUpdatedView } from '#events/views/event-data.view.js';
import { PeopleService } from '#identity/people.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { Received, ReceivedFact } from '#inbox/received-fact.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import { isHeld, PermissionsService } from './permissions.service.js';
import { PermissionsStore } from './permissions.store.js';
import { toUserDto } from './user.view.js';

/** Records webhooks about permissions in the ledger, and when a user last wrote or called. */
@Injectable()
export class PermissionObserver implements OnModuleInit {
  constructor(
    private readonly inbox: InboxService,
    private readonly permissions: PermissionsStore,
    private readonly people: PeopleService,
    private readonly outbox: OutboxService,
    private readonly ledger: PermissionsService,
  ) {}

  onModuleInit(): void {
    this.inbox.beforeBatch(['call.status', 'call.terminate', 'message.status'], (tx, received) =>
      this.permissions.readAhead(
        tx,
        received.flatMap(({ fact }) => referredBy(fact)),
      ),
    );
    this.inbox.on(['permission.reply'], (tx, received) => this.reply(tx, received));
    this.inbox.on(['message.received'], (tx, received) => this.#heard(tx, received, received.fact.contact, received.fact.holder));
    this.inbox.on(['identity.changed'], async (tx, { fact, at, phoneNumberId }) => {
      await this.people.changed(tx, phoneNumberId, { ...fact, at });
    });
    this.inbox.on(['thread.passed'], (tx, received) => this.threadPassed(tx, received));
    this.inbox.on(['message.status'], (tx, received) => this.messageStatus(tx, received));
    this.inbox.on(['call.connect'], async (tx, received) => {
      const { direction, contact } = received.fact;
      if (direction === 'inbound' && contact) await this.#heard(tx, received, contact);
    });
  }

  /** Records a reply and publishes what the ledger says then: a reply that arrives late may change nothing. */
  async reply(tx: Tx, { fact, at, phoneNumberId }: Received<'permission.reply'>): Promise<void> {
    const person = await this.people.named(tx, phoneNumberId, fact.contact, 'wire', { at, acts: true });
    const { input: _, ...user } = toUserDto(person, null);
    const { response, permanent, expiresAt, responseSource, contextId } = fact;
    const pair = { phoneNumberId, personId: person.id };
    const sequence = await this.permissions.add(tx, pair, {
      kind: 'replied',
      at,
      ref: fact.messageId,
      response,
      permanent,
      expiresAt,
      responseSource,
      contextId,
    });
    const permission = await this.ledger.recorded(tx, pair);
    await this.outbox.append(tx, {
      type: 'permission.updated',
      subject: `permission:${person.id}`,
      sequence,
      phoneNumberId,
      occurredAt: at,
      expiresAt: null,
      data: {
        phone_number_id: phoneNumberId,
        user,
        status: permission.status === 'unknown' ? null : permission.status,
        response,
        response_source: responseSource,
        expires_at: rfc3339(isHeld(permission) ? permission.expiresAt : expiresAt),
        context_id: contextId,
      } satisfies PermissionUpdatedView,
    });
  }

  /** A message of the user opens the 24-hour window, and so does their call, answered or not. */
  async #heard(
    tx: Tx,
    { at, phoneNumberId }: Pick<ReceivedFact, 'at' | 'phoneNumberId'>,
    contact: Contact,
    holder: ThreadHolder | null = null,
  ): Promise<void> {
    const person = await this.people.named(tx, phoneNumberId, contact, 'wire', { at, acts: true });
    await this.people.heard(tx, phoneNumberId, person.id, at, holder);
  }

  /** Meta passed a thread on. Without a holder the webhook says only that it has a new one. */
  async threadPassed(tx: Tx, { fact, at, phoneNumberId }: Received<'thread.passed'>): Promise<void> {
    const person = await this.people.named(tx, phoneNumberId, fact.contact, 'wire', { at });
    if (fact.holder) await this.people.threadPassed(tx, phoneNumberId, person.id, fact.holder, at);
  }

  /** A request that WhatsApp could not deliver does not count as asked. */
  async messageStatus(tx: Tx, { fact, at, phoneNumberId }: Received<'message.status'>): Promise<void> {
    if (fact.status !== 'failed') return;
    const pair = await this.permissions.askedBy(tx, phoneNumberId, fact.messageId);
    if (pair) await this.permissions.note(tx, pair, { kind: 'request_failed', at, ref: fact.messageId });
  }
}

/** The message or the call of which the ledger may hold facts that the handlers look up. */
function referredBy(fact: Received<'call.status' | 'call.terminate' | 'message.status'>['fact']): string[] {
  if (fact.kind !== 'message.status') return [fact.wacid];
  return fact.status === 'failed' || fact.contact === null ? [fact.messageId] : [];
}
