import { Injectable } from '@nestjs/common';
import { ConversationsStore } from '#compliance/conversations/storage/conversations.store.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import { Clock, DAY, MINUTE } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import type { LimitUsage } from './limit-usage.js';

/** A count of a day's people is as good as new for so long. */
const FRESH_MS = MINUTE;

/** How much of a messaging limit is used, and by how many numbers: Meta counts a limit over the whole business portfolio. */
@Injectable()
export class LimitUsageService {
  readonly #counted = new Map<string, { at: number; usage: Promise<LimitUsage> }>();

  constructor(
    private readonly numbers: NumbersService,
    private readonly counted: ConversationsStore,
    private readonly inbox: InboxService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Counts people of the last 24 h over all our numbers of the portfolio, each person once; while that portfolio is unknown, those of the number alone. */
  usage(phoneNumberId: string, learnedAt: number): Promise<LimitUsage> {
    const sharing = this.numbers.ofSamePortfolio(phoneNumberId);
    const counted = sharing ?? [{ phoneNumberId, learnedAt }];
    const key = counted.map((number) => number.phoneNumberId).join(' ');
    const now = this.clock.now();
    const kept = this.#counted.get(key);
    if (kept && kept.at <= now && kept.at > now - FRESH_MS) return kept.usage;
    for (const [other, { at }] of this.#counted) if (at <= now - FRESH_MS) this.#counted.delete(other);
    const usage = this.#reached(counted, now - DAY).then(
      (people): LimitUsage => ({ scope: sharing ? 'portfolio' : 'number', sharedBy: sharing?.length ?? null, ...people }),
    );
    this.#counted.set(key, { at: now, usage });
    usage.catch(() => this.#counted.delete(key));
    return usage;
  }

  async #reached(
    numbers: readonly { phoneNumberId: string; learnedAt: number }[],
    since: number,
  ): Promise<Pick<LimitUsage, 'people' | 'complete'>> {
    const ids = numbers.map(({ phoneNumberId }) => phoneNumberId);
    const heard = await Promise.all(ids.map((id) => this.inbox.lastReceivedAt(id)));
    if (heard.every((at) => at === null)) return { people: null, complete: false };
    const people = await this.counted.distinctTemplateUsers(this.store.read, ids, since);
    return { people, complete: heard.every((at) => at !== null) && numbers.every(({ learnedAt }) => learnedAt <= since) };
  }
}
