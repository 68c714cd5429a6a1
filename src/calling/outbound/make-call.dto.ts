import { PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsString, Length, Matches, Max, Min, ValidateNested } from 'class-validator';
import { MayBeLeftOut } from '#api-conventions/fields.decorator.js';
import { UserInputDto, userOf } from '#api-conventions/user-input.dto.js';
import type { Lease } from '#calling/call/call.js';
import { checkedSession, SessionInputDto } from '#calling/call/command.view.js';
import { LEASE_HOLDER } from '#calling/lifecycle/lease.js';
import type { CallWish } from './outbound-call.service.js';
import { contentOf, RequestPermissionDto } from './permission-request.dto.js';

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

/** Both steps of an outbound call. */
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
