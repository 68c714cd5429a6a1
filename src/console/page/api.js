import { language } from './texts.js';

/** @import { AddressWithQuery, Address, Answer, Input, Method, MethodOf, ProblemDocument, QueryName } from './api-shapes.js' */

/** What every unsafe request of the console carries: a page of another origin cannot send it. */
const OURS = { 'X-Requested-With': 'console' };

/** A refusal of the gateway with its problem document. */
export class Refusal extends Error {
  /**
   * @param {number} status of HTTP; 0 when the gateway did not answer
   * @param {ProblemDocument} problem
   */
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = 'Refusal';
    this.status = status;
    this.problem = problem;
  }
}

/** @type {Set<() => void>} */
const expired = new Set();

/** Calls `fn` when a request is answered 401: the session has ended. @param {() => void} fn */
export function onExpired(fn) {
  expired.add(fn);
  return () => expired.delete(fn);
}

/**
 * Asks the gateway with the session's cookie.
 * @template {Method} Verb
 * @template {AddressWithQuery} At
 * @param {Verb & MethodOf<At>} method
 * @param {At} path such as `/api/calling/status`
 * @param {Input<Verb, At>} [body] sent as JSON
 * @param {{ headers?: Record<string, string>, signal?: AbortSignal, keepalive?: boolean }} [more]
 * @returns {Promise<Answer<Verb, At>>} the answer's JSON; `null` when it has none
 * @throws {Refusal}
 */
export async function api(method, path, body, { headers = {}, signal, keepalive = false } = {}) {
  const answer = await send(method, path, body, { headers, signal, keepalive });
  const text = await answer.text();
  const value = text === '' ? null : parse(text);
  if (answer.ok) return value;
  if (answer.status === 401 && path !== '/api/session') for (const fn of expired) fn();
  throw new Refusal(answer.status, value ?? { title: `HTTP ${answer.status}`, code: null });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {{ headers: Record<string, string>, signal: AbortSignal | undefined, keepalive: boolean }} more
 */
async function send(method, path, body, { headers, signal, keepalive }) {
  const own = {
    Accept: 'application/json',
    'Accept-Language': language(),
    ...(method === 'GET' ? {} : OURS),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  };
  try {
    return await fetch(path, {
      method,
      headers: { ...own, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      keepalive,
      credentials: 'same-origin',
      cache: 'no-store',
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal(0, { code: 'unreachable', title: null, detail: null, remedy: null });
  }
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * A path with a query; members that are empty, null or undefined are left out.
 * @template {Address} At
 * @param {At} path
 * @param {{ [Name in QueryName<At>]?: string | number | null }} query
 * @returns {At}
 */
export function withQuery(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const asked = given.map(([name, value]) => [name, String(value)]);
  return given.length === 0 ? path : /** @type {At} */ (`${path}?${new URLSearchParams(asked)}`);
}

/** A key under which a request that has an effect may be sent again without a second effect. */
export const newIdempotencyKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
