import type { Element } from '#dialog360/fact.js';
import type { OurNumber } from '#identity/numbers/our-number.js';

/**
 * The key under which an element is known once it was applied for a number. One that names no number by id, such as about an account of
 * several, counts for each number to which it is delivered. The number of the environment has the plain key, as in releases with that number
 * alone.
 * @param number null for one of the environment that is in no row
 */
export function seenKeyOf({ key, phoneNumberId }: Pick<Element, 'key' | 'phoneNumberId'>, number: OurNumber | null): string {
  const isPlain = phoneNumberId !== null || number === null || (number.source ?? 'environment') === 'environment';
  return isPlain ? key : `${key}:${number.phoneNumberId}`;
}
