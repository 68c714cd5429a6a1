import { Inject, Injectable } from '@nestjs/common';
import { addDays, dateOf, startOf } from '#compliance/conversations/calendar.js';
import { ComplianceService } from '#compliance/eligibility/compliance.service.js';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import { SnapshotsService } from '#compliance/polling/snapshots.service.js';
import { Settings } from '#config/settings.js';
import type { OurNumber } from '#identity/our-number.js';
import { Clock, DAY } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import { type Background, backgroundOf } from './background.js';
import { CallFiguresStore } from './call-figures.store.js';

const TIERS_MS = 90 * DAY;
const CALL_DAYS = 30;

/** How things stand now, from everything that is known. */
@Injectable()
export class BackgroundService {
  constructor(
    private readonly compliance: ComplianceService,
    private readonly requirements: RequirementsService,
    private readonly snapshots: SnapshotsService,
    private readonly calls: CallFiguresStore,
    private readonly store: Store,
    @Inject(Settings) private readonly settings: Pick<Settings, 'compliance'>,
    private readonly clock: Clock,
  ) {}

  async now(number: OurNumber): Promise<Background> {
    const now = this.clock.now();
    const zone = this.settings.compliance.timeZone;
    const from = startOf(addDays(dateOf(now, zone), 1 - CALL_DAYS), zone);
    const [eligibility, requirements, polls, calls] = await Promise.all([
      this.compliance.gates(number),
      this.requirements.requirements(number),
      this.snapshots.since(number.phoneNumberId, now - TIERS_MS),
      this.calls.ended(this.store.read, number.phoneNumberId, from, now + 1),
    ]);
    return backgroundOf({ eligibility, requirements, polls, calls, now, zone });
  }
}
