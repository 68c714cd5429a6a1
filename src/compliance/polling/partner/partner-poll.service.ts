import { Injectable } from '@nestjs/common';
import type { PartnerAnswer } from '#compliance/conversations/partner-count.js';
import type { ReportedCoexistence } from '#compliance/eligibility/gates/coexistence.js';
import { READING, type Reading, type ReportedLimit } from '#compliance/eligibility/reading.js';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import type { Cause } from '#compliance/polling/snapshot.js';
import { momentBefore, nextSlot } from '#compliance/schedule/slots.service.js';
import { PartnerClient } from '#compliance/sources/partner.client.js';
import type { PartnerChannel } from '#compliance/sources/partner-usage.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { addDays, dateOf } from '#kernel/calendar/calendar.js';
import { Clock, MINUTE } from '#kernel/clock.js';
import { PartnerChannelsService } from './partner-channels.service.js';
import { PartnerReadsService } from './partner-reads.service.js';

/** How far back the partner is asked: twelve weeks, for the weekdays of a projection. */
const HISTORY_DAYS = 84;
const PARTNER = 'partner_api';
/** What was read within half of a number's interval, and within this time, is not read again for its poll. */
const LONGEST_FRESH_MS = 15 * MINUTE;

/** How a reading came about: read now, or kept since another number of the same client or partner was polled. */
export interface PartnerReading {
  how: 'read' | 'kept' | 'not_known';
  /** How old it is, in ms since 1970; null without any. */
  observedAt: number | null;
}

const NOT_KNOWN: PartnerReading = { how: 'not_known', observedAt: null };

/** The part of a poll that the partner API answers: once for each client and once for all channels, however many numbers share them. */
@Injectable()
export class PartnerPollService {
  constructor(
    private readonly partner: PartnerClient,
    private readonly reads: PartnerReadsService,
    private readonly channels: PartnerChannelsService,
    private readonly requirements: RequirementsService,
    private readonly numbers: NumbersService,
    private readonly settings: SettingsOfNumbers,
    private readonly clock: Clock,
  ) {}

  /** Whether the owner has given partner credentials. */
  get configured(): boolean {
    return this.partner.configured;
  }

  /** The conversations and the balance of the number's client. `not_known` while it is unknown which client that is. */
  async balance({ phoneNumberId, source }: BusinessNumber, cause: Cause): Promise<PartnerReading> {
    const own = source === 'environment' ? this.partner.own.clientId : null;
    if (own !== null) await this.numbers.learn(phoneNumberId, { clientId: own });
    const clientId = own ?? this.numbers.byId(phoneNumberId)?.clientId ?? null;
    if (clientId === null) return NOT_KNOWN;
    const readAt = () => this.requirements.partnerReadAt(phoneNumberId);
    const how = await this.reads.refresh({
      key: `client ${clientId}`,
      readAt,
      freshSince: this.#freshSince(phoneNumberId, cause),
      read: () => this.#readClient(phoneNumberId, clientId),
    });
    return { how, observedAt: await readAt() };
  }

  /**
   * The limit of the number's channel, and whether it is in the WhatsApp Business app. A number that is alone has its own channel read; several
   * have those of the partner read as a whole. `not_known` while no channel is known to be the number's.
   */
  async channel(number: BusinessNumber, cause: Cause): Promise<PartnerReading> {
    const { phoneNumberId } = number;
    const own = await this.#ownChannel(number);
    if (own !== undefined) {
      const observedAt = this.clock.now();
      await this.#keepChannel(number, own, observedAt);
      return { how: 'read', observedAt };
    }
    const { how, read } = await this.channels.refreshed(this.#freshSince(phoneNumberId, cause));
    const channel = read && this.channels.channelOf(this.numbers.byId(phoneNumberId) ?? number, read);
    if (!read || !channel) return NOT_KNOWN;
    await this.#keepChannel(number, channel, read.observedAt);
    return { how, observedAt: read.observedAt };
  }

  /** The channel of a number that is alone, by the configuration; undefined when all channels are to be read. */
  async #ownChannel({ source }: BusinessNumber): Promise<PartnerChannel | null | undefined> {
    const { clientId, channelId } = this.partner.own;
    if (source !== 'environment' || this.numbers.all().length > 1) return undefined;
    if (channelId !== null) return this.partner.readChannel(channelId);
    return clientId === null ? undefined : this.partner.readOnlyChannel(clientId);
  }

  async #readClient(phoneNumberId: string, clientId: string): Promise<void> {
    const observedAt = this.clock.now();
    const { windowDays } = this.settings.of(phoneNumberId);
    const from = addDays(dateOf(observedAt, 'UTC'), -Math.max(HISTORY_DAYS, windowDays));
    const { days, balance } = await this.partner.readUsage(clientId, Date.parse(from), observedAt);
    const value: PartnerAnswer = { from, days };
    const origin = { source: PARTNER, scope: 'client', observedAt } as const;
    await this.requirements.keep(phoneNumberId, { ...origin, name: READING.conversations, value });
    if (balance) await this.requirements.keep(phoneNumberId, { ...origin, name: READING.balance, value: balance });
  }

  async #keepChannel(
    { phoneNumberId, displayPhoneNumber }: BusinessNumber,
    channel: PartnerChannel | null,
    observedAt: number,
  ): Promise<void> {
    if (!channel) return;
    const origin: Omit<Reading, 'name' | 'value'> = { source: PARTNER, scope: 'number', observedAt };
    if (channel.currentLimit) {
      const value: ReportedLimit = { limit: channel.currentLimit, event: null };
      await this.requirements.keep(phoneNumberId, { ...origin, name: READING.limit, value });
    }
    if (channel.onBusinessApp !== null) {
      const value: ReportedCoexistence = { onBusinessApp: channel.onBusinessApp };
      await this.requirements.keep(phoneNumberId, { ...origin, name: READING.coexistence, value });
    }
    await this.numbers.learn(phoneNumberId, { channelId: channel.id, clientId: channel.clientId });
    // Until a webhook has named the number, the partner's channel gives its country.
    const digits = channel.phoneNumber?.replace(/\D/g, '') || null;
    if (digits !== null && displayPhoneNumber === null) await this.numbers.learn(phoneNumberId, { displayPhoneNumber: digits });
  }

  /** An owner who asks for a poll gets what is read now. */
  #freshSince(phoneNumberId: string, cause: Cause): number {
    const now = this.clock.now();
    if (cause === 'request') return now + 1;
    const { pollCron: cron, timeZone } = this.settings.of(phoneNumberId);
    const interval = nextSlot({ cron, timeZone }, null, now) - momentBefore({ cron, timeZone }, now);
    return now - Math.min(interval / 2, LONGEST_FRESH_MS);
  }
}
