import type { Person } from '#identity/person.js';

/** The WhatsApp user, under every identifier that Meta has reported. */
export class AddressedUserDto {
  /** The phone number as bare digits; null for a user with a hidden number. */
  wa_id: string | null;
  /** The user as the request names them. */
  input: string;
  /** Business-scoped user id (BSUID). */
  user_id: string | null;
  /** The BSUID of the parent business account. */
  parent_user_id: string | null;
  /** The WhatsApp user name. */
  username: string | null;
  /** The name in the user's profile. */
  name: string | null;
}

/** A user as the API shows them; every identifier of an unknown person is null. */
export const toUserDto = <T extends string | null>(person: Person | undefined, input: T) => ({
  wa_id: person?.waId ?? null,
  input,
  user_id: person?.userId ?? null,
  parent_user_id: person?.parentUserId ?? null,
  username: person?.username ?? null,
  name: person?.name ?? null,
});
