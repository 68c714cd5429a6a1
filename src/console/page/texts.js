import { calls } from './texts/calls.js';
import { numbers } from './texts/numbers.js';
import { owner } from './texts/owner.js';
import { shell } from './texts/shell.js';
import { wire } from './texts/wire.js';
import { errors, gates, words } from './texts/words.js';

/** Everything the console says. A book has one entry per key: `[English, Spanish]`, side by side so that none is forgotten. */

const BOOK = {};
const INDEX = { en: 0, es: 1 };
const KEPT = 'console.language';
export const LANGUAGES = [
  ['en', 'English'],
  ['es', 'Español'],
];

/** Adds the texts of a part of the console, such as the softphone. */
export function addTexts(book) {
  Object.assign(BOOK, book);
}

for (const book of [shell, words, gates, errors, wire, calls, numbers, owner]) addTexts(book);

let chosen = kept() ?? (globalThis.navigator?.language?.toLowerCase().startsWith('es') ? 'es' : 'en');
const listeners = new Set();

/** `en` or `es`. */
export const language = () => chosen;

export function setLanguage(next) {
  if (next === chosen || !Object.hasOwn(INDEX, next)) return;
  chosen = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // A browser that keeps nothing still speaks the language for now.
  }
  for (const fn of [...listeners]) fn(chosen);
}

/** Calls `fn` when the language changes; what is on the page must be drawn again. */
export function onLanguage(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/**
 * The text of a key such as `calls.title`, with `{name}` filled from `params`.
 * @throws {Error} for a key that no book has: that is a bug, and the tests look for it
 */
export function t(key, params = {}) {
  const pair = BOOK[key];
  if (pair === undefined) throw new Error(`no text for ${key}`);
  return pair[INDEX[chosen]].replace(/\{(\w+)\}/g, (_, name) => String(params[name] ?? ''));
}

/** The text for a value of the API, such as `state` and `ringing`; the value itself when no book has it. */
export const word = (group, name) => BOOK[`${group}.${name}`]?.[INDEX[chosen]] ?? String(name);

/** Every key, for those who check. */
export const allTexts = () => BOOK;

function kept() {
  try {
    const value = localStorage.getItem(KEPT);
    return value !== null && Object.hasOwn(INDEX, value) ? value : null;
  } catch {
    return null;
  }
}
