import type { CatalogueEntry, Language } from '#error-catalogue/catalogue.js';
import type { ErrorParts } from '#error-catalogue/error-body.js';
import type { Explanation } from '#error-catalogue/explain.js';
import { filled } from '#error-catalogue/lookup.js';

/** The texts of an entry in one language. */
export class ErrorTextDto {
  /** A short sentence, the same for every occurrence. */
  title: string;
  /** What happened and why. */
  detail: string;
  /** What to do now. */
  remedy: string;
}

/** The texts of an entry in every language. */
export class ErrorLanguagesDto {
  /** English. */
  en: ErrorTextDto;
  /** Spanish. */
  es: ErrorTextDto;
}

/** One code of the catalogue. In the texts `…` stands where an occurrence has a value of its own. */
export class ErrorEntryDto extends ErrorTextDto {
  /** The stable error code. */
  code: string;
  /** The HTTP status with which the gateway answers it. */
  status: number;
  /** What the refusal is about; it decides the status. */
  kind: 'access' | 'input' | 'not_found' | 'number' | 'person' | 'call' | 'rate' | 'unavailable' | 'upstream' | 'media';
  /** Whether the same request can succeed later without any change. */
  retryable: boolean;
  /** When Meta or 360dialog say this to a dial: can the phone have rung all the same? */
  rang: 'no' | 'maybe';
  /** Meta's numbers that mean this. */
  upstream_codes: number[];
  /** Where the facts come from. */
  source: string;
  /** The texts in every language of the catalogue. */
  languages: ErrorLanguagesDto;
}

/** A page of the error catalogue. */
export class ErrorListDto {
  /** Sorted by code. */
  data: ErrorEntryDto[];
  /** `null` on the last page. */
  next_cursor: string | null;
}

/** The parts of the pasted error that 360dialog or Meta sent. */
export class ErrorPartsDto {
  /** The HTTP status, when it was pasted too. */
  status: number | null;
  /** Meta's error code. */
  code: number | null;
  /** Meta's message or title. */
  message: string | null;
  /** Meta's `error_data.details`. */
  details: string | null;
  /** Meta's trace id, for its support. */
  fbtrace_id: string | null;
}

/** The explanation of a pasted error. */
export class ExplanationDto {
  /** `null` when nothing in the body is an error that the gateway can read. */
  entry: ErrorEntryDto | null;
  /** `null` when the body holds nothing that 360dialog or Meta said. */
  upstream: ErrorPartsDto | null;
  /** Common mistakes that show in the body. */
  hints: string[];
}

/** Values for the placeholders of a text. */
type Params = Readonly<Record<string, string>>;

/** An entry with its texts in one language at the top, and in both below `languages`. */
export function toErrorEntryDto(entry: CatalogueEntry, language: Language, params: Params = {}): ErrorEntryDto {
  // What is said to operators is the console's.
  const { en, es, upstream, people: _, ...facts } = entry;
  const languages = { en: filled(en, params), es: filled(es, params) };
  return { ...facts, ...languages[language], upstream_codes: [...upstream], languages };
}

export const toExplanationDto = ({ entry, upstream, hints }: Explanation, language: Language): ExplanationDto => ({
  entry: entry && toErrorEntryDto(entry, language, saidIn(upstream)),
  upstream,
  hints: hints.map((hint) => hint[language]),
});

/** Some texts repeat the message of 360dialog. */
const saidIn = (upstream: ErrorParts | null): Params => {
  const message = upstream?.details ?? upstream?.message;
  return message ? { message } : {};
};
