import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

/** The size of a page. */
export class PageSizeDto {
  /** The page size: at most so many items, 1 to 200. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;
}

/** The query of a list: the page size and where the page begins. */
export class LimitDto extends PageSizeDto {
  /** The `next_cursor` of the previous page. */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  cursor?: string;
}
