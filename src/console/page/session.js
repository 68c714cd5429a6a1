import { api } from './api.js';

/** @import { Scope, Session } from './api-shapes.js' */

/** Who is signed in; the cookie itself is out of reach of scripts. */

/** @type {Session | null} */
let current = null;
/** @type {Set<(session: Session | null) => void>} */
const listeners = new Set();
/** @type {Set<() => Promise<void>>} */
const before = new Set();
/** @type {Set<() => Promise<boolean>>} */
const leaving = new Set();

/** Who is signed in; `null` without a session. */
export const session = () => current;

/** Whether the session may do what a scope opens. @param {Scope} scope */
export const can = (scope) => current?.scopes.includes(scope) ?? false;

/** Calls `fn` with the session, or `null`, whenever it changes. @param {(session: Session | null) => void} fn */
export function onSession(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/** Waits for `fn` before a new session is announced: what every page needs is there then. @param {() => Promise<void>} fn */
export function beforeSession(fn) {
  before.add(fn);
  return () => before.delete(fn);
}

/** Asks the gateway who is signed in. */
export async function loadSession() {
  try {
    return await become(await api('GET', '/api/session'));
  } catch (error) {
    if (error.status === 401) return become(null);
    throw error;
  }
}

/**
 * @param {string} key
 * @param {string} name how the operator is shown to others; the key's name when empty
 */
export async function signIn(key, name) {
  return become(await api('POST', '/api/session', { key, ...(name ? { name } : {}) }));
}

/** Calls `fn` before the operator signs out; when it answers `false` they stay. @param {() => Promise<boolean>} fn */
export function onSignOut(fn) {
  leaving.add(fn);
  return () => leaving.delete(fn);
}

export async function signOut() {
  for (const fn of [...leaving]) if (!(await fn())) return;
  await api('DELETE', '/api/session').catch(() => null);
  await become(null);
}

/** The gateway has said that the session is over. */
export function forgetSession() {
  if (current) void become(null);
}

/** @param {Session | null} next */
async function become(next) {
  const changed = next?.id !== current?.id;
  current = next;
  if (changed && next) await Promise.all([...before].map((fn) => fn()));
  if (current !== next) return current;
  if (changed) for (const fn of [...listeners]) fn(current);
  return current;
}
