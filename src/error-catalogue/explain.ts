import { number, parseJson, record, text } from '#kernel/read.js';
import type { CatalogueEntry } from './catalogue.js';
import { codeInWords, type ErrorParts, readErrorBody } from './error-body.js';
import { type Hint, hintsFor } from './hints.js';
import { entryOf, entryOfRefusal, entryOfUpstream } from './lookup.js';
import { codeOfRestriction } from './restriction-types.js';
import { quotedStatus } from './status-words.js';

export interface Explanation {
  /** `null` when nothing in the text is an error that we can read. */
  entry: CatalogueEntry | null;
  /** What 360dialog or Meta said, as far as it stands in the text; `null` when only an error code of ours was given. */
  upstream: ErrorParts | null;
  /** What the catalogue's entry cannot know: common mistakes that show in the text. */
  hints: readonly Hint[];
}

/**
 * Explains an error as it was received: a body as JSON or as text (with or without the HTTP status line above it), a whole
 * webhook with `errors`, a problem of this gateway, a number of Meta's or an error code of ours.
 */
export function explain(pasted: unknown): Explanation {
  const { body, status, written } = understand(pasted);
  const own = ownEntry(body) ?? restrictionIn(written);
  const upstream = own ? readErrorBody({ upstream: (record(record(body)?.error) ?? record(body))?.upstream }) : partsOf(body, status);
  const entry = own ?? (upstream && entryOfRefusal(upstream));
  return { entry, upstream, hints: hintsFor({ entry, upstream, body, written }) };
}

/** An error code of ours, a problem document of this gateway or the `error` of one of its calls names its entry itself. */
const ownEntry = (body: unknown): CatalogueEntry | undefined => {
  const own = record(body);
  const word = typeof body === 'string' ? body.trim().toLowerCase() : (text(own?.code) ?? text(record(own?.error)?.code));
  return word === undefined ? undefined : entryOf(word);
};

/** `HTTP/1.1 400`, `HTTP 400`, `status code 400`, `400 Bad Request` at its beginning. */
const STATUS = /(?:\bHTTP(?:\/[\d.]+)?\s+|\bstatus(?:[ _-]?code)?["']?\s*[:=]?\s*|^\s*)([45]\d{2})\b/i;

/** A restriction as the settings or an `account_update` webhook name it; one whose type is known goes before one that is not. */
function restrictionIn(written: string): CatalogueEntry | undefined {
  const codes = (written.match(/\bRESTRICTED_[A-Z_]+/gi) ?? []).flatMap((type) => codeOfRestriction(type) ?? []);
  const code = codes.find((one) => one === 'calling_restricted') ?? codes[0];
  return code && entryOf(code);
}

const understand = (pasted: unknown): { body: unknown; status: number | null; written: string } => {
  if (typeof pasted !== 'string') return { body: pasted, status: null, written: safeJson(pasted) };
  const status = number(STATUS.exec(pasted)?.[1]) ?? null;
  return { body: unwrap(pasted), status, written: pasted };
};

/** JSON within text, also when it was escaped once more on its way; the text itself when there is none. */
const unwrap = (pasted: string): unknown => {
  const whole = parseJson(pasted.trim());
  if (typeof whole === 'string' && whole !== pasted) return unwrap(whole);
  if (whole !== undefined) return whole;
  return embedded(pasted, '{', '}') ?? embedded(pasted, '[', ']') ?? pasted;
};

const embedded = (pasted: string, opening: string, closing: string): unknown => {
  const inner = pasted.slice(Math.max(pasted.indexOf(opening), 0), pasted.lastIndexOf(closing) + 1);
  return parseJson(inner) ?? parseJson(inner.replaceAll('\\"', '"'));
};

const partsOf = (body: unknown, status: number | null): ErrorParts | null => {
  const code = typeof body === 'string' || typeof body === 'number' ? number(body) : undefined;
  // Meta has no number in the range of the HTTP statuses of errors.
  const isStatus = status !== null && status === code && entryOfUpstream(code) === undefined;
  if (code !== undefined) return { status, code: isStatus ? null : code, message: null, details: null, fbtrace_id: null };
  if (typeof body === 'string') return partsOfWords(body, status);
  return deepError(body, status);
};

/** Words count as an error only when they name a number, or when the catalogue knows the phrase. */
const partsOfWords = (words: string, status: number | null): ErrorParts | null => {
  const code = codeInWords(words) ?? number(/\b13\d{4}\b/.exec(words)?.[0]) ?? null;
  const said = { status, code, message: words.trim(), details: null, fbtrace_id: null };
  // A line of a log says more than the server did.
  const quoted = code === null && entryOfRefusal(said).code === 'upstream_refused' ? quotedStatus(words) : null;
  const parts = { ...said, message: quoted ?? said.message };
  return code !== null || status !== null || entryOfRefusal(parts).code !== 'upstream_refused' ? parts : null;
};

/** A webhook nests its `errors`: `entry[].changes[].value.calls[].errors`. */
const MAX_DEPTH = 9;
const deepError = (node: unknown, status: number | null, depth = 0): ErrorParts | null => {
  const here = readErrorBody(node, status);
  if (here && (depth === 0 || here.code !== null)) return here;
  if (depth === MAX_DEPTH || typeof node !== 'object' || node === null) return null;
  for (const child of Object.values(node)) {
    const found = deepError(child, status, depth + 1);
    if (found) return found;
  }
  return null;
};

const safeJson = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
};
