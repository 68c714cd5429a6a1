/** Where an operator wanted to go who was led to the sign-in: to a report. */

const PARAMETER = 'return';
/** The only pages that a sign-in leads back to. */
const PAGES = '/api/compliance/reports/';
/** A page that leads here again within this time would do so for ever. */
const AGAIN_MS = 10_000;
const REMEMBERED = 'returned';

/**
 * The path to go back to: a report of this very origin, and nothing else, whatever stands in the address.
 * @param {string} search the query of the address, with its `?`
 * @param {string} origin the origin of the page
 * @returns {string | null}
 */
export function returnPath(search, origin) {
  const wanted = new URLSearchParams(search).get(PARAMETER);
  if (wanted === null || !wanted.startsWith(PAGES) || hasTrick(wanted) || !URL.canParse(wanted, origin)) return null;
  const url = new URL(wanted, origin);
  // `..` may have left the reports.
  const isOurs = url.origin === origin && url.pathname.startsWith(PAGES) && url.username === '' && url.password === '';
  return isOurs ? `${url.pathname}${url.search}` : null;
}

/** The browser reads a backslash as a slash, and drops tabs and line breaks: such a text is no path of ours. @param {string} text */
const hasTrick = (text) => [...text].some((sign) => sign === '\\' || sign <= ' ');

/**
 * Leaves for the report that the operator wanted, once they are signed in.
 * @param {{ search: string, origin: string, replace(path: string): void }} place
 * @param {{ getItem(key: string): string | null, setItem(key: string, value: string): void }} memory
 * @param {number} now
 * @returns {boolean} whether the page is being left
 */
export function goBack(place, memory, now) {
  const path = returnPath(place.search, place.origin);
  if (path === null) return false;
  const [before = '', at = '0'] = (memory.getItem(REMEMBERED) ?? '').split(' ');
  if (before === path && now - Number(at) < AGAIN_MS) return false;
  memory.setItem(REMEMBERED, `${path} ${now}`);
  place.replace(path);
  return true;
}
