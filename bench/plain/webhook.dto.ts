import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsOptional, IsString, ValidateNested } from 'class-validator';

export class SessionDto {
  @IsIn(['offer', 'answer'])
  sdp_type: string;

  @IsString()
  sdp: string;
}

export class CallDto {
  @IsString()
  id: string;

  @IsString()
  from: string;

  @IsString()
  to: string;

  @IsIn(['connect', 'terminate'])
  event: string;

  @IsString()
  timestamp: string;

  @IsOptional()
  @IsString()
  direction?: string;

  @IsOptional()
  @IsString()
  status?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => SessionDto)
  session?: SessionDto;
}

export class MetadataDto {
  @IsString()
  phone_number_id: string;

  @IsString()
  display_phone_number: string;
}

export class ValueDto {
  @IsString()
  messaging_product: string;

  @ValidateNested()
  @Type(() => MetadataDto)
  metadata: MetadataDto;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CallDto)
  calls?: CallDto[];
}

export class ChangeDto {
  @IsString()
  field: string;

  @ValidateNested()
  @Type(() => ValueDto)
  value: ValueDto;
}

export class EntryDto {
  @IsString()
  id: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ChangeDto)
  changes: ChangeDto[];
}

export class WebhookDto {
  @IsString()
  object: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => EntryDto)
  entry: EntryDto[];
}
