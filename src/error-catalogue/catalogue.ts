import type { ProblemCode } from '#kernel/problem.js';
import type { PeopleText } from './people/people.js';

export type Language = 'en' | 'es';

/** The texts of an entry; `{name}` is replaced by the problem's parameter of that name. */
export interface CatalogueText {
  /** A short sentence, the same for every occurrence. */
  title: string;
  /** What happened and why. */
  detail: string;
  /** What the owner or the caller should do now; when it changes, if that is known. */
  remedy: string;
}

/** Everything known about one code: one entry serves the API, the console, the command line and the docs. */
export interface CatalogueEntry extends EntryFor<ProblemCode> {
  /** What it says to an operator, and what they can do; the console shows this. */
  people: PeopleText;
}

/** What programmers and owners read, of a code that is known to the compiler; `ProblemCode` is the union of all of these. */
export interface EntryFor<Code extends string> {
  /** The gateway's stable error code in snake_case. */
  code: Code;
  /** The HTTP status with which the gateway answers it. */
  status: number;
  kind: 'access' | 'input' | 'not_found' | 'number' | 'person' | 'call' | 'rate' | 'unavailable' | 'upstream' | 'media';
  /** Whether the same request can succeed later without any change. */
  retryable: boolean;
  /** When Meta or 360dialog say this to a dial: can the phone have rung all the same? */
  rang: 'no' | 'maybe';
  /** Meta's numbers that mean this. */
  upstream: readonly number[];
  /** Where the facts come from. */
  source: string;
  en: CatalogueText;
  es: CatalogueText;
}
