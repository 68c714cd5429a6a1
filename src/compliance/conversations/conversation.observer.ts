import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { WebhookFact } from '#dialog360/fact.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { ReceivedFact } from '#inbox/received-fact.js';
import { Clock, DAY, HOUR } from '#kernel/clock.js';
import { Store, type Tx } from '#store/store.js';
import { bucketOf, type ConversationOrigin, countable, OLDEST_MS, TEMPLATE_WINDOW_MS } from './conversation.js';
import { ConversationsStore, type Counter } from './storage/conversations.store.js';

type Status = ReceivedFact<Extract<WebhookFact, { kind: 'message.status' }>>;

const KEEP_DIGESTS_MS = 40 * DAY;
const KEEP_BUCKETS_MS = 400 * DAY;

const COUNTER: Readonly<Record<ConversationOrigin, Counter>> = {
  business: 'business_initiated',
  user: 'user_initiated',
  unknown: 'unknown_origin',
};

/**
 * Counts conversations from message statuses. A status costs one look-up by key, however many there have been; only
 * the first of a conversation, or an earlier one that came late, moves a counter. Runs under the number's lock.
 */
@Injectable()
export class ConversationObserver implements OnModuleInit {
  constructor(
    private readonly inbox: InboxService,
    private readonly counted: ConversationsStore,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.inbox.on(['message.status'], (tx, received) => this.status(tx, received));
    this.inbox.beforeBatch(['message.status'], (tx, received) => this.#readAhead(tx, received));
  }

  async #readAhead(tx: Tx, received: readonly Status[]): Promise<void> {
    const ofNumbers = [...Map.groupBy(received, ({ phoneNumberId }) => phoneNumberId)].map(async ([phoneNumberId, statuses]) => {
      const keys = statuses.flatMap(({ fact }) => {
        const found = countable(fact);
        return [found?.conversation?.key ?? [], found?.templateUser ?? []].flat();
      });
      await this.counted.readAhead(tx, phoneNumberId, keys);
    });
    await Promise.all(ofNumbers);
  }

  async status(tx: Tx, { fact, phoneNumberId, at, receivedAt }: Status): Promise<undefined> {
    const found = countable(fact);
    if (!found || receivedAt - at > OLDEST_MS) return undefined;
    const when = Math.min(at, receivedAt);
    const { conversation, loose, templateUser } = found;
    if (conversation) await this.#conversation(tx, phoneNumberId, conversation.key, conversation.origin, when);
    if (loose) await this.counted.add(tx, phoneNumberId, bucketOf(when), loose === 'business' ? 'loose_business' : 'loose_other', 1);
    if (templateUser !== null) await this.#templateUser(tx, phoneNumberId, templateUser, when);
    return undefined;
  }

  @Interval(HOUR)
  async purge(): Promise<void> {
    const now = this.clock.now();
    await this.store.inBatches((tx, most) => this.counted.purgeDigests(tx, now - KEEP_DIGESTS_MS, most));
    await this.store.inBatches((tx, most) => this.counted.purgeBuckets(tx, now - KEEP_BUCKETS_MS, most));
  }

  /** A conversation counts once, in the bucket of its earliest status. It counts for the side that opened it as soon as a status names that side. */
  async #conversation(tx: Tx, id: string, key: string, origin: ConversationOrigin, at: number): Promise<void> {
    const kept = await this.counted.digest(tx, id, key);
    const before = kept && { kind: kept.kind as ConversationOrigin, at: kept.at };
    const after = { kind: before && before.kind !== 'unknown' ? before.kind : origin, at: Math.min(at, before?.at ?? at) };
    if (before && before.kind === after.kind && before.at === after.at) return;
    await this.counted.remember(tx, id, key, after);
    if (before && before.kind === after.kind && bucketOf(before.at) === bucketOf(after.at)) return;
    if (before) await this.counted.add(tx, id, bucketOf(before.at), COUNTER[before.kind], -1);
    await this.counted.add(tx, id, bucketOf(after.at), COUNTER[after.kind], 1);
  }

  /** A user stands in the bucket of the latest template alone. */
  async #templateUser(tx: Tx, id: string, key: string, at: number): Promise<void> {
    const before = await this.counted.digest(tx, id, key);
    if (before && bucketOf(before.at) >= bucketOf(at)) return;
    await this.counted.remember(tx, id, key, { kind: 'template', at });
    if (before) await this.counted.add(tx, id, bucketOf(before.at), 'template_users', -1);
    if (!before || before.at <= at - TEMPLATE_WINDOW_MS) await this.counted.add(tx, id, bucketOf(at), 'new_template_users', 1);
    await this.counted.add(tx, id, bucketOf(at), 'template_users', 1);
  }
}
