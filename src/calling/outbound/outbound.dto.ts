import { PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsString, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { MayBeLeftOut } from '#api-conventions/fields.decorator.js';
import { UserInputDto, userOf } from '#api-conventions/user-input.dto.js';
import type { Lease } from '#calling/call/call.js';
import { checkedSession, SessionInputDto } from '#calling/call/command.view.js';
import { LEASE_HOLDER } from '#calling/lifecycle/lease.js';
import type { CallWish } from './outbound-call.service.js';
import { contentOf } from './request-content.js';

/** Step one alone: a request without a call, to the user that `to` or `recipient` names. */
export class RequestPermissionDto extends UserInputDto {
  /** Your text above the permission buttons; only inside the 24-hour window. */
  @MayBeLeftOut()
  @IsString()
  @Length(1, 1024)
  body?: string;

  /** Meta's own template object; needed outside the 24-hour window. */
  @MayBeLeftOut()
  @IsObject()
  template?: Record<string, unknown>;
}

/** The result of request-permission. */
export class PermissionRequestedDto {
  /** The business number that asked. */
  phone_number_id: string;
  /** The user's phone number; null for a user with a hidden number. */
  wa_id: string | null;
  /** The user's business-scoped user id (BSUID); null while Meta has not reported one. */
  user_id: string | null;
  /** `wamid.…`; null when 360dialog did not respond, so that it is unknown whether the user was asked. */
  message_id: string | null;
  /** `unknown` when 360dialog did not respond. */
  status: 'sent' | 'unknown';
}

/** How to ask the user for permission. */
export class PermissionRequestInputDto extends PickType(RequestPermissionDto, ['body']) {
  /** `never` answers 409 `permission_required` instead of asking. Default `if_needed`. */
  @MayBeLeftOut()
  @IsIn(['if_needed', 'never'])
  mode?: 'if_needed' | 'never';

  /** Meta's own template object `{ name, language: { code }, components? }`; needed outside the 24-hour window. */
  @MayBeLeftOut()
  @IsObject()
  template?: Record<string, unknown>;
}

/** Both steps of an outbound call, to the user that `to` or `recipient` names. */
export class MakeCallDto extends UserInputDto {
  /** Your offer. Without it a call with permission waits in `ready` for `connect`. */
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => SessionInputDto)
  session?: SessionInputDto;

  /** How to ask the user for permission, if that is needed. */
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => PermissionRequestInputDto)
  permission_request?: PermissionRequestInputDto;

  /** Your own reference of the call, at most 256 characters; never sent to Meta. */
  @MayBeLeftOut()
  @IsString()
  @Length(1, 256)
  reference?: string;

  /** End the call when it is not answered within this time: 10 to 604,800 seconds. The configured deadlines by default. */
  @MayBeLeftOut()
  @IsInt()
  @Min(10)
  @Max(604_800)
  give_up_after_seconds?: number;

  /**
   * For a softphone: the name of its window. The gateway leases the call to it from the dial on and ends the call when the
   * window is gone, see `PUT /api/calling/calls/{id}/lease`. Servers leave it out.
   */
  @MayBeLeftOut()
  @IsString()
  @Matches(LEASE_HOLDER)
  lease_holder?: string;
}

/** The wish of a request, checked. @throws Problem `invalid_request` naming the field */
export function callWishOf(dto: MakeCallDto, lease: Lease | null): CallWish {
  return {
    phoneNumberId: dto.phone_number_id,
    ...userOf(dto),
    session: dto.session ? checkedSession(dto.session, 'offer') : null,
    mayAskUser: dto.permission_request?.mode !== 'never',
    content: contentOf(dto.permission_request, 'permission_request.'),
    reference: dto.reference ?? null,
    giveUpAfterMs: dto.give_up_after_seconds === undefined ? null : dto.give_up_after_seconds * 1000,
    lease,
  };
}
