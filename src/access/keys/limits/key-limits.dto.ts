import { Type } from 'class-transformer';
import { IsInt, IsObject, IsOptional, Matches, Max, Min, ValidateBy, ValidateNested } from 'class-validator';
import { said } from '#api-conventions/fields.decorator.js';
import { invalidField } from '#api-conventions/invalid-field.js';
import { isIntlTimeZone } from '#kernel/calendar/local-time.js';
import type { KeyLimits } from './key-limits.js';

/** More than a key can do in a day. */
const MOST_A_DAY = 1_000_000;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** A member that may be left out, and where `null` is a value of its own. */
const IsMemberOrNull = (): PropertyDecorator => IsOptional();

const IsTimeOfDay = (): PropertyDecorator =>
  Matches(TIME, said('must be a time of day as HH:MM, such as 21:00', 'debe ser una hora del día como HH:MM, por ejemplo 21:00'));

/** The hours of each day in which a key places no call and sends no permission request. */
export class QuietHoursDto {
  /** The first minute, such as `21:00`. */
  @IsTimeOfDay()
  from: string;
  /** The end, such as `08:00`; before `from` it is that of the next day. */
  @IsTimeOfDay()
  until: string;
  /** An IANA time zone; left out or null: `COMPLIANCE_TIME_ZONE`. */
  @IsMemberOrNull()
  @ValidateBy(
    {
      name: 'isZone',
      validator: { validate: (value: unknown) => typeof value === 'string' && value.length <= 64 && isIntlTimeZone(value) },
    },
    said('must be an IANA time zone such as America/Mexico_City', 'debe ser una zona horaria de IANA, como America/Mexico_City'),
  )
  time_zone?: string | null;
}

/** What a key may do in a day of `COMPLIANCE_TIME_ZONE`, counted over all replicas from when the limit is set. What is left out or null has no limit. */
export class KeyLimitsInputDto {
  /** Dials; 0 for none. */
  @IsMemberOrNull()
  @IsInt()
  @Min(0)
  @Max(MOST_A_DAY)
  dials_per_day?: number | null;
  /** Permission requests; 0 for none. */
  @IsMemberOrNull()
  @IsInt()
  @Min(0)
  @Max(MOST_A_DAY)
  asks_per_day?: number | null;
  /** When the key places no call and sends no permission request. */
  @IsMemberOrNull()
  @IsObject()
  @ValidateNested()
  @Type(() => QuietHoursDto)
  quiet_hours?: QuietHoursDto | null;
}

/** The limits of a key. */
export class KeyLimitsDto {
  /** Dials per day; `null` without a limit. */
  dials_per_day: number | null;
  /** Permission requests per day; `null` without a limit. */
  asks_per_day: number | null;
  /** When the key places no call and sends no permission request; `null` for never. */
  quiet_hours: ShownQuietHoursDto | null;
}

/** Quiet hours as they are kept. */
export class ShownQuietHoursDto {
  /** The first minute. */
  from: string;
  /** The end. */
  until: string;
  /** `null` for `COMPLIANCE_TIME_ZONE`. */
  time_zone: string | null;
}

/** @throws Problem `invalid_request` for quiet hours without length */
export function keyLimitsOf(dto: KeyLimitsInputDto | null): KeyLimits | null {
  const { dials_per_day = null, asks_per_day = null, quiet_hours: quiet = null } = dto ?? {};
  if (quiet && quiet.from === quiet.until) {
    throw invalidField(
      'limits.quiet_hours.until',
      'must differ from from; suspend a key that shall do nothing at all',
      'debe ser distinto de from; suspenda la clave que no deba hacer nada',
    );
  }
  if (dials_per_day === null && asks_per_day === null && quiet === null) return null;
  return {
    dials_per_day,
    asks_per_day,
    quiet_hours: quiet && { from: quiet.from, until: quiet.until, time_zone: quiet.time_zone ?? null },
  };
}
