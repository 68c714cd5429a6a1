import { sdp } from './webhooks.mjs';

/**
 * A dial that a client wants. Each key has a user of its own, so that dials to one user are dials of one key.
 * @typedef {{ key: string, to: string }} Wish
 */

/** Asks a gateway for a dial. @param {Wish} wish @param {{ timeoutMs?: number }} options @returns {Promise<import('./ask.mjs').Answer>} */
export const make = (gateway, { key, to }, options = {}) =>
  gateway.api('POST', '/api/calling/make-call', {
    body: { to, session: { sdp_type: 'offer', sdp: sdp('actpass') } },
    headers: { 'idempotency-key': key },
    ...options,
  });

/** The id of the call in an answer that ends a key: 201, 202, or 409 with the call. */
export function callIn({ status, body }) {
  if (status === 201 || status === 202) return body.id;
  return status === 409 ? body.call?.id : undefined;
}

/** The oracle's word: how often the most dialled user, or intent, was dialled. */
export function mostDials({ dials }) {
  const counts = new Map();
  for (const { to, opaque } of dials) {
    for (const name of [`to ${to}`, `opaque ${opaque}`]) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}
