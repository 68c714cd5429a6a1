/**
 * Identifiers of WhatsApp users. A `wa_id` is a phone number as bare digits. A BSUID (business-scoped user id) such as
 * `MX.1000…` or, for a parent, `BR.ENT.2000…` stands for a user without a visible number.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids (2026-03)
 */

/** E.164 in any usual writing as bare digits; `undefined` when it is no phone number of 7 to 15 digits. */
export function phoneDigits(written: string): string | undefined {
  if (!/^\s*\+?[\d\s.()\-\u2010-\u2015\u00a0]*$/.test(written)) return undefined;
  const digits = written.replace(/\D/g, '');
  return /^[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
}

const BSUID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{5,128}$/;
/** With digits alone, as every BSUID that was seen, its letters may be in lower case. With letters it might be a word. */
const LOWER_BSUID = /^[a-z]{2}\.(?:ent\.)?\d{5,128}$/i;

/**
 * A BSUID in its one writing: the two letters of a country, a point, and up to 128 letters and digits; that of a parent business
 * account has `ENT.` between. Undefined for anything else.
 */
const bsuid = (written: string): string | undefined => {
  if (BSUID.test(written)) return written;
  return LOWER_BSUID.test(written) ? written.toUpperCase() : undefined;
};

export const isBsuid = (value: string): boolean => bsuid(value) !== undefined;

/**
 * One key for every writing of one phone. In three countries a phone has two numbers on WhatsApp: Mexico (`52` / `521`),
 * Argentina (`54` / `549`) and Brazil (with and without the ninth digit of mobiles). A Brazilian landline, with eight
 * digits that begin with 2 to 5, has one.
 */
export function phoneKey(digits: string): string {
  if (/^521\d{10}$/.test(digits)) return `52${digits.slice(3)}`;
  if (/^549\d{10}$/.test(digits)) return `54${digits.slice(3)}`;
  if (/^55\d{2}9[^2-5]\d{7}$/.test(digits)) return `${digits.slice(0, 4)}${digits.slice(5)}`;
  return digits;
}

/** Every number that WhatsApp may use for this phone: its key, and the second one in these countries. */
export function phoneWritings(digits: string): string[] {
  const key = phoneKey(digits);
  const writings = [digits, key];
  if (/^5[24]\d{10}$/.test(key)) writings.push(`${key.slice(0, 2)}${key.startsWith('52') ? '1' : '9'}${key.slice(2)}`);
  if (/^55\d{2}[^2-5]\d{7}$/.test(key)) writings.push(`${key.slice(0, 4)}9${key.slice(4)}`);
  return [...new Set(writings)];
}

/** An address under which a person is found: `phone:<key>` or `bsuid:<id>`. */
export type PersonAddress = `phone:${string}` | `bsuid:${string}`;

export const phoneAddress = (digits: string): PersonAddress => `phone:${phoneKey(digits)}`;
export const bsuidAddress = (id: string): PersonAddress => `bsuid:${id}`;

/** The ids of one user by their kinds, as every reader reports them. */
export type UserIds = Record<'waId' | 'userId' | 'parentUserId', string | null>;

/** Reads a user as any source writes one: a phone number in any writing, or a BSUID. The one place that tells the two apart. */
export function readUser(written: string): { waId: string } | { userId: string } | undefined {
  const trimmed = written.trim();
  const userId = bsuid(trimmed);
  if (userId !== undefined) return { userId };
  const waId = phoneDigits(trimmed);
  return waId === undefined ? undefined : { waId };
}

/** An id with its kind, by its form and wherever it stands; undefined for a text of neither form. */
export function readUserId(written: string): { kind: keyof UserIds; id: string } | undefined {
  const user = readUser(written);
  if (!user) return undefined;
  if ('waId' in user) return { kind: 'waId', id: user.waId };
  return { kind: user.userId.includes('.ENT.') ? 'parentUserId' : 'userId', id: user.userId };
}
