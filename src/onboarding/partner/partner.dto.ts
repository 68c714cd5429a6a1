import { Equals, IsIn, IsOptional, IsString, Length, ValidateIf } from 'class-validator';
import { MayBeLeftOut } from '#api-conventions/fields.decorator.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import type { PartnerChannel } from '#compliance/sources/partner-usage.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { rfc3339 } from '#kernel/clock.js';
import type { WantedAdoption } from './adoptions.service.js';
import type { UnfinishedAdoption } from './adoptions.store.js';

/** The query of the list of channels. */
export class ListChannelsDto extends LimitDto {
  /** `true` reads them anew; otherwise a list that is younger than 15 minutes is shown. */
  @IsOptional()
  @IsIn(['true', 'false'])
  refresh?: 'true' | 'false';
}

/** How a channel is adopted. */
export class AdoptChannelDto {
  /** Your word that every earlier key of the channel may be revoked: what uses one of them stops working. Without it the answer is 409 `would_revoke_keys`. */
  @ValidateIf((_, value) => value !== undefined)
  @Equals(true)
  revoke_existing_keys?: true;
  /** `show` says what to register at 360dialog; `register` registers it. */
  @MayBeLeftOut()
  @IsIn(['show', 'register'])
  webhook?: 'show' | 'register' = 'show';
  /** The address that the registration may replace, as it was shown. */
  @IsOptional()
  @IsString()
  @Length(1, 2_048)
  replaces?: string | null;
}

/** A number of this gateway that is a channel. */
export class NumberOfChannelDto {
  /** Meta's id of the number. */
  phone_number_id: string;
  /** Whether it is in use. */
  state: 'active' | 'paused' | 'removing';
}

/** An adoption that has not kept its number. */
export class AdoptionDto {
  /** The channel, by its id at 360dialog. */
  channel_id: string;
  /**
   * `in_progress`: a request is at it. `key_kept`: a key was made and is kept; the gateway tries again each minute to keep the number, and so does an adoption, which
   * makes no other key. `key_unknown`: it is unknown whether a key was made; only an adoption with `revoke_existing_keys` ends that.
   */
  state: 'in_progress' | 'key_kept' | 'key_unknown';
  /** When it was asked for (RFC 3339). */
  begun_at: string;
  /** Why the latest attempt did not keep the number, a code of the error catalogue; null when none has failed. */
  fault: string | null;
}

/** A channel of the partner. What the partner leaves out is null. */
export class PartnerChannelDto {
  /** 360dialog's id of the channel. */
  id: string;
  /** 360dialog's id of its client. */
  client_id: string | null;
  /** The number as bare digits. */
  display_phone_number: string | null;
  /** The name that is shown with the number. */
  name: string | null;
  /** As 360dialog writes it, such as `running`. */
  status: string | null;
  /** Meta's id of the account (WABA). */
  waba_id: string | null;
  /** The messaging limit in 360dialog's word, such as `TIER_2K`. */
  messaging_limit: string | null;
  /** Whether the number is still in the WhatsApp Business app. */
  on_business_app: boolean | null;
  /** The number that this gateway has of it; null when it has none. */
  number: NumberOfChannelDto | null;
  /** An adoption that has not kept its number; null without one. */
  adoption: AdoptionDto | null;
}

/** A page of channels, by their ids. */
export class PartnerChannelListDto {
  /** The channels of this page. */
  data: PartnerChannelDto[];
  /** `null` on the last page. */
  next_cursor: string | null;
  /** When the channels were read (RFC 3339). */
  observed_at: string;
  /** Why they could not be read again, a code of the error catalogue; null when nothing failed. */
  reason: string | null;
  /** Every adoption that has not kept its number, the oldest first, also of channels that are not listed any more. */
  unfinished: AdoptionDto[];
}

export const wantedAdoptionOf = (dto: AdoptChannelDto): WantedAdoption => ({
  revokesKeys: dto.revoke_existing_keys === true,
  registration: dto.webhook === 'register' ? { replaces: dto.replaces ?? null } : null,
});

/** @param isHeld whether a request may be at it now */
export function toAdoptionDto(adoption: UnfinishedAdoption, isHeld: boolean): AdoptionDto {
  const known = adoption.state === 'made' ? 'key_kept' : 'key_unknown';
  return {
    channel_id: adoption.channelId,
    state: isHeld ? 'in_progress' : known,
    begun_at: rfc3339(adoption.begunAt),
    fault: isHeld || adoption.state === 'made' ? adoption.fault : 'channel_key_unknown',
  };
}

export const toPartnerChannelDto = (
  channel: PartnerChannel,
  number: BusinessNumber | null,
  adoption: AdoptionDto | null,
): PartnerChannelDto => ({
  id: channel.id,
  client_id: channel.clientId,
  display_phone_number: channel.phoneNumber?.replace(/\D/g, '') || null,
  name: channel.phoneName,
  status: channel.status,
  waba_id: channel.wabaId,
  messaging_limit: channel.currentLimit,
  on_business_app: channel.onBusinessApp,
  number: number && { phone_number_id: number.phoneNumberId, state: number.state },
  adoption,
});
