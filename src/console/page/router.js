/** Pages by the part of the address after `#`: `#/calls/call_1?from=live` is `{ path: ['calls', 'call_1'], query }`. */

const listeners = new Set();

/** Where the page is. */
export function route() {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').filter(Boolean).map(decode), query: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a page, for links. */
export function linkTo(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const tail = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  return `#/${path.map(encodeURIComponent).join('/')}${tail}`;
}

export function go(path, query = {}) {
  location.hash = linkTo(path, query);
}

/** Calls `fn` with the route whenever it changes. */
export function onRoute(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

globalThis.addEventListener?.('hashchange', () => {
  for (const fn of [...listeners]) fn(route());
});

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
