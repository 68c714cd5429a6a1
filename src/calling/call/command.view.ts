import { Type } from 'class-transformer';
import { IsIn, IsObject, IsString, Length, Matches, ValidateNested } from 'class-validator';
import { AtLeastOneOf, MayBeLeftOut } from '#api-conventions/fields.decorator.js';
import type { Session } from '#dialog360/fact.js';
import { checkSession } from '#dialog360/sdp.js';
import { Problem } from '#kernel/problem.js';

/** A session description as Meta writes it. The gateway repairs escaped and bare line ends. */
export class SessionInputDto {
  /** `offer` when you call, `answer` when you are called. */
  @IsIn(['offer', 'answer'])
  sdp_type: 'offer' | 'answer';

  /** SDP (RFC 8866): audio only, a sha-256 fingerprint, at most 64 KiB. */
  @IsString()
  @Length(1, 65_536)
  sdp: string;
}

/** Which call: the gateway's id or Meta's `wacid`, either under either name. */
@AtLeastOneOf('id', 'call_id')
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

  /** The business number of the call; only checked to be the gateway's. */
  @MayBeLeftOut()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string;
}

/** A call and an SDP for it. */
export class CallSessionDto extends CallIdDto {
  /** Your SDP: an offer for `connect`, an answer for `pre-accept`. */
  @ValidateNested()
  @IsObject()
  @Type(() => SessionInputDto)
  session: SessionInputDto;
}

/** A call and, if no pre-accept was sent, the SDP answer. */
export class AcceptDto extends CallIdDto {
  /** Left out after a pre-accept: the gateway sends the same SDP again, as Meta requires. */
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => SessionInputDto)
  session?: SessionInputDto;
}

/** A checked session of the wanted type. @throws Problem `invalid_request` naming each fault */
export function checkedSession(input: SessionInputDto, wanted: Session['sdp_type']): Session {
  const checked = checkSession(input, wanted);
  if ('errors' in checked) throw new Problem('invalid_request', { errors: checked.errors });
  return checked.session;
}
