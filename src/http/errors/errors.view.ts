import type { CatalogueEntry, Language } from '#error-catalogue/catalogue.js';
import type { ErrorParts } from '#error-catalogue/error-body.js';
import type { Explanation } from '#error-catalogue/explain.js';
import { fill } from '#error-catalogue/lookup.js';

export class ErrorTextDto {
  /** A short sentence, the same for every occurrence. */
  title: string;
  /** What happened and why. */
  detail: string;
  /** What to do now. */
  remedy: string;
}

export class ErrorLanguagesDto {
  en: ErrorTextDto;
  es: ErrorTextDto;
}

/** One code of the catalogue. In the texts `…` stands where an occurrence has a value of its own. */
export class ErrorEntryDto extends ErrorTextDto {
  /** The gateway's stable word. */
  code: string;
  /** The HTTP status with which the gateway tells it. */
  status: number;
  kind: 'access' | 'input' | 'not_found' | 'number' | 'person' | 'call' | 'rate' | 'unavailable' | 'upstream' | 'media';
  /** Whether the same request can succeed later without anybody changing anything. */
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

export class ErrorListDto {
  /** Sorted by code. */
  data: ErrorEntryDto[];
  /** `null` on the last page. */
  next_cursor: string | null;
}

/** What 360dialog or Meta said, as far as it stands in what was pasted. */
export class ErrorPartsDto {
  /** The HTTP status, when it was pasted too. */
  status: number | null;
  code: number | null;
  message: string | null;
  details: string | null;
  fbtrace_id: string | null;
}

export class ExplanationDto {
  /** `null` when nothing in the body is an error that the gateway can read. */
  entry: ErrorEntryDto | null;
  /** `null` when the body holds nothing that 360dialog or Meta said. */
  upstream: ErrorPartsDto | null;
  /** Common mistakes that show in the body. */
  hints: string[];
}

/** Values that stand in for the placeholders of a text. */
type Params = Readonly<Record<string, string>>;

export const toErrorEntryDto = (entry: CatalogueEntry, language: Language, params: Params = {}): ErrorEntryDto => ({
  code: entry.code,
  status: entry.status,
  kind: entry.kind,
  ...toTextDto(entry, language, params),
  retryable: entry.retryable,
  rang: entry.rang,
  upstream_codes: [...entry.upstream],
  source: entry.source,
  languages: { en: toTextDto(entry, 'en', params), es: toTextDto(entry, 'es', params) },
});

export const toExplanationDto = ({ entry, upstream, hints }: Explanation, language: Language): ExplanationDto => ({
  entry: entry && toErrorEntryDto(entry, language, saidIn(upstream)),
  upstream: upstream && toPartsDto(upstream),
  hints: hints.map((hint) => hint[language]),
});

/** Some texts repeat what 360dialog said. */
const saidIn = (upstream: ErrorParts | null): Params => {
  const message = upstream?.details ?? upstream?.message;
  return message ? { message } : {};
};

const toTextDto = (entry: CatalogueEntry, language: Language, params: Params): ErrorTextDto => {
  const { title, detail, remedy } = entry[language];
  return { title: fill(title, params), detail: fill(detail, params), remedy: fill(remedy, params) };
};

const toPartsDto = ({ status, code, message, details, fbtrace_id }: ErrorParts): ErrorPartsDto => ({
  status,
  code,
  message,
  details,
  fbtrace_id,
});
