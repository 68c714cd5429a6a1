import type { DatabaseUrl } from '#config/read-database.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { entryOf, fill } from '#error-catalogue/lookup.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { assertSameNumber, OtherNumber } from '#numbers/other-number.js';
import { openBeside } from '#store/open-store.js';
import { type CliFinding, finding } from './finding.js';

/** The numbers of the gateway's database; none where there is no database yet, or none that can be read: the key alone is enough. */
export async function keptNumbers(database: DatabaseUrl): Promise<OurNumber[]> {
  const store = await openBeside(database).catch(() => null);
  if (store === null) return [];
  return NumbersService.keptIn(store)
    .catch(() => [])
    .finally(() => store.close());
}

/** With the key of another number the gateway does not start. @returns null unless the key, the configuration and the database name different numbers */
export function otherNumberFault(
  named: string | null,
  configured: string | null,
  kept: readonly OurNumber[],
  language: Language,
): CliFinding | null {
  try {
    assertSameNumber(named, configured, kept);
    return null;
  } catch (error) {
    if (!(error instanceof OtherNumber)) throw error;
    const words = entryOf(error.code)?.[language];
    return finding('configuration', 'fail', language, {
      code: error.code,
      cause: words ? fill(words.detail, error.params) : error.sentence,
      remedy: words ? fill(words.remedy, error.params) : null,
    });
  }
}
