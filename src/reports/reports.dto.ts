import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { LimitDto } from '#rest/list-query.dto.js';

export const FORMATS = ['json', 'csv', 'html'] as const;
export type Format = (typeof FORMATS)[number];

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

const MEDIA: readonly (readonly [string, Format])[] = [
  ['text/html', 'html'],
  ['text/csv', 'csv'],
  ['application/json', 'json'],
];

/** What an `Accept` header asks for first; JSON when it asks for nothing we have. */
export function formatOf(accept: string | undefined): Format {
  for (const range of (accept ?? '').toLowerCase().split(',')) {
    const format = MEDIA.find(([type]) => range.trim().startsWith(type))?.[1];
    if (format) return format;
  }
  return 'json';
}
