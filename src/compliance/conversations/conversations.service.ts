import { Injectable } from '@nestjs/common';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import { addDays, dateOf, datesBetween, type IsoDate, startOf } from '#kernel/calendar/calendar.js';
import { Clock } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import type { Count } from './count.js';
import { ConversationsStore } from './storage/conversations.store.js';
import { type TemplateCount, type TemplateCounting, templateCount, templateHistoryFrom } from './template-count.js';
import { type CountedDay, messageCount, webhookCount } from './webhook-count.js';

/** How far back a projection looks. */
const HISTORY_DAYS = 84;

/** What our own counting says. */
export interface OwnCounts {
  conversations: Count;
  /** Messages that Meta reported without a conversation. */
  messages: Count | null;
  /** Users who got a delivered template outside of the window within 30 days; null when nothing was ever heard. */
  templateUsers: TemplateCount | null;
  /** What those users were counted from. */
  templates: TemplateCounting;
}

/** How many conversations there were, as this gateway has counted them itself. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly counted: ConversationsStore,
    private readonly inbox: InboxService,
    private readonly store: Store,
    private readonly settings: SettingsOfNumbers,
    private readonly clock: Clock,
  ) {}

  /** @param since when deliveries of the number began to be kept */
  async counts(phoneNumberId: string, since: number): Promise<OwnCounts> {
    const { timeZone: zone, windowDays } = this.settings.of(phoneNumberId);
    const now = this.clock.now();
    const to = addDays(dateOf(now, zone), 1);
    const from = addDays(to, -Math.max(windowDays, HISTORY_DAYS) - 1);
    const [days, heardAt, buckets] = await Promise.all([
      this.days(phoneNumberId, from, to),
      this.inbox.lastReceivedAt(phoneNumberId),
      this.counted.templateUsers(this.store.read, phoneNumberId, templateHistoryFrom(now)),
    ]);
    const counting = { zone, windowDays, now, since, heardAt, days };
    const templates = { now, since, heardAt, buckets };
    return {
      conversations: webhookCount(counting),
      messages: messageCount(counting),
      templateUsers: templateCount(templates),
      templates,
    };
  }

  /** What began on each day of the number's zone, from `from` to the day before `to`. */
  async days(phoneNumberId: string, from: IsoDate, to: IsoDate): Promise<CountedDay[]> {
    const { timeZone: zone } = this.settings.of(phoneNumberId);
    const buckets = await this.counted.buckets(this.store.read, phoneNumberId, startOf(from, zone), startOf(to, zone));
    let next = 0;
    const dates = datesBetween(from, addDays(to, 1));
    return dates.slice(0, -1).map((date, index) => {
      const end = startOf(dates[index + 1] ?? to, zone);
      const day = { date, businessInitiated: 0, total: 0, looseBusiness: 0, looseTotal: 0 };
      for (let bucket = buckets[next]; bucket && bucket.at < end; next += 1, bucket = buckets[next]) {
        day.businessInitiated += bucket.businessInitiated;
        day.total += bucket.total;
        day.looseBusiness += bucket.looseBusiness;
        day.looseTotal += bucket.looseTotal;
      }
      return day;
    });
  }
}
