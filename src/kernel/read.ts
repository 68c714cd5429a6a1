/** Tolerant readers for JSON that others made: what is not of the expected type reads as `undefined`, never as an error. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonRecord = Record<string, unknown>;

export const record = (value: unknown): JsonRecord | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const records = (value: unknown): JsonRecord[] =>
  list(value)
    .map(record)
    .filter((item) => item !== undefined);

/** A non-empty string; finite numbers are taken as their digits, since Meta types some ids both ways. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;

/** A finite number, also when it was written as a string. */
export const number = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
};

export const bool = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

/** Unix seconds, as a string or a number, to milliseconds; anything outside 2001 to 2286 is not a time. */
export const unixTime = (value: unknown): number | undefined => {
  const seconds = number(value);
  return seconds !== undefined && seconds >= 1e9 && seconds < 1e10 ? Math.round(seconds * 1000) : undefined;
};

/** A key that could poison prototypes, as it is or with one of its characters escaped. */
const POISON = /__proto__|\\u00/;
const unpoisoned = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value);

/** Parses JSON; `undefined` when it is none. Keys that could poison prototypes are dropped; looking at each key costs most of it. */
export const parseJson = (source: string): unknown => {
  try {
    return POISON.test(source) ? JSON.parse(source, unpoisoned) : JSON.parse(source);
  } catch {
    return undefined;
  }
};
