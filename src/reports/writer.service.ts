import { Inject, Injectable } from '@nestjs/common';
import { ComplianceService } from '#compliance/compliance.service.js';
import { RequirementsService } from '#compliance/requirements.service.js';
import { Settings } from '#config/settings.js';
import { addDays, dateOf, startOf } from '#conversations/calendar.js';
import { ConversationsService } from '#conversations/conversations.service.js';
import type { OurNumber } from '#identity/our-number.js';
import { Clock, DAY } from '#kernel/clock.js';
import { SnapshotsService } from '#observations/snapshots.service.js';
import { Store } from '#store/store.js';
import { CallFiguresStore, figuresOf } from './call-figures.store.js';
import { backgroundOf, type Background } from './background.js';
import type { Period } from './period.js';
import type { PeriodCount, PeriodFigures } from './report.js';

const TIERS_MS = 90 * DAY;
const CALL_DAYS = 30;

/** Gathers what reports say: what happened in a period, and how things stand now. */
@Injectable()
export class WriterService {
  constructor(
    @Inject(ComplianceService) private readonly compliance: ComplianceService,
    @Inject(RequirementsService) private readonly requirements: RequirementsService,
    @Inject(ConversationsService) private readonly conversations: ConversationsService,
    @Inject(SnapshotsService) private readonly snapshots: SnapshotsService,
    @Inject(CallFiguresStore) private readonly calls: CallFiguresStore,
    @Inject(Store) private readonly store: Store,
    @Inject(ReportClock) private readonly now: ReportClock,
  ) {}

  /** How things stand, for all reports that are written in one go. */
  async background(number: OurNumber): Promise<Background> {
    const now = this.now.now();
    const zone = this.now.zone;
    const from = startOf(addDays(dateOf(now, zone), -CALL_DAYS), zone);
    const [eligibility, requirements, polls, calls] = await Promise.all([
      this.compliance.gates(number),
      this.requirements.requirements(number),
      this.snapshots.since(number.phoneNumberId, now - TIERS_MS),
      this.calls.ended(this.store.read, number.phoneNumberId, from, now),
    ]);
    return backgroundOf({ eligibility, requirements, polls, calls, now, zone });
  }

  /** What happened in a period, as far as it is known by now. */
  async figures(number: OurNumber, { date, from, until }: Period): Promise<PeriodFigures> {
    const [calls, own, requirements] = await Promise.all([
      this.calls.ended(this.store.read, number.phoneNumberId, from, until),
      this.conversations.day(number.phoneNumberId, date),
      this.requirements.requirements(number),
    ]);
    const counts: PeriodCount[] = [];
    const partner = requirements.counts.find(({ source }) => source === 'partner_api');
    const told = partner?.history.find((day) => day.date === date);
    if (partner && told) counts.push({ source: partner.source, timeZone: partner.timeZone, ...figuresOnly(told) });
    // Before deliveries were kept, nothing counted is not nothing happened.
    if (until > number.learnedAt && (own.total > 0 || requirements.speaker?.source === 'webhooks')) {
      counts.push({ source: 'webhooks', timeZone: this.now.zone, ...figuresOnly(own) });
    }
    return { conversations: counts, calls: figuresOf(calls) };
  }
}

const figuresOnly = ({ businessInitiated, total }: { businessInitiated: number; total: number }) => ({ businessInitiated, total });
