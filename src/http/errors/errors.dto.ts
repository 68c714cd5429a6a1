import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import type { CatalogueEntry } from '#error-catalogue/catalogue.js';
import { allEntries } from '#error-catalogue/lookup.js';

const KINDS = [...new Set(allEntries().map(({ kind }) => kind))].sort();
const STATUSES = [...new Set(allEntries().map(({ status }) => status))].sort((a, b) => a - b);

/** The query of the list of error codes. */
export class ErrorsQueryDto {
  /** Only entries of this kind. */
  @IsOptional()
  @IsIn(KINDS)
  kind?: CatalogueEntry['kind'];

  /** Only entries that the gateway answers with this HTTP status. */
  @IsOptional()
  @Type(() => Number)
  @IsIn(STATUSES)
  status?: number;

  /** The page size, 1 to 200; the default of 200 holds the whole catalogue. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 200;

  /** The `next_cursor` of the previous page. */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  cursor?: string;
}
