import { IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { LimitDto, NumberQueryDto } from '#api-conventions/list-query.dto.js';
import { FORMATS, type Format } from './page/format.js';

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

/** The format and the language in which the gateway returns a report. */
export class ReportQueryDto extends IntersectionType(ReportFormatDto, NumberQueryDto) {}
