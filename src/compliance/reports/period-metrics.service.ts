import { Injectable } from '@nestjs/common';
import { ConversationsService } from '#compliance/conversations/conversations.service.js';
import type { DayCount } from '#compliance/conversations/count.js';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { addDays } from '#kernel/calendar/calendar.js';
import { Store } from '#store/store.js';
import { CallMetricsStore } from './call-metrics.store.js';
import type { Period } from './period.js';
import { callMetricsOf } from './report.js';
import type { PeriodCountView, PeriodMetricsView } from './report.view.js';

/** What happened in a period, as far as it is known by now. */
@Injectable()
export class PeriodMetricsService {
  constructor(
    private readonly requirements: RequirementsService,
    private readonly conversations: ConversationsService,
    private readonly calls: CallMetricsStore,
    private readonly store: Store,
    private readonly settings: SettingsOfNumbers,
  ) {}

  /** The same of several periods, in their order; what lies between them is read along. */
  async of<P extends Period>(number: OurNumber, periods: readonly P[]): Promise<{ period: P; figures: PeriodMetricsView }[]> {
    const sorted = [...periods].sort((a, b) => a.from - b.from);
    const [first, last] = [sorted.at(0), sorted.at(-1)];
    if (!first || !last) return [];
    const [{ counts }, calls, days] = await Promise.all([
      this.requirements.requirements(number),
      this.calls.ended(this.store.readLong, number.phoneNumberId, first.from, last.until),
      this.conversations.days(number.phoneNumberId, first.date, addDays(last.date, 1)),
    ]);
    const { timeZone } = this.settings.of(number.phoneNumberId);
    const partner = counts.find(({ source }) => source === 'partner_api');
    const toldOn = new Map(partner?.history.map((day) => [day.date, day]));
    const countedOn = new Map(days.map((day) => [day.date, day]));
    return periods.map((period) => {
      const [told, counted] = [toldOn.get(period.date), countedOn.get(period.date)];
      const conversations: PeriodCountView[] = partner && told ? [countOf(partner.source, partner.timeZone, told)] : [];
      // Before deliveries were kept, nothing counted does not mean that nothing happened.
      if (period.until > number.learnedAt && counted) conversations.push(countOf('webhooks', timeZone, counted));
      const marks = calls.filter(({ at }) => at >= period.from && at < period.until);
      return { period, figures: { conversations, calls: callMetricsOf(marks) } };
    });
  }
}

const countOf = (source: string, time_zone: string, { businessInitiated, total }: DayCount): PeriodCountView => ({
  source,
  time_zone,
  business_initiated: businessInitiated,
  total,
});
