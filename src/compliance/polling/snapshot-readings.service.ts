import { Injectable } from '@nestjs/common';
import { READING, type ReportedLimit } from '#compliance/eligibility/reading.js';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import { MetaClient } from '#compliance/sources/meta.client.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Log } from '#telemetry/log.js';
import type { PartnerPollService, PartnerReading } from './partner/partner-poll.service.js';
import type { Cause, SourceResult } from './snapshot.js';

/** Reads the partner API and Meta one after the other and stores the readings of a snapshot. A failure is recorded and stops nothing. */
@Injectable()
export class SnapshotReadingsService {
  constructor(
    private readonly meta: MetaClient,
    private readonly requirements: RequirementsService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Reads all configured sources of the number. Never rejects for a source that fails. Meta's token of the settings is that of the environment's
   * number: what it reads says nothing about another portfolio.
   */
  async readAll(number: BusinessNumber, cause: Cause, partner: PartnerPollService): Promise<SourceResult[]> {
    const hasMeta = this.meta.configured && number.source === 'environment';
    const readChannel = () => this.#try('partner_api.channel', partner.configured, () => partner.channel(number, cause));
    const readBalance = () => this.#try('partner_api.balance', partner.configured, () => partner.balance(number, cause));
    // The channel says of which client the number is.
    const early = number.clientId === null ? await readChannel() : null;
    const balance = await readBalance();
    return [balance, early ?? (await readChannel()), await this.#try('meta.limit', hasMeta, () => this.#limit(number.phoneNumberId))];
  }

  async #limit(phoneNumberId: string): Promise<PartnerReading> {
    const observedAt = this.clock.now();
    const limit = await this.meta.readLimit();
    const value: ReportedLimit | null = limit === null ? null : { limit, event: null };
    if (value) await this.requirements.keep(phoneNumberId, { name: READING.limit, value, source: 'meta', scope: 'portfolio', observedAt });
    return { how: 'read', observedAt };
  }

  async #try(source: string, configured: boolean, read: () => Promise<PartnerReading>): Promise<SourceResult> {
    if (!configured) return { source, outcome: 'not_configured', code: null, observedAt: null };
    try {
      const { how, observedAt } = await read();
      return { source, outcome: how, code: null, observedAt };
    } catch (error) {
      const code = error instanceof Problem ? error.code : 'internal_error';
      const unexpected = error instanceof Problem ? {} : { error };
      this.log.pino.warn({ event: 'polling.source_failed', source, code, ...unexpected }, 'a source of the requirement could not be read');
      return { source, outcome: 'failed', code, observedAt: null };
    }
  }
}
