import { api } from './api.js';

/** Who is signed in; the cookie itself is out of reach of scripts. */

let current = null;
const listeners = new Set();
const leaving = new Set();

/** `{ id, name, key, scopes, mode, created_at, expires_at, … }` of `GET /api/session`; `null` without a session. */
export const session = () => current;

/** Whether the session may do what a scope opens. */
export const can = (scope) => current?.scopes.includes(scope) ?? false;

/** Calls `fn` with the session, or `null`, whenever it changes. */
export function onSession(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/** Asks the gateway who is signed in. */
export async function loadSession() {
  try {
    return become(await api('GET', '/api/session'));
  } catch (error) {
    if (error.status === 401) return become(null);
    throw error;
  }
}

/** @param {string} name how the operator is shown to others; the key's name when empty */
export async function signIn(key, name) {
  return become(await api('POST', '/api/session', { key, ...(name ? { name } : {}) }));
}

/** Calls `fn` before the operator signs out; when it answers `false` they stay. */
export function onSignOut(fn) {
  leaving.add(fn);
  return () => leaving.delete(fn);
}

export async function signOut() {
  for (const fn of [...leaving]) if (!(await fn())) return;
  await api('DELETE', '/api/session').catch(() => null);
  become(null);
}

/** The gateway has said that the session is over. */
export function forgetSession() {
  if (current) become(null);
}

function become(next) {
  const changed = next?.id !== current?.id;
  current = next;
  if (changed) for (const fn of [...listeners]) fn(current);
  return current;
}
