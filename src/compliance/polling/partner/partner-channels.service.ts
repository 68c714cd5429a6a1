import { Inject, Injectable } from '@nestjs/common';
import { PartnerStatementsService } from '#compliance/eligibility/shared/partner-statements.service.js';
import { PartnerClient } from '#compliance/sources/partner.client.js';
import type { PartnerChannel } from '#compliance/sources/partner-usage.js';
import { Settings } from '#config/settings.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { Clock } from '#kernel/clock.js';
import { phoneKey } from '#kernel/wa-id.js';
import { PartnerReadsService } from './partner-reads.service.js';

/** The channels of the partner as they were read. */
export interface ReadChannels {
  channels: readonly PartnerChannel[];
  /** In ms since 1970. */
  observedAt: number;
}

const NAME = 'partner_channels';

/** What a number says of itself that finds its channel. */
type Sought = Pick<OurNumber, 'displayPhoneNumber' | 'wabaId' | 'source'> & { channelId: string | null };

/** The channels of the partner: read as a whole, once for all numbers, and kept with their age. */
@Injectable()
export class PartnerChannelsService {
  constructor(
    private readonly partner: PartnerClient,
    private readonly statements: PartnerStatementsService,
    private readonly reads: PartnerReadsService,
    private readonly numbers: NumbersService,
    @Inject(Settings) private readonly settings: Pick<Settings, 'partner'>,
    private readonly clock: Clock,
  ) {}

  /** What was read last; null when it never was, or without a partner. */
  async kept(): Promise<ReadChannels | null> {
    const { partner } = this.settings;
    return partner && this.statements.find<PartnerChannel[]>(partner.id, NAME).then(toChannels);
  }

  /** Reads the channels in their turn, unless those that are kept are younger. @throws Problem as `PartnerReadsService.refresh` */
  async refreshed(freshSince: number): Promise<{ how: 'read' | 'kept'; read: ReadChannels | null }> {
    const how = await this.reads.refresh({
      key: NAME,
      freshSince,
      readAt: async () => (await this.kept())?.observedAt ?? null,
      read: () => this.#read('reading'),
    });
    return { how, read: await this.kept() };
  }

  /** Reads the channels for a client of this gateway, which waits. @throws Problem `rate_limited`, `partner_permission_denied`, `upstream_unavailable` … */
  async readNow(): Promise<ReadChannels | null> {
    await this.#read('client');
    return this.kept();
  }

  /** The channel of a number: the one that it is known to be, else the one with its display number, else the only one of its account. */
  channelOf(number: Sought, { channels }: Pick<ReadChannels, 'channels'>): PartnerChannel | null {
    const configured = number.source === 'environment' ? (this.settings.partner?.channelId ?? null) : null;
    const id = configured ?? number.channelId;
    if (id !== null) return channels.find((channel) => channel.id === id) ?? null;
    const { displayPhoneNumber, wabaId } = number;
    if (displayPhoneNumber !== null) return channels.find(({ phoneNumber }) => isSamePhone(phoneNumber, displayPhoneNumber)) ?? null;
    const ofAccount = wabaId === null ? [] : channels.filter((channel) => channel.wabaId === wabaId);
    return ofAccount.length === 1 ? (ofAccount[0] ?? null) : null;
  }

  async #read(urgency: 'reading' | 'client'): Promise<void> {
    const { partner } = this.settings;
    const observedAt = this.clock.now();
    const channels = await this.partner.readChannels(urgency);
    if (partner) await this.statements.keep(partner.id, { name: NAME, source: 'partner_api', value: channels, observedAt });
    for (const number of this.numbers.all()) {
      const channel = this.channelOf(number, { channels });
      if (channel) await this.numbers.learn(number.phoneNumberId, { channelId: channel.id, clientId: channel.clientId });
    }
  }
}

/** Whether a number that 360dialog writes is this one, in bare digits. */
export const isSamePhone = (written: string | null, digits: string): boolean =>
  written !== null && phoneKey(written.replace(/\D/g, '')) === phoneKey(digits);

const toChannels = (kept: { value: PartnerChannel[]; observedAt: number } | null): ReadChannels | null =>
  kept && { channels: kept.value, observedAt: kept.observedAt };
