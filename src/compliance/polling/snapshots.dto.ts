import { IsOptional, IsString, Length } from 'class-validator';
import { LimitDto } from '#api-conventions/list-query.dto.js';

/** Selects a business number. */
export class OfNumberDto {
  /** Which business number; the configured one when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  phone_number_id?: string;
}

/** A page of the polls of one business number. */
export class SnapshotsQueryDto extends LimitDto {
  /** Which business number; the configured one when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  phone_number_id?: string;
}
