import { Inject, Injectable } from '@nestjs/common';
import { RequirementsService } from '#compliance/requirements.service.js';
import { Settings } from '#config/settings.js';
import { ConversationsService } from '#conversations/conversations.service.js';
import type { OurNumber } from '#identity/our-number.js';
import { Store } from '#store/store.js';
import { CallFiguresStore } from './call-figures.store.js';
import type { Period } from './period.js';
import { figuresOf, type PeriodCount, type PeriodFigures } from './report.js';

/** What happened in a period, as far as it is known by now. */
@Injectable()
export class PeriodFiguresService {
  constructor(
    @Inject(RequirementsService) private readonly requirements: RequirementsService,
    @Inject(ConversationsService) private readonly conversations: ConversationsService,
    @Inject(CallFiguresStore) private readonly calls: CallFiguresStore,
    @Inject(Store) private readonly store: Store,
    @Inject(Settings) private readonly settings: Pick<Settings, 'compliance'>,
  ) {}

  /** The same of several periods, in their order. */
  async of(number: OurNumber, periods: readonly Period[]): Promise<PeriodFigures[]> {
    const { counts } = await this.requirements.requirements(number);
    const partner = counts.find(({ source }) => source === 'partner_api');
    const figures: PeriodFigures[] = [];
    for (const period of periods) {
      const calls = await this.calls.ended(this.store.read, number.phoneNumberId, period.from, period.until);
      const told = partner?.history.find(({ date }) => date === period.date);
      const conversations: PeriodCount[] = partner && told ? [countOf(partner.source, partner.timeZone, told)] : [];
      // Before deliveries were kept, nothing counted does not mean that nothing happened.
      if (period.until > number.learnedAt) {
        const counted = await this.conversations.day(number.phoneNumberId, period.date);
        if (counted.total > 0) conversations.push(countOf('webhooks', this.settings.compliance.timeZone, counted));
      }
      figures.push({ conversations, calls: figuresOf(calls) });
    }
    return figures;
  }
}

const countOf = (
  source: string,
  timeZone: string,
  { businessInitiated, total }: Pick<PeriodCount, 'businessInitiated' | 'total'>,
): PeriodCount => ({
  source,
  timeZone,
  businessInitiated,
  total,
});
