import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { rfc3339 } from '#kernel/clock.js';
import { CONSOLE_HEADER } from './same-origin.js';
import { IDLE_MS, MAX_TOKEN_SECONDS } from './session.js';
import type { Issued } from './sessions.service.js';
import type { SessionRecord } from './sessions.store.js';

/** What a token in a page may never do: make keys that outlive it, or erase people. */
const NOT_FOR_PAGES: readonly Scope[] = ['keys:admin', 'data:erase'];
const PAGE_SCOPES = ALL_SCOPES.filter((scope) => !NOT_FOR_PAGES.includes(scope));

export class SignInDto {
  /** An API key. */
  @IsString()
  @Length(1, 512)
  key: string;

  /** Who sits in front of the browser, as others should see it; the key's name when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 60)
  @Matches(/\S/)
  name?: string;
}

export class CsrfDto {
  /** The header that every request but GET must carry beside the cookie. */
  header: string;
  value: string;
}

export class SessionDto {
  id: string;
  /** Shown as `claimed_by` on a call that this session takes. */
  name: string;
  /** The id of the API key it lives on. */
  key_id: string;
  scopes: Scope[];
  mode: 'live' | 'simulator';
  csrf: CsrfDto;
  created_at: string;
  /** The end, however much it is used. */
  expires_at: string;
  /** It ends after so many seconds without a request or an open event stream. */
  idle_seconds: number;
}

export class CreateTokenDto {
  /** What the token may do; no more than the key, and never `keys:admin` or `data:erase`. */
  @ArrayNotEmpty()
  @ArrayMaxSize(ALL_SCOPES.length)
  @ArrayUnique()
  @IsIn(PAGE_SCOPES, { each: true })
  scopes: Scope[];

  /** How long it lives, 1 to 900. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_TOKEN_SECONDS)
  ttl_seconds = MAX_TOKEN_SECONDS;
}

export class TokenDto {
  /** `Authorization: Bearer <token>`. Shown this once. */
  token: string;
  scopes: Scope[];
  expires_at: string;
}

export const toSessionDto = (session: SessionRecord, mode: SessionDto['mode']): SessionDto => ({
  id: session.id,
  name: session.name,
  key_id: session.keyId,
  scopes: session.scopes,
  mode,
  csrf: { header: CONSOLE_HEADER.name, value: CONSOLE_HEADER.value },
  created_at: rfc3339(session.createdAt),
  expires_at: rfc3339(session.expiresAt),
  idle_seconds: IDLE_MS / 1_000,
});

export const toTokenDto = ({ session, text }: Issued): TokenDto => ({
  token: text,
  scopes: session.scopes,
  expires_at: rfc3339(session.expiresAt),
});
