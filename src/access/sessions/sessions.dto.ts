import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { rfc3339 } from '#kernel/clock.js';
import { CONSOLE_HEADER } from './same-origin.js';
import { IDLE_MS, MAX_TOKEN_SECONDS } from './session.js';
import type { Issued } from './sessions.service.js';
import type { SessionRecord } from './sessions.store.js';

/** What a token in a page may never do: make keys that outlive it, or erase people. */
const NOT_FOR_PAGES: readonly Scope[] = ['keys:admin', 'data:erase', 'data:export'];
const PAGE_SCOPES = ALL_SCOPES.filter((scope) => !NOT_FOR_PAGES.includes(scope));

/** A sign-in to the console. */
export class SignInDto {
  /** An API key. */
  @IsString()
  @Length(1, 512)
  key: string;

  /** The operator's name, which other operators see; the key's name when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 60)
  @Matches(/\S/)
  name?: string;
}

/** What protects the session against requests from other pages. */
export class CsrfDto {
  /** The header that every request but GET must carry beside the cookie. */
  header: string;
  /** The value of that header. */
  value: string;
}

/** A signed-in browser. */
export class SessionDto {
  /** `ses_…` */
  id: string;
  /** Shown as `claimed_by` on a call that this session takes. */
  name: string;
  /** The id of the API key it lives on. */
  key_id: string;
  /** What the session may do; no more than its key. */
  scopes: Scope[];
  /** The ids of the numbers that its key reaches; `null` for all. */
  numbers: string[] | null;
  /** `simulator`: no real call is made. */
  mode: 'live' | 'simulator';
  /** The header that requests with side effects need. */
  csrf: CsrfDto;
  /** RFC 3339. */
  created_at: string;
  /** The latest end, RFC 3339; the idle timeout may end it sooner. */
  expires_at: string;
  /** The idle timeout: seconds without a request or an open event stream. */
  idle_seconds: number;
}

/** A browser token to make. */
export class CreateTokenDto {
  /** What the token may do; no more than the key, and never `keys:admin` or `data:erase`. */
  @ArrayNotEmpty()
  @ArrayMaxSize(ALL_SCOPES.length)
  @ArrayUnique()
  @IsIn(PAGE_SCOPES, { each: true })
  scopes: Scope[];

  /** Seconds until it ends, 1 to 900; 900 when left out. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_TOKEN_SECONDS)
  ttl_seconds = MAX_TOKEN_SECONDS;
}

/** A browser token. */
export class TokenDto {
  /** `Authorization: Bearer <token>`. Shown this once. */
  token: string;
  /** What the token may do. */
  scopes: Scope[];
  /** RFC 3339. */
  expires_at: string;
}

export const toSessionDto = (session: SessionRecord, mode: SessionDto['mode']): SessionDto => ({
  id: session.id,
  name: session.name,
  key_id: session.api_key_id,
  scopes: session.scopes,
  numbers: session.numbers,
  mode,
  csrf: { header: CONSOLE_HEADER.name, value: CONSOLE_HEADER.value },
  created_at: rfc3339(session.created_at),
  expires_at: rfc3339(session.expires_at),
  idle_seconds: IDLE_MS / 1_000,
});

export const toTokenDto = ({ session, text }: Issued): TokenDto => ({
  token: text,
  scopes: session.scopes,
  expires_at: rfc3339(session.expires_at),
});
