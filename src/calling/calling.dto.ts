import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsString, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { MayBeLeftOut } from '#api-conventions/fields.decorator.js';
import { UserInputDto, userOf } from '#api-conventions/user-input.dto.js';
import type { Lease } from '#calling/call/call.js';
import { HOLDER } from '#calling/lifecycle/lease.js';
import type { CallWish } from '#calling/outbound/outbound-call.service.js';
import type { RequestContent } from '#calling/outbound/permission-request.service.js';
import type { Session } from '#dialog360/fact.js';
import { checkSession } from '#dialog360/sdp.js';
import type { TemplateObject } from '#dialog360/wire.js';
import { type FieldError, Problem } from '#kernel/problem.js';
import { record } from '#kernel/read.js';

/** A session description as Meta writes it. Escaped or bare line ends are mended. */
export class SessionInputDto {
  /** `offer` when you call, `answer` when you are called. */
  @IsIn(['offer', 'answer'])
  sdp_type: 'offer' | 'answer';

  /** SDP (RFC 8866): audio only, a sha-256 fingerprint, at most 64 KiB. */
  @IsString()
  @Length(1, 65_536)
  sdp: string;
}

/** How to ask for permission. */
export class PermissionRequestInputDto {
  /** `never` answers 409 `permission_required` instead of asking. Default `if_needed`. */
  @MayBeLeftOut()
  @IsIn(['if_needed', 'never'])
  mode?: 'if_needed' | 'never';

  /** Your words above the permission buttons; only inside the 24-hour window. */
  @MayBeLeftOut()
  @IsString()
  @Length(1, 1024)
  body?: string;

  /** Meta's own template object `{ name, language: { code }, components? }`; needed outside the 24-hour window. */
  @MayBeLeftOut()
  @IsObject()
  template?: Record<string, unknown>;
}

/** Both steps of an outbound call. */
export class MakeCallDto extends UserInputDto {
  /** Your offer. Without it a call with permission waits in `ready` for `connect`. */
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => SessionInputDto)
  session?: SessionInputDto;

  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => PermissionRequestInputDto)
  permission_request?: PermissionRequestInputDto;

  /** Your own word for the call, at most 256 characters; it is never sent to Meta. */
  @MayBeLeftOut()
  @IsString()
  @Length(1, 256)
  reference?: string;

  /** Give the call up when nobody has answered after so many seconds, 10 to 604,800. */
  @MayBeLeftOut()
  @IsInt()
  @Min(10)
  @Max(604_800)
  give_up_after_seconds?: number;

  /**
   * For a softphone: what its window calls itself. The call is then leased to it from the dial on and ended when the window
   * is gone, see `PUT /api/calling/calls/{id}/lease`. Servers leave it out.
   */
  @MayBeLeftOut()
  @IsString()
  @Matches(HOLDER)
  lease_holder?: string;
}

/** Only step one. */
export class RequestPermissionDto extends UserInputDto {
  /** Your words above the permission buttons; only inside the 24-hour window. */
  @MayBeLeftOut()
  @IsString()
  @Length(1, 1024)
  body?: string;

  /** Meta's own template object; needed outside the 24-hour window. */
  @MayBeLeftOut()
  @IsObject()
  template?: Record<string, unknown>;
}

/** Which call: the gateway's id or Meta's `wacid`, either under either name. */
export class CallIdDto {
  /** The gateway's id (`call_…`) or the `wacid`. */
  @MayBeLeftOut()
  @IsString()
  @Length(1, 512)
  id?: string;

  /** Meta's `wacid`, or the gateway's id. */
  @MayBeLeftOut()
  @IsString()
  @Length(1, 512)
  call_id?: string;

  @MayBeLeftOut()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string;
}

/** A call and an SDP for it. */
export class CallSessionDto extends CallIdDto {
  @ValidateNested()
  @IsObject()
  @Type(() => SessionInputDto)
  session: SessionInputDto;
}

/** A call and, if no pre-accept was sent, the SDP answer. */
export class AcceptDto extends CallIdDto {
  /** Left out after a pre-accept: the same SDP is sent again, as Meta requires. */
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => SessionInputDto)
  session?: SessionInputDto;
}

/** What request-permission answers. */
export class PermissionRequestedDto {
  phone_number_id: string;
  /** The user's phone number; null for a user whose number is not shown. */
  wa_id: string | null;
  user_id: string | null;
  /** `wamid.…`; null when 360dialog's answer was lost, so that nobody knows whether the user was asked. */
  message_id: string | null;
  status: 'sent' | 'unknown';
}

/** The id of a call however it was given. @throws Problem `invalid_request` naming `id` */
export function callIdOf({ id, call_id }: CallIdDto): string {
  const given = id ?? call_id;
  if (given === undefined || (id !== undefined && call_id !== undefined && id !== call_id)) {
    throw invalid('id', 'give id or call_id, one of both', 'indique id o call_id, uno de los dos');
  }
  return given;
}

/** A checked session of the wanted type. @throws Problem `invalid_request` naming what is wrong in it */
export function sessionOf(input: SessionInputDto, wanted: Session['sdp_type']): Session {
  const checked = checkSession(input, wanted);
  if ('errors' in checked) throw new Problem('invalid_request', { errors: checked.errors });
  return checked.session;
}

export function askingOf(input: { body?: string; template?: Record<string, unknown> } | undefined, field: string): RequestContent {
  const asking: RequestContent = {};
  if (input?.body !== undefined) asking.body = input.body;
  if (input?.template !== undefined) asking.template = templateOf(input.template, field);
  if (asking.body !== undefined && asking.template !== undefined) {
    throw invalid(`${field}template`, 'give body or template, not both', 'indique body o template, no ambos');
  }
  return asking;
}

/** Meta's own object passes untouched; only what Meta always refuses is refused here. */
function templateOf(template: Record<string, unknown>, field: string): TemplateObject {
  const errors: FieldError[] = [];
  const fault = (name: string, en: string, es: string) => errors.push({ field: `${field}template.${name}`, message: { en, es } });
  const needed = { name: template.name, 'language.code': record(template.language)?.code };
  for (const [name, value] of Object.entries(needed)) {
    if (typeof value !== 'string' || value === '') fault(name, 'must be a text', 'debe ser un texto');
  }
  if (template.components !== undefined && !Array.isArray(template.components)) fault('components', 'must be a list', 'debe ser una lista');
  if (errors.length) throw new Problem('invalid_request', { errors });
  return template as unknown as TemplateObject;
}

export function wishOf(dto: MakeCallDto, lease: Lease | null): CallWish {
  return {
    phoneNumberId: dto.phone_number_id,
    ...userOf(dto),
    session: dto.session ? sessionOf(dto.session, 'offer') : null,
    mayAskUser: dto.permission_request?.mode !== 'never',
    asking: askingOf(dto.permission_request, 'permission_request.'),
    reference: dto.reference ?? null,
    giveUpAfterMs: dto.give_up_after_seconds === undefined ? null : dto.give_up_after_seconds * 1000,
    lease,
  };
}

const invalid = (field: string, en: string, es: string): Problem =>
  new Problem('invalid_request', { errors: [{ field, message: { en, es } }] });
