import { Injectable } from '@nestjs/common';
import { isSamePhone, PartnerChannelsService } from '#compliance/polling/partner/partner-channels.service.js';
import { PartnerClient } from '#compliance/sources/partner.client.js';
import type { PartnerChannel } from '#compliance/sources/partner-usage.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock, MINUTE } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { Secret } from '#kernel/secret.js';
import { Lines } from '#numbers/lines.js';
import { Store, type Tx } from '#store/store.js';
import type { AddedNumber } from '../adding/new-numbers.service.js';
import { NumberChangesService } from '../changing/number-changes.service.js';

/** So old a list of channels may be: polls read it as often. */
export const FRESH_CHANNELS_MS = 15 * MINUTE;

/** Which channels of the partner are numbers of this gateway already. */
@Injectable()
export class OwnChannelsService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly channels: PartnerChannelsService,
    private readonly changes: NumberChangesService,
    private readonly lines: Lines,
    private readonly store: Store,
    private readonly partner: PartnerClient,
    private readonly clock: Clock,
  ) {}

  /** A channel as it was read last, if that is young; else it is read now. @throws Problem `not_found`, and as `PartnerClient.readChannel` */
  async find(channelId: string): Promise<PartnerChannel> {
    const kept = await this.channels.kept();
    const isYoung = kept !== null && kept.observedAt > this.clock.now() - FRESH_CHANNELS_MS;
    const known = isYoung ? kept.channels.find(({ id }) => id === channelId) : undefined;
    const channel = known ?? (await this.partner.readChannel(channelId, 'client'));
    if (!channel) throw new Problem('not_found');
    return channel;
  }

  /** By the id of the channel, the number that it is. */
  async ofChannels(channels: readonly PartnerChannel[]): Promise<ReadonlyMap<string, BusinessNumber>> {
    await this.numbers.refresh();
    return new Map(
      this.numbers.all().flatMap((number) => {
        const channel = this.channels.channelOf(number, { channels });
        return channel ? [[channel.id, number]] : [];
      }),
    );
  }

  /**
   * Refuses to make a key of a number that we have: it would revoke the key that the number uses. A number of which the display number is unknown is asked for it.
   * @throws Problem `number_exists`, `number_unproven` while it is unknown whether the channel is one of ours
   */
  async assertNotOurs(channel: PartnerChannel): Promise<void> {
    await this.numbers.refresh();
    for (const { phoneNumberId, displayPhoneNumber } of this.numbers.all())
      if (displayPhoneNumber === null) await this.#learnDisplay(phoneNumberId);
    const ours = this.numbers.all().find((number) => {
      if (number.channelId !== null) return number.channelId === channel.id;
      return number.displayPhoneNumber !== null && isSamePhone(channel.phoneNumber, number.displayPhoneNumber);
    });
    if (ours) throw new Problem('number_exists', { extra: { phone_number_id: ours.phoneNumberId } });
    const isDoubtful = ({ channelId, displayPhoneNumber, wabaId }: BusinessNumber): boolean =>
      channelId === null &&
      (displayPhoneNumber === null || channel.phoneNumber === null) &&
      (wabaId === null || channel.wabaId === null || wabaId === channel.wabaId);
    const doubtful = this.numbers.all().find(isDoubtful);
    if (doubtful) throw new Problem('number_unproven', { params: { message: `${doubtful.phoneNumberId}: display number` } });
  }

  /**
   * When the key turns out to be that of a number that we have, its earlier key is revoked by now: the number gets the new one.
   * @throws the error itself otherwise, and for the number of the environment, whose key stands in the settings
   */
  async rekeyed(error: unknown, apiKey: Secret, within: (tx: Tx) => Promise<void>): Promise<AddedNumber> {
    const id = error instanceof Problem && error.code === 'number_exists' ? error.extra.phone_number_id : null;
    const known = typeof id === 'string' ? this.numbers.byId(id) : null;
    if (!known || known.source === 'environment') throw error;
    const number = await this.changes.change(known, { apiKey });
    await this.store.write(within);
    return { number, pinned: [], exempt: [], register: null, problem: null, present: null };
  }

  async #learnDisplay(phoneNumberId: string): Promise<void> {
    try {
      const { digits, id } = await this.lines.of(phoneNumberId).readDisplayNumber();
      if (digits !== null && (id === null || id === phoneNumberId)) await this.numbers.learn(phoneNumberId, { displayPhoneNumber: digits });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
}
