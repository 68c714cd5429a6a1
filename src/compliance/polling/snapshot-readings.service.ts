import { Inject, Injectable } from '@nestjs/common';
import { addDays, dateOf } from '#compliance/conversations/calendar.js';
import type { PartnerAnswer } from '#compliance/conversations/partner-count.js';
import type { ReportedCoexistence } from '#compliance/eligibility/gates/coexistence.js';
import { READING, type Reading, type ReportedLimit } from '#compliance/eligibility/reading.js';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import { MetaClient } from '#compliance/sources/meta.client.js';
import { PartnerClient } from '#compliance/sources/partner.client.js';
import { Settings } from '#config/settings.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Store } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import type { SourceResult } from './snapshot.js';

/** How far back the partner is asked: twelve weeks, for the weekdays of a projection. */
const HISTORY_DAYS = 84;
const PARTNER = 'partner_api';

/** What reading the sources gives besides the readings. */
export interface SourceResults {
  results: SourceResult[];
  /** The number of the partner's channel in bare digits; null when the partner left it out. */
  displayPhoneNumber: string | null;
}

/** Reads the partner API and Meta one after the other and stores the readings of a snapshot. A failure is recorded and stops nothing. */
@Injectable()
export class SnapshotReadingsService {
  constructor(
    private readonly partner: PartnerClient,
    private readonly meta: MetaClient,
    private readonly requirements: RequirementsService,
    private readonly store: Store,
    @Inject(Settings) private readonly settings: Pick<Settings, 'compliance'>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Reads all configured sources of the number. Never rejects for a source that fails. The credentials of the settings are those of the
   * environment's number: what they read says nothing about another.
   */
  async readAll({ phoneNumberId, source }: Pick<BusinessNumber, 'phoneNumberId' | 'source'>): Promise<SourceResults> {
    const hasPartner = this.partner.configured && source === 'environment';
    const hasMeta = this.meta.configured && source === 'environment';
    let displayPhoneNumber: string | null = null;
    const channel = async () => {
      displayPhoneNumber = await this.#channel(phoneNumberId);
    };
    const results = [
      await this.#try('partner_api.balance', hasPartner, () => this.#balance(phoneNumberId)),
      await this.#try('partner_api.channel', hasPartner, channel),
      await this.#try('meta.limit', hasMeta, () => this.#limit(phoneNumberId)),
    ];
    return { results, displayPhoneNumber };
  }

  async #balance(phoneNumberId: string): Promise<void> {
    const observedAt = this.clock.now();
    const from = addDays(dateOf(observedAt, 'UTC'), -Math.max(HISTORY_DAYS, this.settings.compliance.windowDays));
    const { days, balance } = await this.partner.readUsage(Date.parse(from), observedAt);
    const value: PartnerAnswer = { from, days };
    const origin = { source: PARTNER, scope: 'client', observedAt } as const;
    await this.#keep(phoneNumberId, { ...origin, name: READING.conversations, value });
    if (balance) await this.#keep(phoneNumberId, { ...origin, name: READING.balance, value: balance });
  }

  /** @returns the number of the channel in bare digits */
  async #channel(phoneNumberId: string): Promise<string | null> {
    const observedAt = this.clock.now();
    const channel = await this.partner.readChannel();
    if (channel?.currentLimit) {
      const value: ReportedLimit = { limit: channel.currentLimit, event: null };
      await this.#keep(phoneNumberId, { name: READING.limit, value, source: PARTNER, scope: 'number', observedAt });
    }
    if (channel && channel.onBusinessApp !== null) {
      const value: ReportedCoexistence = { onBusinessApp: channel.onBusinessApp };
      await this.#keep(phoneNumberId, { name: READING.coexistence, value, source: PARTNER, scope: 'number', observedAt });
    }
    return channel?.phoneNumber?.replace(/\D/g, '') || null;
  }

  async #limit(phoneNumberId: string): Promise<void> {
    const observedAt = this.clock.now();
    const limit = await this.meta.readLimit();
    if (limit === null) return;
    const value: ReportedLimit = { limit, event: null };
    await this.#keep(phoneNumberId, { name: READING.limit, value, source: 'meta', scope: 'portfolio', observedAt });
  }

  #keep(phoneNumberId: string, reading: Reading): Promise<void> {
    return this.store.write((tx) => this.requirements.observe(tx, phoneNumberId, reading));
  }

  async #try(source: string, configured: boolean, read: () => Promise<void>): Promise<SourceResult> {
    if (!configured) return { source, outcome: 'not_configured', code: null };
    try {
      await read();
      return { source, outcome: 'read', code: null };
    } catch (error) {
      const code = error instanceof Problem ? error.code : 'internal_error';
      const unexpected = error instanceof Problem ? {} : { error };
      this.log.pino.warn({ event: 'polling.source_failed', source, code, ...unexpected }, 'a source of the requirement could not be read');
      return { source, outcome: 'failed', code };
    }
  }
}
