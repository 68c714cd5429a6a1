import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { FORMATS, type Format } from './page/format.js';

/** A page of the reports of one business number. */
export class ReportsQueryDto extends LimitDto {
  /** Which business number; the configured one when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  phone_number_id?: string;
}

/** The format and the language in which the gateway returns a report. */
export class ReportQueryDto {
  /** Goes before `Accept`: `json`, `csv`, or `html`, a page with charts that prints well. */
  @IsOptional()
  @IsIn(FORMATS)
  format?: Format;

  /** The language of the page; `Accept-Language` when left out. */
  @IsOptional()
  @IsIn(['en', 'es'])
  lang?: 'en' | 'es';

  /** Which business number; the configured one when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  phone_number_id?: string;
}
