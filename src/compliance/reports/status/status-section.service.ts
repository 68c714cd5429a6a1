import { Injectable } from '@nestjs/common';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import { SnapshotsService } from '#compliance/polling/snapshots.service.js';
import { CallMetricsStore } from '#compliance/reports/call-metrics.store.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { addDays, dateOf, startOf } from '#kernel/calendar/calendar.js';
import { Clock, DAY } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import { type StatusSection, statusSectionOf } from './status-section.js';

const TIERS_MS = 90 * DAY;
const CALL_DAYS = 30;

/** Derives the status section of a report: status now, daily series, calls and tiers. */
@Injectable()
export class StatusSectionService {
  constructor(
    private readonly compliance: EligibilityService,
    private readonly requirements: RequirementsService,
    private readonly snapshots: SnapshotsService,
    private readonly calls: CallMetricsStore,
    private readonly store: Store,
    private readonly settings: SettingsOfNumbers,
    private readonly clock: Clock,
  ) {}

  /** The section at this moment, from stored readings and counts. */
  async now(number: OurNumber): Promise<StatusSection> {
    const now = this.clock.now();
    const zone = this.settings.of(number.phoneNumberId).timeZone;
    const from = startOf(addDays(dateOf(now, zone), 1 - CALL_DAYS), zone);
    const [eligibility, requirements, polls, calls] = await Promise.all([
      this.compliance.gates(number),
      this.requirements.requirements(number),
      this.snapshots.since(number.phoneNumberId, now - TIERS_MS),
      this.calls.ended(this.store.read, number.phoneNumberId, from, now + 1),
    ]);
    return statusSectionOf({ eligibility, requirements, polls, calls, now, zone });
  }
}
