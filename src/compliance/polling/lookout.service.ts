import { Injectable } from '@nestjs/common';
import { ComplianceService, type Eligibility } from '#compliance/eligibility/compliance.service.js';
import { readLimit } from '#compliance/eligibility/policy.js';
import { type Requirements, RequirementsService } from '#compliance/eligibility/requirements.service.js';
import { NumbersService } from '#identity/numbers.service.js';
import type { OurNumber } from '#identity/our-number.js';
import { InboxService } from '#inbox/inbox.service.js';
import { Clock } from '#kernel/clock.js';
import { type Asked, type Figures, isSilent } from './snapshot.js';
import { SourcesService } from './sources.service.js';

/** Asks every source and draws all figures of one moment together. */
@Injectable()
export class LookoutService {
  constructor(
    private readonly sources: SourcesService,
    private readonly compliance: ComplianceService,
    private readonly requirements: RequirementsService,
    private readonly inbox: InboxService,
    private readonly numbers: NumbersService,
    private readonly clock: Clock,
  ) {}

  async look(number: OurNumber): Promise<Figures> {
    const { asked, displayPhoneNumber } = await this.sources.ask(number.phoneNumberId);
    // Until a webhook has named the number, the partner's word tells its country.
    if (displayPhoneNumber !== null && number.displayPhoneNumber === null) await this.numbers.learnDisplay(displayPhoneNumber);
    const eligibility = await this.compliance.gates(this.numbers.current ?? number, { refresh: true });
    const [requirements, lastDeliveryAt] = await Promise.all([this.requirements.requirements(number), this.inbox.lastReceivedAt()]);
    return figuresOf(asked, eligibility, requirements, lastDeliveryAt, this.clock.now());
  }
}

function figuresOf(
  sources: Asked[],
  { inbound, outbound }: Eligibility,
  { progress, limit, templateUsers }: Requirements,
  lastDeliveryAt: number | null,
  now: number,
): Figures {
  const known = limit.value && readLimit(limit.value.limit);
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
    tier: known ? known.tier : (limit.value?.limit ?? null),
    limit: known?.limit ?? null,
    meetsLimit: known?.meets ?? null,
    limitSource: limit.source,
    templateUsers: templateUsers?.value ?? null,
    inbound: verdictOf(inbound),
    outbound: verdictOf(outbound),
    lastDeliveryAt,
    webhookSilent: isSilent(lastDeliveryAt, now),
    sources,
  };
}
