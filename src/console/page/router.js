/** Pages by the part of the address after `#`: `#/calls/call_1?from=live` is `{ path: ['calls', 'call_1'], query }`. */

/** @typedef {{ path: string[], query: Record<string, string> }} Route */

/** @type {Set<(at: Route) => void>} */
const listeners = new Set();

/** Where the page is. @returns {Route} */
export function route() {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').filter(Boolean).map(decode), query: Object.fromEntries(new URLSearchParams(query)) };
}

/**
 * The address of a page, for links.
 * @param {string[]} path
 * @param {Record<string, string | null | undefined>} [query]
 */
export function linkTo(path, query = {}) {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const tail = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  return `#/${path.map(encodeURIComponent).join('/')}${tail}`;
}

/** @param {string[]} path @param {Record<string, string | null | undefined>} [query] */
export function go(path, query = {}) {
  location.hash = linkTo(path, query);
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
