import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { rfc3339 } from '#kernel/clock.js';
import type { ApiKeyPosition, ApiKeyRecord } from './api-keys.store.js';

const CURSOR = /^([0-9a-z]{1,11})-(key_[0-9A-Za-z]+)$/;

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
}

export class ListApiKeysDto {
  /** How many keys at most, 1 to 200. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;

  /** The `next_cursor` of the page before. */
  @IsOptional()
  @Matches(CURSOR, { message: 'cursor must be the next_cursor of an earlier answer' })
  cursor?: string;
}

export class ApiKeyDto {
  id: string;
  name: string;
  scopes: Scope[];
  /** `environment`: set by API_KEY; `first`: made at the first start; `api`: made through the API. */
  source: 'environment' | 'first' | 'api';
  created_at: string;
  /** To the minute; `null` when the key was never used. */
  last_used_at: string | null;
}

export class MadeApiKeyDto extends ApiKeyDto {
  /** The key itself. It is shown this once and kept only as a digest. */
  key: string;
}

export class ApiKeyListDto {
  data: ApiKeyDto[];
  /** `null` on the last page. */
  next_cursor: string | null;
}

export const toApiKeyDto = (key: ApiKeyRecord): ApiKeyDto => ({
  id: key.id,
  name: key.name,
  scopes: key.scopes,
  source: key.source,
  created_at: rfc3339(key.createdAt),
  last_used_at: rfc3339(key.lastUsedAt),
});

/** `found` may hold one key more than `limit`: then there is a next page. */
export function toApiKeyList(found: readonly ApiKeyRecord[], limit: number): ApiKeyListDto {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { data: shown.map(toApiKeyDto), next_cursor: last ? `${last.createdAt.toString(36)}-${last.id}` : null };
}

export function toPosition(cursor: string | undefined): ApiKeyPosition | null {
  const [, createdAt, id] = CURSOR.exec(cursor ?? '') ?? [];
  return createdAt && id ? { createdAt: Number.parseInt(createdAt, 36), id } : null;
}
