import { IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, ValidateBy } from 'class-validator';
import { said } from '#api-conventions/fields.decorator.js';
import { LimitDto, NumberQueryDto } from '#api-conventions/list-query.dto.js';
import { isIntlTimeZone } from '#kernel/calendar/local-time.js';
import { FORMATS, type Format } from './page/format.js';
import { EVERY, type Every } from './periods/span.js';

const isDay = (value: unknown): boolean =>
  typeof value === 'string' && /^20\d\d-\d\d-\d\d$/.test(value) && new Date(`${value}T00:00:00Z`).toJSON()?.slice(0, 10) === value;

const IsCalendarDay = (): PropertyDecorator =>
  ValidateBy(
    { name: 'isCalendarDay', validator: { validate: isDay } },
    said('must be a day such as 2026-11-22', 'debe ser un día como 2026-11-22'),
  );

const IsReaderZone = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isReaderZone',
      validator: { validate: (value: unknown) => typeof value === 'string' && value.length <= 64 && isIntlTimeZone(value) },
    },
    said('must be an IANA time zone such as America/Mexico_City', 'debe ser una zona horaria de IANA, como America/Mexico_City'),
  );

/** How a report is shown. */
export class ReportFormatDto {
  /** Goes before `Accept`: `json`, `csv`, or `html`, a page with charts that prints well. */
  @IsOptional()
  @IsIn(FORMATS)
  format?: Format;

  /** The language of the page; `Accept-Language` when left out. */
  @IsOptional()
  @IsIn(['en', 'es'])
  lang?: 'en' | 'es';

  /** The IANA time zone in which the page shows times; that of the number when left out. */
  @IsOptional()
  @IsReaderZone()
  time_zone?: string;
}

/** Selects some numbers. */
export class SomeNumbersQueryDto {
  /** Which business numbers, separated by commas; all that the key reaches when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 16_000)
  phone_number_id?: string;
}

/** A page of reports of some numbers. */
export class ListReportsDto extends IntersectionType(LimitDto, SomeNumbersQueryDto) {}

/** The numbers of an overview, its format and its language. */
export class OverviewQueryDto extends IntersectionType(ReportFormatDto, SomeNumbersQueryDto) {}

/** The days of a report, its numbers, its format and its language. */
export class PeriodQueryDto extends OverviewQueryDto {
  /** A day, a week from Monday to Sunday, or a month. */
  @IsOptional()
  @IsIn(EVERY)
  every: Every = 'day';

  /**
   * Any day of it, `YYYY-MM-DD`; the latest with reports to its end when left out.
   * @format date
   */
  @IsOptional()
  @IsCalendarDay()
  date?: string;
}

/** The format and the language in which the gateway returns a report. */
export class ReportQueryDto extends IntersectionType(ReportFormatDto, NumberQueryDto) {}
