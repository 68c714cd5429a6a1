import { PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { MayBeLeftOut } from '#api-conventions/fields.decorator.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { rfc3339 } from '#kernel/clock.js';
import type { ApiKeyRecord } from './api-keys.store.js';
import { KeyLimitsDto, KeyLimitsInputDto } from './limits/key-limits.dto.js';

/** More than a gateway has. */
const MOST_NUMBERS = 2_000;

/** A key to make. */
export class CreateApiKeyDto {
  /** What the key is for, such as the name of the consumer. */
  @IsString()
  @Length(1, 100)
  name: string;

  /** What the key may do; no more than the key that makes it. */
  @ArrayNotEmpty()
  @ArrayMaxSize(ALL_SCOPES.length)
  @ArrayUnique()
  @IsIn(ALL_SCOPES, { each: true })
  scopes: Scope[];

  /**
   * The ids of the numbers that the key reaches; `null` for all, later ones too. With more than one number it must be given. A key with
   * a list makes keys within its own list only.
   */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_NUMBERS)
  @ArrayUnique()
  @Matches(/^\d{5,30}$/, { each: true })
  numbers?: string[] | null;

  /** What the key may do in a day; left out or `null`: as much as it likes. A key that has limits itself makes no key that dials or asks. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => KeyLimitsInputDto)
  limits?: KeyLimitsInputDto | null;
}

/** A change of a key: at least one of its members; what is left out stays. */
export class ChangeApiKeyDto {
  /** The ids of the numbers that the key reaches from now on; `null` for all, later ones too. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_NUMBERS)
  @ArrayUnique()
  @Matches(/^\d{5,30}$/, { each: true })
  numbers?: string[] | null;

  /** What the key may do in a day from now on, in place of all its limits; `null`: as much as it likes. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => KeyLimitsInputDto)
  limits?: KeyLimitsInputDto | null;

  /** `true`: the key is refused from the next request on. `false`: it is in use again. */
  @MayBeLeftOut()
  @IsBoolean()
  suspended?: boolean;
}

/** The query of the list of keys. */
export class ListApiKeysDto extends PickType(LimitDto, ['limit']) {
  /** The `next_cursor` of the previous page. */
  @IsOptional()
  @IsString()
  cursor?: string;
}

/** A key without its secret. */
export class ApiKeyDto {
  /** `key_…` */
  id: string;
  /** What the key is for. */
  name: string;
  /** What the key may do. */
  scopes: Scope[];
  /** The ids of the numbers that the key reaches; `null` for all, later ones too. */
  numbers: string[] | null;
  /** What the key may do in a day; `null` without limits. */
  limits: KeyLimitsDto | null;
  /** Whether the key is refused until its suspension is undone. */
  suspended: boolean;
  /** `environment`: set by API_KEY; `first`: made at the first start; `api`: made through the API. */
  source: 'environment' | 'first' | 'api';
  /** RFC 3339. */
  created_at: string;
  /** To the minute; `null` when the key was never used. */
  last_used_at: string | null;
}

/** A new key with its secret. */
export class MadeApiKeyDto extends ApiKeyDto {
  /** The key itself. It is shown this once and kept only as a digest. */
  key: string;
}

/** A deleted key, and what stopped with it. */
export class DeletedApiKeyDto {
  /** `key_…` */
  id: string;
  /** How many subscriptions delivered for this key and are paused now. */
  subscriptions_paused: number;
}

/** A page of keys. */
export class ApiKeyListDto {
  /** Oldest first. */
  data: ApiKeyDto[];
  /** `null` on the last page. */
  next_cursor: string | null;
}

export const toApiKeyDto = ({ suspended_at, ...key }: ApiKeyRecord): ApiKeyDto => ({
  ...key,
  suspended: suspended_at !== null,
  created_at: rfc3339(key.created_at),
  last_used_at: rfc3339(key.last_used_at),
});
