import type { OurNumber } from './our-number.js';

/** The API key or the configured id belongs to another number than the database; the process ends with exit code 78. */
export class OtherNumber extends Error {}

/**
 * Compares the number that 360dialog names for the key with the configured one and with those of the database.
 * @param named null when 360dialog has named none
 * @throws OtherNumber
 */
export function assertSameNumber(named: string | null, configured: string | null, numbers: readonly OurNumber[]): void {
  if (named !== null && configured !== null && named !== configured) {
    throw new OtherNumber(
      `D360_API_KEY is the key of number ${named}, but D360_PHONE_NUMBER_ID is ${configured}: set D360_API_KEY to the key of number ${configured}, or correct D360_PHONE_NUMBER_ID`,
    );
  }
  assertKept('D360_API_KEY is the key of number', named, numbers);
  assertKept('D360_PHONE_NUMBER_ID is number', configured, numbers);
}

function assertKept(source: string, phoneNumberId: string | null, numbers: readonly OurNumber[]): void {
  const kept = numbers.map((number) => number.phoneNumberId);
  if (phoneNumberId === null || !kept.length || kept.includes(phoneNumberId)) return;
  const theirs = `number ${kept.join(' or ')}`;
  throw new OtherNumber(
    `${source} ${phoneNumberId}, but DATABASE_URL points at a database of ${theirs}: set D360_API_KEY to the key of ${theirs}, or give number ${phoneNumberId} a database of its own`,
  );
}
