import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import type { CatalogueEntry } from '#error-catalogue/catalogue.js';
import { allEntries } from '#error-catalogue/lookup.js';

const KINDS = [...new Set(allEntries().map(({ kind }) => kind))].sort();
const STATUSES = [...new Set(allEntries().map(({ status }) => status))].sort((a, b) => a - b);

export class ErrorsQueryDto {
  /** Only entries of this kind. */
  @IsOptional()
  @IsIn(KINDS)
  kind?: CatalogueEntry['kind'];

  /** Only entries that the gateway tells with this HTTP status. */
  @IsOptional()
  @Type(() => Number)
  @IsIn(STATUSES)
  status?: number;

  /** How many entries at most, 1 to 200; the whole catalogue fits on one page. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 200;

  /** The `next_cursor` of the page before. */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  cursor?: string;
}
