import type { OurNumber } from './our-number.js';

type Source = 'D360_API_KEY' | 'D360_PHONE_NUMBER_ID';

/** The API key or the configured id belongs to another number than the database; the process ends with exit code 78. */
export class OtherNumber extends Error {
  /** The database holds other numbers than the one that `source` names. */
  static thanKept(source: Source, phoneNumberId: string, kept: readonly string[]): OtherNumber {
    const [named, theirs] = [source === 'D360_API_KEY' ? 'the key of number' : 'number', `number ${kept.join(' or ')}`];
    return new OtherNumber(
      `${source} is ${named} ${phoneNumberId}, but DATABASE_URL points at a database of ${theirs}: set D360_API_KEY to the key of ${theirs}, or give number ${phoneNumberId} a database of its own`,
    );
  }

  /** 360dialog names another number for the API key than `configured`, the value of `D360_PHONE_NUMBER_ID`. */
  static thanConfigured(phoneNumberId: string, configured: string): OtherNumber {
    return new OtherNumber(
      `D360_API_KEY is the key of number ${phoneNumberId}, but D360_PHONE_NUMBER_ID is ${configured}: set D360_API_KEY to the key of number ${configured}, or correct D360_PHONE_NUMBER_ID`,
    );
  }
}

/**
 * Compares the number that 360dialog names for the key with the configured one and with those of the database.
 * @param named null when 360dialog has named none
 * @throws OtherNumber
 */
export function assertSameNumber(named: string | null, configured: string | null, numbers: readonly OurNumber[]): void {
  const kept = numbers.map(({ phoneNumberId }) => phoneNumberId);
  const isOther = (phoneNumberId: string): boolean => kept.length > 0 && !kept.includes(phoneNumberId);
  if (named !== null && configured !== null && named !== configured) throw OtherNumber.thanConfigured(named, configured);
  if (named !== null && isOther(named)) throw OtherNumber.thanKept('D360_API_KEY', named, kept);
  if (configured !== null && isOther(configured)) throw OtherNumber.thanKept('D360_PHONE_NUMBER_ID', configured, kept);
}
