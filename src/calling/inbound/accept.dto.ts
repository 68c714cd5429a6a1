import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { MayBeLeftOut } from '#api-conventions/fields.decorator.js';
import { CallIdDto, SessionInputDto } from '#calling/call/command.view.js';

/** A call and, if no pre-accept was sent, the SDP answer. */
export class AcceptDto extends CallIdDto {
  /** Left out after a pre-accept: the gateway sends the same SDP again, as Meta requires. */
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => SessionInputDto)
  session?: SessionInputDto;
}
