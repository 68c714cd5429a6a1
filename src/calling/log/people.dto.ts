import { OmitType, PickType } from '@nestjs/swagger';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { CallDto } from '#calling/call/call.view.js';
import { AddressedUserDto } from '#calling/permissions/user.view.js';

/** Whom to search for. */
export class PeopleQueryDto extends LimitDto {
  /**
   * Words of a name or a user name, each from its beginning, in any order, without regard to accents and case; a phone number, its beginning
   * or its last digits, with or without `+` and spaces; a BSUID; or the whole `reference` of a call. Of several words each must be found.
   */
  @IsString()
  @Length(1, 200)
  search: string;

  /** People of this business number; of all numbers of the key when left out. */
  @IsOptional()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string;
}

/** A person, under every identifier that Meta has reported. */
export class FoundUserDto extends OmitType(AddressedUserDto, ['input']) {}

/** The last call with a person. */
export class LastCallDto extends PickType(CallDto, [
  'id',
  'call_id',
  'direction',
  'state',
  'outcome',
  'created_at',
  'duration_seconds',
] as const) {}

/** A person who was found. */
export class FoundPersonDto {
  /** The person. */
  user: FoundUserDto;
  /** The business number that the person belongs to: who talks to two numbers is found twice. */
  phone_number_id: string;
  /** The newest call with the person that is kept; null without one. */
  last_call: LastCallDto | null;
}

/** A page of people: whose number, BSUID or call's reference was searched for comes first (of a reference at most 500), the others in the order of the word that was found. */
export class PeoplePageDto {
  /** The people. */
  data: FoundPersonDto[];
  /** Give it as `cursor` for the next page; null on the last one. */
  next_cursor: string | null;
  /** False in the first moments after a start, while people whom an older release has kept may be missing. */
  complete: boolean;
}
