import type { OurNumber } from '#identity/numbers/our-number.js';
import { Problem } from '#kernel/problem.js';

/** The API key or the configured id belongs to another number than the database; the process ends with exit code 78. */
export class OtherNumber extends Problem {
  constructor(
    readonly sentence: string,
    named: string,
    expected: string,
  ) {
    super('other_number', { params: { named, expected } });
    this.message = sentence;
  }
}

/**
 * Compares the number that 360dialog names for the key with the configured one and with those of the database.
 * @param named null when 360dialog has named none
 * @throws OtherNumber
 */
export function assertSameNumber(named: string | null, configured: string | null, numbers: readonly OurNumber[]): void {
  if (named !== null && configured !== null && named !== configured) {
    const sentence = `D360_API_KEY is the key of number ${named}, but D360_PHONE_NUMBER_ID is ${configured}: set D360_API_KEY to the key of number ${configured}, or correct D360_PHONE_NUMBER_ID`;
    throw new OtherNumber(sentence, named, configured);
  }
  assertKept('D360_API_KEY is the key of number', named, numbers);
  assertKept('D360_PHONE_NUMBER_ID is number', configured, numbers);
}

function assertKept(source: string, phoneNumberId: string | null, numbers: readonly OurNumber[]): void {
  const kept = numbers.map((number) => number.phoneNumberId);
  if (phoneNumberId === null || !kept.length || kept.includes(phoneNumberId)) return;
  const ours = kept.join(' or ');
  throw new OtherNumber(
    `${source} ${phoneNumberId}, but DATABASE_URL points at a database of number ${ours}: set D360_API_KEY to the key of number ${ours}, give number ${phoneNumberId} a database of its own, or put it in that one's place with \`npm run numbers -- replace-environment\``,
    phoneNumberId,
    ours,
  );
}
