import type { ProblemCode } from '#kernel/problem.js';
import type { CatalogueEntry, CatalogueText, Language } from './catalogue.js';
import { accessCodes } from './codes/access.js';
import { callCodes } from './codes/call.js';
import { callingCodes } from './codes/calling.js';
import { dialog360Codes } from './codes/dialog360.js';
import { mediaCodes } from './codes/media.js';
import { messageCodes } from './codes/message.js';
import { metaCodes } from './codes/meta.js';
import { numberCodes } from './codes/numbers.js';
import { requestCodes } from './codes/request.js';
import { standingCodes } from './codes/standing.js';
import { codeInWords, type ErrorParts } from './error-body.js';
import { everyPeopleText } from './people/every-people-text.js';
import { statusInWords } from './status-words.js';

/** All pages of the catalogue, in no order. */
const everyCode = [
  ...accessCodes,
  ...requestCodes,
  ...callCodes,
  ...standingCodes,
  ...callingCodes,
  ...mediaCodes,
  ...metaCodes,
  ...messageCodes,
  ...numberCodes,
  ...dialog360Codes,
] as const;

declare module '#kernel/problem.js' {
  interface ProblemCodes {
    catalogue: (typeof everyCode)[number]['code'];
  }
}

const entries: readonly CatalogueEntry[] = [...everyCode]
  .map((entry) => ({ ...entry, people: everyPeopleText[entry.code] }))
  .sort((a, b) => (a.code < b.code ? -1 : 1));
const byCode = new Map<string, CatalogueEntry>(entries.map((entry) => [entry.code, entry]));
const byNumber = new Map(entries.flatMap((entry) => entry.upstream.map((metaCode) => [metaCode, entry] as const)));

/** The whole catalogue, sorted by code. */
export const allEntries = (): readonly CatalogueEntry[] => entries;

/** Whether a word from outside of the type system, such as a stored one, is an error code. */
export const isProblemCode = (word: string): word is ProblemCode => byCode.has(word);

/** The entry of an error code; `undefined` for a word that may be none. */
export function entryOf(code: ProblemCode): CatalogueEntry;
export function entryOf(code: string): CatalogueEntry | undefined;
export function entryOf(code: string): CatalogueEntry | undefined {
  return byCode.get(code);
}

export const entryOfUpstream = (metaCode: number): CatalogueEntry | undefined => byNumber.get(metaCode);

/** Phrases of refusals that may come without a number; the first that fits wins. */
const PHRASES: readonly (readonly [RegExp, ProblemCode])[] = [
  [/rate.?limit|too many requests|thrott/i, 'rate_limited'],
  [/invoice|overdue/i, 'invoices_overdue'],
  [/permission denied for partner/i, 'partner_permission_denied'],
  [/endpoint.*(blocked|not (allowed|enabled))|blocked.*endpoint/i, 'upstream_forbidden'],
  [/no approved call permission/i, 'permission_required'],
  [/business.initiated calls? (is |are )?not available/i, 'country_not_supported'],
  [/calling (is )?not enabled/i, 'calling_disabled'],
  [/receiver (is )?uncallable/i, 'user_unreachable'],
  [/invalid api.?key|(missing|wrong|unknown) api.?key|api.?key (is )?(missing|invalid|not valid|required)/i, 'upstream_key_rejected'],
  [/(number|channel|account|api)\b.*\b(disabled|cancel+ed|suspended|unpaid)/i, 'number_suspended'],
];

/**
 * Reads a refusal that 360dialog gave in words. A status below 500 decides only where the words do not: 360dialog reports
 * its own rate limit as 400, and Meta a missing call permission as 401. From 500 on words prove nothing.
 * @see https://docs.360dialog.com/docs/support/api-error-message-list
 */
export function entryOfWords(httpStatus: number, words: string): CatalogueEntry | undefined {
  const metaCode = codeInWords(words);
  const named = metaCode === null ? undefined : entryOfUpstream(metaCode);
  if (named) return named;
  // Words that only repeat a status say no more than it.
  const spoken = statusInWords(httpStatus, words);
  if (httpStatus >= 500) return entryOf(/whatsapp.*not available/i.test(words) ? 'integration_unavailable' : 'upstream_error');
  const code =
    PHRASES.find(([phrase]) => phrase.test(words))?.[1] ?? (spoken === null ? undefined : WITHOUT_REASON[spoken]) ?? BY_STATUS[httpStatus];
  return code === undefined ? undefined : entryOf(code);
}

const WITHOUT_REASON: Readonly<Record<number, ProblemCode>> = {
  400: 'upstream_reason_missing',
  401: 'upstream_key_rejected',
  403: 'upstream_forbidden',
  404: 'upstream_path_unknown',
  405: 'upstream_path_unknown',
  422: 'upstream_reason_missing',
  429: 'rate_limited',
  500: 'upstream_error',
  502: 'upstream_error',
  503: 'upstream_error',
  504: 'upstream_error',
};

const BY_STATUS: Readonly<Record<number, ProblemCode>> = { 401: 'upstream_key_rejected', 403: 'upstream_forbidden', 429: 'rate_limited' };

/**
 * The entry for a refusal that was read: Meta's number decides, then the words, then the HTTP status. An unknown refusal
 * is `upstream_refused`, or `upstream_error` from status 500 on, since nothing proves then that no phone rang.
 */
export function entryOfRefusal({ code, status, message, details }: ErrorParts): CatalogueEntry {
  const words = [message, details].filter(Boolean).join(' ');
  const known = code === null ? entryOfWords(status ?? 0, words) : (entryOfUpstream(code) ?? ofUnknownNumber(status ?? 0));
  return known ?? entryOf('upstream_refused');
}

const ofUnknownNumber = (status: number): CatalogueEntry | undefined => {
  if (status >= 500) return entryOf('upstream_error');
  return status === 429 ? entryOf('rate_limited') : undefined;
};

/** Puts values into the `{placeholders}` of a text; one without a value reads as an ellipsis. */
export const fill = (text: string, params: Readonly<Record<string, string | number>> = {}): string =>
  text.replace(PLACEHOLDER, (_, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : '…'));

/** The same for all texts of a language. */
export const filled = ({ title, detail, remedy }: CatalogueText, params?: Readonly<Record<string, string | number>>): CatalogueText => ({
  title: fill(title, params),
  detail: fill(detail, params),
  remedy: fill(remedy, params),
});

const PLACEHOLDER = /\{([a-z_]+)\}/g;

/** A text of the entry without values for its placeholders; null without a code or without an entry. */
export function textOf(code: string | null, part: keyof CatalogueEntry['en'], language: Language): string | null {
  const entry = code === null ? undefined : entryOf(code);
  return entry ? fill(entry[language][part]) : null;
}
