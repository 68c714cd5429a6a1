import { IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { NumberQueryDto } from '#api-conventions/list-query.dto.js';
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

/** The format and the language in which the gateway returns a report. */
export class ReportQueryDto extends IntersectionType(ReportFormatDto, NumberQueryDto) {}
