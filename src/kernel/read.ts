/** Tolerant readers for JSON of other systems: a value of another type reads as `undefined`, never as an error. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonRecord = Record<string, unknown>;

export const record = (value: unknown): JsonRecord | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const records = (value: unknown): JsonRecord[] =>
  list(value)
    .map(record)
    .filter((item) => item !== undefined);

/** A non-empty string. A finite number reads as its digits, since Meta writes some ids both ways. */
export const text = (value: unknown): string | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** A finite number, also from a string. */
export const number = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
};

/** The longest id that is read; an index of Postgres holds no entry beyond 2,704 bytes. */
const LONGEST_ID = 512;

/** An id of another system: a text of at most 512 characters. */
export const idText = (value: unknown): string | undefined => {
  const id = text(value);
  return id !== undefined && id.length <= LONGEST_ID ? id : undefined;
};

/** The number of an error: a whole number of 32 bits, as the columns of both engines hold it. */
export const errorNumber = (value: unknown): number | undefined => {
  const code = number(value);
  return code !== undefined && (code | 0) === code ? code : undefined;
};

export const bool = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

/** Unix seconds, as a string or a number, in milliseconds; `undefined` outside of 2001 to 2286. */
export const unixTime = (value: unknown): number | undefined => {
  const seconds = number(value);
  return seconds !== undefined && seconds >= 1e9 && seconds < 1e10 ? Math.round(seconds * 1000) : undefined;
};

/**
 * What makes a check of each key and text necessary: a key that could poison prototypes, in plain text or with an escaped character,
 * NUL, which JSON always escapes, and half of a surrogate pair, which valid UTF-8 holds only as an escape.
 */
const SUSPECT = /__proto__|\\u(?:00|[dD][89a-fA-F])/;
const cleaned = (key: string, value: unknown): unknown => {
  if (key === '__proto__') return undefined;
  return typeof value === 'string' ? storable(value) : value;
};

/**
 * A text as both engines keep it: no text of Postgres holds NUL, which is left out, and neither engine holds half of a surrogate pair,
 * in whose place U+FFFD stands.
 */
export const storable = (value: string): string => (value.includes('\0') ? value.replaceAll('\0', '') : value).toWellFormed();

/**
 * Parses JSON; `undefined` when it is invalid. Drops keys that could poison prototypes, and makes each text `storable`. Checking each key
 * costs most of the time, so only a text that may need it is checked.
 */
export const parseJson = (source: string): unknown => {
  try {
    return SUSPECT.test(source) ? JSON.parse(source, cleaned) : JSON.parse(source);
  } catch {
    return undefined;
  }
};
