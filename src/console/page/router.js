/**
 * Pages by the part of the address after `#`: `#/calls/call_1?from=live` is `{ path: ['calls', 'call_1'], query }`. Where there are several
 * numbers, `#/n/300/calls` is the same page of one of them; links lead to pages of the same number.
 */

/** @typedef {{ number: string | null, path: string[], query: Record<string, string> }} Route */

/** @type {Set<(at: Route) => void>} */
const listeners = new Set();

/** Where the page is. @returns {Route} */
export function route() {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(decode);
  const [number, rest] = parts[0] === 'n' && parts[1] ? [parts[1], parts.slice(2)] : [null, parts];
  return { number, path: rest, query: Object.fromEntries(new URLSearchParams(query)) };
}

/**
 * The address of a page, for links.
 * @param {string[]} path
 * @param {Record<string, string | null | undefined>} [query]
 * @param {string | null} [number] of which number; that of the page
 */
export function linkTo(path, query = {}, number = route().number) {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const tail = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  const of = number === null ? path : ['n', number, ...path];
  return `#/${of.map(encodeURIComponent).join('/')}${tail}`;
}

/** @param {string[]} path @param {Record<string, string | null | undefined>} [query] @param {string | null} [number] */
export function go(path, query = {}, number = route().number) {
  location.hash = linkTo(path, query, number);
}

/** Calls `fn` with the route whenever it changes. @param {(at: Route) => void} fn */
export function onRoute(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

globalThis.addEventListener?.('hashchange', () => {
  for (const fn of [...listeners]) fn(route());
});

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
