import { Type } from 'class-transformer';
import {
  Equals,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { validateCronExpression } from 'cron';
import { MayBeLeftOut, said } from '#api-conventions/fields.decorator.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import type { ForwardTarget } from '#identity/numbers/business-number.js';
import { isIntlTimeZone } from '#kernel/calendar/local-time.js';
import { Secret } from '#kernel/secret.js';
import type { NewNumber } from './adding/new-numbers.service.js';
import type { WantedChange } from './changing/number-changes.service.js';

const URL_LENGTH = 2_048;
/** A longer one fits no header. */
const KEY_LENGTH = 512;
const MOST_HEADERS = 20;
const HEADER_NAME = /^[!#$%&'*+.^_`|~\dA-Za-z-]{1,100}$/;
const HEADER_VALUE = /^[\x20-\x7e]{0,1024}$/;
/** What the connection and the forwarding itself set. */
const RESERVED = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const isHeaders = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length <= MOST_HEADERS &&
  Object.entries(value).every(
    ([name, text]) => HEADER_NAME.test(name) && !RESERVED.has(name.toLowerCase()) && typeof text === 'string' && HEADER_VALUE.test(text),
  );

const IsCron = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isCron',
      validator: { validate: (value: unknown) => typeof value === 'string' && value.length <= 100 && validateCronExpression(value).valid },
    },
    said('must be a cron expression such as */15 * * * *', 'debe ser una expresión cron, como */15 * * * *'),
  );

const IsZone = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isZone',
      validator: { validate: (value: unknown) => typeof value === 'string' && value.length <= 64 && isIntlTimeZone(value) },
    },
    said('must be an IANA time zone such as America/Mexico_City', 'debe ser una zona horaria de IANA, como America/Mexico_City'),
  );

const IsHeaders = (): PropertyDecorator =>
  ValidateBy(
    { name: 'isHeaders', validator: { validate: isHeaders } },
    said(
      'must be an object of at most 20 texts by the names of headers, such as {"X-Secret":"…"}, without those of the connection',
      'debe ser un objeto de hasta 20 textos por nombre de encabezado, como {"X-Secret":"…"}, sin los de la conexión',
    ),
  );

/** A member that may be left out, and where `null` is a value of its own. */
const IsOptionalOrNull = (): PropertyDecorator => IsOptional();

/** Where the deliveries of a number are forwarded. */
export class GivenForwardDto {
  /**
   * Where deliveries are posted: `https:`, a public host, port 443 or from 1024 on.
   * @format uri
   */
  @IsString()
  @Length(1, URL_LENGTH)
  url: string;
  /** Headers of each post by name, at most 20; their values are kept sealed and never shown. */
  @IsOptional()
  @IsObject()
  @IsHeaders()
  headers?: Record<string, string>;
}

/** Settings of the number's own; members that are left out stay, and null is the gateway's. */
export class GivenSettingsDto {
  /** An IANA time zone. */
  @IsOptionalOrNull()
  @IsZone()
  time_zone?: string | null;
  /** When to poll. */
  @IsOptionalOrNull()
  @IsCron()
  poll_cron?: string | null;
  /** When to write reports. */
  @IsOptionalOrNull()
  @IsCron()
  report_cron?: string | null;
  /** How long calls are kept, in days. */
  @IsOptionalOrNull()
  @IsInt()
  @Min(1)
  @Max(3_650)
  retention_days?: number | null;
  /** Which limits of Meta's hold. */
  @IsOptionalOrNull()
  @IsIn(['production', 'sandbox'])
  permission_policy?: 'production' | 'sandbox' | null;
  /** How many conversations the requirement asks for. */
  @IsOptionalOrNull()
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  required_conversations?: number | null;
  /** Only null in this release. */
  @ValidateIf((_, value) => value !== undefined)
  @Equals(null)
  recording?: null;
  /** Only null in this release. */
  @ValidateIf((_, value) => value !== undefined)
  @Equals(null)
  media?: null;
}

/** A number to add. */
export class AddNumberDto {
  /** The number's key at 360dialog. It is kept sealed and never shown. */
  @IsString()
  @Length(8, KEY_LENGTH)
  @Matches(/^[\x21-\x7e]+$/)
  api_key: string;
  /** What it is called here, at most 100 characters. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string | null;
  /** Your own word for it, at most 256 characters. */
  @IsOptional()
  @IsString()
  @Length(1, 256)
  reference?: string | null;
  /** `show` says what to register at 360dialog; `register` registers it. */
  @MayBeLeftOut()
  @IsIn(['show', 'register'])
  webhook?: 'show' | 'register' = 'show';
  /** The address that the registration may replace, as it was shown. */
  @IsOptional()
  @IsString()
  @Length(1, URL_LENGTH)
  replaces?: string | null;
  /** Where its deliveries are forwarded. */
  @IsOptional()
  @ValidateNested()
  @Type(() => GivenForwardDto)
  forward?: GivenForwardDto | null;
  /** What it has of its own. */
  @MayBeLeftOut()
  @ValidateNested()
  @Type(() => GivenSettingsDto)
  settings?: GivenSettingsDto;
}

/** A change of a number; members that are left out stay. */
export class ChangeNumberDto {
  /** What it is called here; null for nothing. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string | null;
  /** Your own word for it; null for none. */
  @IsOptional()
  @IsString()
  @Length(1, 256)
  reference?: string | null;
  /** `paused` stops dials, permission requests and `call.incoming`; webhooks and live calls go on. */
  @MayBeLeftOut()
  @IsIn(['active', 'paused'])
  state?: 'active' | 'paused';
  /** A new key of the same number; 360dialog is asked first. */
  @MayBeLeftOut()
  @IsString()
  @Length(8, KEY_LENGTH)
  @Matches(/^[\x21-\x7e]+$/)
  api_key?: string;
  /** Where its deliveries are forwarded; null to stop it. */
  @IsOptional()
  @ValidateNested()
  @Type(() => GivenForwardDto)
  forward?: GivenForwardDto | null;
  /** What it has of its own. */
  @MayBeLeftOut()
  @ValidateNested()
  @Type(() => GivenSettingsDto)
  settings?: GivenSettingsDto;
}

/** The query of the list of numbers. */
export class ListNumbersDto extends LimitDto {
  /** Only numbers whose key 360dialog refused or that cannot be read, or whose webhooks go elsewhere. */
  @IsOptional()
  @IsIn(['true', 'false'])
  unhealthy?: 'true' | 'false';
}

/** How the webhook of a number is registered. */
export class RegisterWebhookDto {
  /** `true` shows what would be replaced and changes nothing. */
  @MayBeLeftOut()
  @IsBoolean()
  dry_run?: boolean = false;
  /** The address that may be replaced, as it was shown. */
  @IsOptional()
  @IsString()
  @Length(1, URL_LENGTH)
  replaces?: string | null;
}

/** How a number is removed. */
export class RemoveNumberDto {
  /** `true` deletes its calls, reports and people now; it needs `data:erase`, too. */
  @IsOptional()
  @IsIn(['true', 'false'])
  erase?: 'true' | 'false';
}

export const newNumberOf = (dto: AddNumberDto): NewNumber => ({
  apiKey: new Secret(dto.api_key),
  name: dto.name ?? null,
  reference: dto.reference ?? null,
  forward: forwardOf(dto.forward) ?? null,
  settings: { ...dto.settings },
  registration: dto.webhook === 'register' ? { replaces: dto.replaces ?? null } : null,
});

export const wantedChangeOf = (dto: ChangeNumberDto): WantedChange => ({
  name: dto.name,
  reference: dto.reference,
  state: dto.state,
  apiKey: dto.api_key === undefined ? undefined : new Secret(dto.api_key),
  forward: forwardOf(dto.forward),
  settings: dto.settings && { ...dto.settings },
});

function forwardOf(dto: GivenForwardDto | null | undefined): ForwardTarget | null | undefined {
  return dto && { url: dto.url, headers: { ...dto.headers } };
}
