import { Injectable } from '@nestjs/common';
import { toPage } from '#api-conventions/list.js';
import { PartnerChannelsService, type ReadChannels } from '#compliance/polling/partner/partner-channels.service.js';
import { PartnerClient } from '#compliance/sources/partner.client.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { Clock, rfc3339 } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { AdoptionsService } from './adoptions.service.js';
import { FRESH_CHANNELS_MS, OwnChannelsService } from './own-channels.service.js';
import { type PartnerChannelListDto, toAdoptionDto, toPartnerChannelDto } from './partner.dto.js';

/** Shows the channels of the partner with what this gateway has of them. */
@Injectable()
export class ShownChannelsService {
  constructor(
    private readonly channels: PartnerChannelsService,
    private readonly partner: PartnerClient,
    private readonly own: OwnChannelsService,
    private readonly adoptions: AdoptionsService,
    private readonly clock: Clock,
  ) {}

  /**
   * A page of channels, by their ids.
   * @param after the id of the last one that was shown; null from the beginning
   * @throws Problem `insufficient_scope` for a key that is limited to some numbers, `partner_not_configured`, and why they cannot be read while none are kept
   */
  async list(by: NumberReach, wanted: { limit: number; after: string | null; refresh: boolean }): Promise<PartnerChannelListDto> {
    if (by.numbers !== null) throw new Problem('insufficient_scope', { params: { scope: 'numbers:admin' } });
    if (!this.partner.configured) throw new Problem('partner_not_configured');
    const { read, reason } = await this.#read(wanted.refresh);
    const [numbers, unfinished] = await Promise.all([this.own.ofChannels(read.channels), this.adoptions.unfinished()]);
    const shown = unfinished.map((adoption) => toAdoptionDto(adoption, this.adoptions.isHeld(adoption)));
    const sorted = [...read.channels].sort((one, other) => (one.id < other.id ? -1 : 1));
    const page = toPage(
      sorted.filter(({ id }) => wanted.after === null || id > wanted.after).slice(0, wanted.limit + 1),
      wanted.limit,
      ({ id }) => [id],
      (channel) =>
        toPartnerChannelDto(channel, numbers.get(channel.id) ?? null, shown.find(({ channel_id }) => channel_id === channel.id) ?? null),
    );
    return { ...page, observed_at: rfc3339(read.observedAt), reason, unfinished: shown };
  }

  /** Reads them when they are old; while that fails those that are kept are shown, with their age. */
  async #read(refresh: boolean): Promise<{ read: ReadChannels; reason: string | null }> {
    const kept = await this.channels.kept();
    if (kept && !refresh && kept.observedAt > this.clock.now() - FRESH_CHANNELS_MS) return { read: kept, reason: null };
    try {
      const read = await this.channels.readNow();
      if (read) return { read, reason: null };
    } catch (error) {
      if (!kept || !(error instanceof Problem)) throw error;
      return { read: kept, reason: error.code };
    }
    throw new Problem('partner_not_configured');
  }
}
