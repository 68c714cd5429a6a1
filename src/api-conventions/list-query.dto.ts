import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

/** What every list takes. */
export class LimitDto {
  /** How many items at most, 1 to 200. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;

  /** The `next_cursor` of the page before. */
  @IsOptional()
  @IsString()
  @Length(1, 500)
  cursor?: string;
}
