import { IsIn, IsObject, IsOptional, Matches } from 'class-validator';
import { MayBeLeftOut } from '#api-conventions/fields.decorator.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Changed, SettingsView } from './calling-settings.service.js';

/** Query of the settings. */
export class SettingsQueryDto {
  /** The business number; the configured one when left out. */
  @IsOptional()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string;

  /** `true` reads again from 360dialog, and fails rather than return an older value. */
  @IsOptional()
  @IsIn(['true', 'false'])
  refresh?: 'true' | 'false';
}

/** A change of the calling settings. */
export class SettingsPatchDto {
  /**
   * The members to change, in Meta's own shape. `call_hours` may be given in part: what is left out of it, the holidays
   * above all, stays; `holiday_schedule: []` clears them. Members that only Meta sets may be left in as they
   * were read and are not sent; otherwise they are refused by name.
   */
  @IsObject()
  calling: Record<string, unknown>;

  /** The business number; the configured one when left out. */
  @MayBeLeftOut()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string;
}

/** The number's calling settings. */
export class CallingSettingsDto {
  /** Meta's own `calling` object, without SIP passwords. */
  calling: object;
  /** The business number. */
  phone_number_id: string;
  /** When 360dialog reported them; null when a change was taken but could not be read again. */
  observed_at: string | null;
}

/** The settings after a change. */
export class ChangedSettingsDto extends CallingSettingsDto {
  /** What the change does, and what it does not, in the language of `Accept-Language`. */
  effects: string[];
}

export const toSettingsDto = ({ calling, observedAt }: SettingsView, phoneNumberId: string): CallingSettingsDto => ({
  calling,
  phone_number_id: phoneNumberId,
  observed_at: rfc3339(observedAt),
});

export const toChangedDto = (changed: Changed, phoneNumberId: string, language: Language): ChangedSettingsDto => ({
  ...toSettingsDto(changed, phoneNumberId),
  effects: changed.effects.map((effect) => effect[language]),
});
