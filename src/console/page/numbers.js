import { api, withQuery } from './api.js';
import { onEvent } from './events.js';
import { phone } from './parts/call.js';
import { route } from './router.js';
import { beforeSession, can, session } from './session.js';

/** @import { BusinessNumber } from './api-shapes.js' */

/** The business numbers that the session reaches. With one number nothing of the console asks for it or names it. */

const KEPT = 'console.number';
const PAGE = 200;
const RENEW_AFTER_MS = 500;
const FRESH_MS = 5_000;
const CHANGES = /** @type {const} */ (['number.added', 'number.changed', 'number.removed', 'number.key_rejected', 'reset']);
/** @type {BusinessNumber[]} */
let all = [];
let readAt = 0;
/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {ReturnType<typeof setTimeout> | null} */
let renewal = null;

beforeSession(async () => {
  all = [];
  await readNumbers().catch(() => undefined);
});
for (const type of CHANGES) onEvent(type, renewSoon);

/** The first one first. */
export const allNumbers = () => all;

/** Whether there are several: only then a number is chosen and named. */
export const hasSeveral = () => all.length > 1 || (session()?.numbers?.length ?? 0) > 1;

/** The ids of the numbers, also for a key that may not read what they are. */
export const numberIds = () => (all.length > 0 ? all.map(({ phone_number_id: id }) => id) : (session()?.numbers ?? []));

/** The number of the address; null for all of them, or where there is one. */
export const shownNumber = () => (hasSeveral() ? route().number : null);

/** What a request says of the number. @returns {{ phone_number_id?: string }} */
export function ofNumber() {
  const id = shownNumber();
  return id === null ? {} : { phone_number_id: id };
}

/** As people call it: its name, else the number, else its id. @param {string} id */
export function numberName(id) {
  const found = all.find(({ phone_number_id }) => phone_number_id === id);
  return found?.name ?? phone(found?.display_phone_number ?? null) ?? id;
}

/** With the number behind its name. @param {string} id */
export function numberTitle(id) {
  const found = all.find(({ phone_number_id }) => phone_number_id === id);
  const digits = phone(found?.display_phone_number ?? null);
  return found?.name && digits ? `${found.name} ${digits}` : numberName(id);
}

/** The number that was looked at last, else the first; null where there is none. */
export function lastNumber() {
  const ids = numberIds();
  const kept = read();
  return kept !== null && ids.includes(kept) ? kept : (ids[0] ?? null);
}

/** @param {string} id */
export function rememberNumber(id) {
  try {
    localStorage.setItem(KEPT, id);
  } catch {
    // A browser that keeps nothing begins with the first number.
  }
}

/** Runs `fn` for events about the number that is shown, or about all. @param {() => unknown} fn */
export const aboutShown = (fn) => (/** @type {any} */ event) => {
  const [shown, id] = [shownNumber(), event.data?.phone_number_id];
  if (shown === null || typeof id !== 'string' || id === shown) fn();
};

/** Calls `fn` when a number was added, changed or removed. @param {() => void} fn */
export function onNumbers(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/** Reads all numbers again, unless they were read a moment ago. */
export async function renewNumbers() {
  if (Date.now() - readAt > FRESH_MS) await readNumbers().catch(() => undefined);
}

/** Reads all numbers. @throws {import('./api.js').Refusal} */
export async function readNumbers() {
  if (!can('numbers:read')) return;
  /** @type {BusinessNumber[]} */
  const found = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    /** @type {{ data: BusinessNumber[], next_cursor: string | null }} */
    const page = await api('GET', withQuery('/api/numbers', { limit: PAGE, cursor }));
    found.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  [all, readAt] = [found, Date.now()];
  for (const fn of [...listeners]) fn();
}

/** Many events in a row make one request. */
function renewSoon() {
  if (renewal !== null || !session()) return;
  renewal = setTimeout(() => {
    renewal = null;
    if (session()) void readNumbers().catch(() => undefined);
  }, RENEW_AFTER_MS);
}

function read() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
