import { businessNumbers } from './texts/business-numbers.js';
import { calls } from './texts/calls.js';
import { numbers } from './texts/numbers.js';
import { owner } from './texts/owner.js';
import { reportDeliveries } from './texts/report-deliveries.js';
import { shell } from './texts/shell.js';
import { wire } from './texts/wire.js';
import { errors, gates, words } from './texts/words.js';

/** Everything the console says. A book has one entry per key: `[English, Spanish]`, side by side so that none is forgotten. */

/** @typedef {Record<string, string[]>} Book each value is `[English, Spanish]` */
/** @typedef {'en' | 'es'} Language */

/** @type {Book} */
const BOOK = {};
const INDEX = { en: 0, es: 1 };
const KEPT = 'console.language';
export const LANGUAGES = [
  ['en', 'English'],
  ['es', 'Español'],
];

/** Adds the texts of a part of the console, such as the softphone. @param {Book} book */
export function addTexts(book) {
  Object.assign(BOOK, book);
}

for (const book of [shell, words, gates, errors, wire, calls, numbers, owner, businessNumbers, reportDeliveries]) addTexts(book);

/** @type {Language} */
let chosen = kept() ?? (globalThis.navigator?.language?.toLowerCase().startsWith('es') ? 'es' : 'en');
/** @type {Set<(language: Language) => void>} */
const listeners = new Set();

/** `en` or `es`. */
export const language = () => chosen;

/** @param {string} next */
export function setLanguage(next) {
  if (next === chosen || !isLanguage(next)) return;
  chosen = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    // A browser that keeps nothing still speaks the language for now.
  }
  for (const fn of [...listeners]) fn(chosen);
}

/** Calls `fn` when the language changes; what is on the page must be drawn again. @param {() => void} fn */
export function onLanguage(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/**
 * The text of a key such as `calls.title`, with `{name}` filled from `params`.
 * @param {string} key
 * @param {Record<string, unknown>} [params]
 * @throws {Error} for a key that no book has: that is a bug, and the tests look for it
 */
export function t(key, params = {}) {
  const pair = BOOK[key];
  if (pair === undefined) throw new Error(`no text for ${key}`);
  return String(pair[INDEX[chosen]]).replace(/\{(\w+)\}/g, (_, name) => String(params[name] ?? ''));
}

/**
 * The text for a value of the API, such as `state` and `ringing`; the value itself when no book has it.
 * @param {string} group
 * @param {string | number} name
 */
export const word = (group, name) => BOOK[`${group}.${name}`]?.[INDEX[chosen]] ?? String(name);

/** Every key, for those who check. */
export const allTexts = () => BOOK;

/** @param {string} name @returns {name is Language} */
function isLanguage(name) {
  return Object.hasOwn(INDEX, name);
}

function kept() {
  try {
    const value = localStorage.getItem(KEPT);
    return value !== null && isLanguage(value) ? value : null;
  } catch {
    return null;
  }
}
