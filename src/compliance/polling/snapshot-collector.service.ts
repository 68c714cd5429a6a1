import { Injectable } from '@nestjs/common';
import { type Eligibility, EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import { shownLimit } from '#compliance/eligibility/policy.js';
import { type Requirements, RequirementsService } from '#compliance/eligibility/requirements.service.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import { Clock } from '#kernel/clock.js';
import { PartnerPollService } from './partner/partner-poll.service.js';
import { type Cause, isSilent, type SnapshotMetrics, type SourceResult } from './snapshot.js';
import { SnapshotReadingsService } from './snapshot-readings.service.js';

/** Collects a snapshot: reads every source, then derives all metrics of one moment. */
@Injectable()
export class SnapshotCollectorService {
  constructor(
    private readonly sources: SnapshotReadingsService,
    private readonly partner: PartnerPollService,
    private readonly compliance: EligibilityService,
    private readonly requirements: RequirementsService,
    private readonly inbox: InboxService,
    private readonly numbers: NumbersService,
    private readonly clock: Clock,
  ) {}

  /** Reads every source and derives the metrics; a source that fails is listed in `sources`. */
  async collect(number: BusinessNumber, cause: Cause): Promise<SnapshotMetrics> {
    const results = await this.sources.readAll(number, cause, this.partner);
    const eligibility = await this.compliance.gates(this.numbers.byId(number.phoneNumberId) ?? number, { refresh: true });
    const [requirements, lastDeliveryAt] = await Promise.all([
      this.requirements.requirements(number),
      this.inbox.lastReceivedAt(number.phoneNumberId),
    ]);
    return metricsOf(results, eligibility, requirements, lastDeliveryAt, this.clock.now());
  }
}

function metricsOf(
  sources: SourceResult[],
  { inbound, outbound }: Eligibility,
  { progress, limit, templateUsers }: Requirements,
  lastDeliveryAt: number | null,
  now: number,
): SnapshotMetrics {
  const shown = shownLimit(limit);
  const verdictOf = ({ verdict, gates }: Eligibility['inbound']) => ({
    verdict,
    failed: gates.filter((gate) => gate.verdict === 'fail').map(({ name }) => name),
  });
  return {
    businessInitiated: progress.businessInitiated,
    total: progress.total,
    meets: progress.meets,
    source: progress.source,
    coverage: progress.coverage,
    reason: progress.reason,
    tier: shown.tier,
    limit: shown.limit,
    meetsLimit: shown.meets,
    limitSource: shown.source,
    templateUsers: templateUsers?.value ?? null,
    inbound: verdictOf(inbound),
    outbound: verdictOf(outbound),
    lastDeliveryAt,
    webhookSilent: isSilent(lastDeliveryAt, now),
    sources,
  };
}
