import { IsOptional, IsString, Length } from 'class-validator';
import { LimitDto } from '#api-conventions/list-query.dto.js';

export class OfNumberDto {
  /** Which business number; the configured one when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  phone_number_id?: string;
}

export class SnapshotsQueryDto extends LimitDto {
  /** Which business number; the configured one when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  phone_number_id?: string;
}
