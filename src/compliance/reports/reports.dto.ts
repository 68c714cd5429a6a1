import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { FORMATS, type Format } from './page/format.js';

export class ReportsQueryDto extends LimitDto {
  /** Which business number; the configured one when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  phone_number_id?: string;
}

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
