import type { Language } from '#error-catalogue/catalogue.js';
import { fill } from '#error-catalogue/lookup.js';

/** How much of the messaging limit of a number is used. */
export interface LimitUsage {
  /** Whose people are counted: those of all our numbers of the portfolio, or of the number alone while its portfolio is unknown. */
  scope: 'portfolio' | 'number';
  /** How many of our numbers have the limit together; null while the portfolio is unknown. */
  sharedBy: number | null;
  /** Who got a template outside of the 24 h window within 24 h, each person once; null while no webhook has reported any delivery. */
  people: number | null;
  /** Whether our deliveries reach back over the 24 h for each of the numbers. */
  complete: boolean;
}

/** The usage as every answer shows it. */
export const usageFields = ({ scope, sharedBy, people, complete }: LimitUsage) => ({
  scope,
  shared_by: sharedBy,
  people_24h: people,
  complete,
});

const TEXTS = {
  shared: { en: 'Shared by {numbers} numbers of this gateway', es: '{numbers} números de este gateway comparten el límite' },
  alone: { en: 'Shared with no other number of this gateway', es: 'Ningún otro número de este gateway comparte el límite' },
  unknown: { en: 'The portfolio is unknown; this number alone', es: 'Se desconoce el portafolio; solo este número' },
  reached: { en: '{people} people reached in 24 h', es: '{people} personas alcanzadas en 24 h' },
  at_least: { en: 'at least {people} people reached in 24 h', es: 'al menos {people} personas alcanzadas en 24 h' },
  uncounted: { en: 'people reached in 24 h: unknown', es: 'personas alcanzadas en 24 h: se desconoce' },
} as const satisfies Record<string, Record<Language, string>>;

/** The usage in a sentence. */
export function usageNote({ sharedBy, people, complete }: LimitUsage, language: Language): string {
  const known = sharedBy === 1 ? TEXTS.alone : TEXTS.shared;
  const who = sharedBy === null ? TEXTS.unknown : known;
  const counted = complete ? TEXTS.reached : TEXTS.at_least;
  const reached = people === null ? TEXTS.uncounted : counted;
  const params = { numbers: sharedBy ?? 0, people: (people ?? 0).toLocaleString(language === 'es' ? 'es-MX' : 'en-US') };
  return `${fill(who[language], params)}: ${fill(reached[language], params)}`;
}
