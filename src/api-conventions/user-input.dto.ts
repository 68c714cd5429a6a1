import { Matches } from 'class-validator';
import { readUser } from '#kernel/wa-id.js';
import { IsUserId, IsUserPhone, MayBeLeftOut } from './fields.decorator.js';
import { invalidField } from './invalid-field.js';

/** The user to act on: exactly one of `to` and `recipient`. */
export class UserInputDto {
  /** The user's phone number with country code, in any usual writing. */
  @MayBeLeftOut()
  @IsUserPhone()
  to?: string;

  /** The user's business-scoped user id (BSUID), for users who hide their phone number. */
  @MayBeLeftOut()
  @IsUserId()
  recipient?: string;

  /** The business number to call from; the configured one when left out. */
  @MayBeLeftOut()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string;
}

/** The user that the client names. @throws Problem `invalid_request` unless exactly one of `to` and `recipient` is given */
export function userOf({ to, recipient }: UserInputDto): { user: { waId: string } | { userId: string | null }; input: string } {
  if ((to === undefined) === (recipient === undefined))
    throw invalidField('to', 'give to or recipient, exactly one of both', 'indique to o recipient, exactamente uno de los dos');
  const input = to ?? recipient ?? '';
  return { user: readUser(input) ?? { userId: null }, input };
}

/** A user as a path or a query names them. @throws Problem `invalid_request` naming `user` */
export function requireUser(written: string): { waId: string } | { userId: string } {
  const user = readUser(written);
  if (user) return user;
  throw invalidField(
    'user',
    'must be a phone number of 7 to 15 digits or a business-scoped user id',
    'debe ser un número de teléfono de 7 a 15 dígitos o un id de usuario de empresa (BSUID)',
  );
}
