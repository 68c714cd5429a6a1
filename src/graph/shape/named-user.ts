import { type FieldError, Problem } from '#kernel/problem.js';
import { type JsonRecord, text } from '#kernel/read.js';
import { readUser } from '#kernel/wa-id.js';
import { fieldError } from './field-errors.js';

/** The user that a request names. */
export interface NamedUser {
  user: { waId: string } | { userId: string };
  /** As the client wrote it. */
  input: string;
}

/**
 * The user in the first of these members that is there: of `to` and `recipient`, `to` wins.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/business-initiated-calls (2026-06-26)
 * @throws Problem `invalid_request` naming the member
 */
export function readNamedUser(given: JsonRecord, members: readonly [string, ...string[]]): NamedUser {
  const member = members.find((name) => text(given[name]) !== undefined);
  const input = member === undefined ? '' : (text(given[member]) ?? '');
  const user = readUser(input);
  if (user) return { user, input };
  throw new Problem('invalid_request', { errors: [fault(member ?? members[0])] });
}

const fault = (member: string): FieldError =>
  fieldError(
    member,
    'must be a phone number of 7 to 15 digits with its country code, or a business-scoped user id',
    'debe ser un número de teléfono de 7 a 15 dígitos con código de país, o un id de usuario de empresa (BSUID)',
  );
