import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { WebhookFact } from '#dialog360/fact.js';
import { OutboxService } from '#events/outbox.service.js';
import { PeopleService } from '#identity/people.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { ReceivedFact } from '#inbox/received-fact.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import { statusOf } from './permission.js';
import { PermissionsStore } from './permissions.store.js';

type Reply = ReceivedFact<Extract<WebhookFact, { kind: 'permission.reply' }>>;
type Message = ReceivedFact<Extract<WebhookFact, { kind: 'message.received' }>>;
type MessageStatus = ReceivedFact<Extract<WebhookFact, { kind: 'message.status' }>>;
type Connect = ReceivedFact<Extract<WebhookFact, { kind: 'call.connect' }>>;

/** Records webhooks about permissions in the ledger, and when a user last wrote or called. */
@Injectable()
export class PermissionObserver implements OnModuleInit {
  constructor(
    private readonly inbox: InboxService,
    private readonly permissions: PermissionsStore,
    private readonly people: PeopleService,
    private readonly outbox: OutboxService,
  ) {}

  onModuleInit(): void {
    this.inbox.on(['permission.reply'], (tx, received) => this.reply(tx, received));
    this.inbox.on(['message.received'], (tx, received) => this.message(tx, received));
    this.inbox.on(['message.status'], (tx, received) => this.messageStatus(tx, received));
    this.inbox.on(['call.connect'], (tx, received) => this.connect(tx, received));
  }

  /** Records a reply and publishes `permission.updated`. */
  async reply(tx: Tx, { fact, at, phoneNumberId }: Reply): Promise<undefined> {
    const person = await this.people.named(tx, fact.contact, 'wire');
    const { response, permanent, expiresAt, responseSource, contextId } = fact;
    const sequence = await this.permissions.add(
      tx,
      { phoneNumberId, personId: person.id },
      { kind: 'replied', at, ref: fact.messageId, response, permanent, expiresAt, responseSource, contextId },
    );
    await this.outbox.append(tx, {
      type: 'permission.updated',
      subject: `permission:${person.id}`,
      sequence,
      phoneNumberId,
      occurredAt: at,
      expiresAt: null,
      data: {
        phone_number_id: phoneNumberId,
        user: {
          wa_id: person.waId,
          user_id: person.userId,
          parent_user_id: person.parentUserId,
          username: person.username,
          name: person.name,
        },
        status: statusOf(fact),
        response,
        response_source: responseSource,
        expires_at: rfc3339(expiresAt),
        context_id: contextId,
      },
    });
    return undefined;
  }

  /** A message of the user opens the 24-hour window. */
  async message(tx: Tx, { fact, at, phoneNumberId }: Message): Promise<undefined> {
    const person = await this.people.named(tx, fact.contact, 'wire');
    await this.people.heard(tx, phoneNumberId, person.id, at);
    return undefined;
  }

  /** A user's call, answered or not, opens the window too. */
  async connect(tx: Tx, { fact, at, phoneNumberId }: Connect): Promise<undefined> {
    if (fact.direction !== 'inbound' || !fact.contact) return undefined;
    const person = await this.people.named(tx, fact.contact, 'wire');
    await this.people.heard(tx, phoneNumberId, person.id, at);
    return undefined;
  }

  /** A request that WhatsApp could not deliver does not count as asked. */
  async messageStatus(tx: Tx, { fact, at }: MessageStatus): Promise<undefined> {
    if (fact.status !== 'failed') return undefined;
    const pair = await this.permissions.askedBy(tx, fact.messageId);
    if (pair) await this.permissions.add(tx, pair, { kind: 'request_failed', at, ref: fact.messageId });
    return undefined;
  }
}
