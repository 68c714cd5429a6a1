import { PHONE_NUMBER_ID } from '../fake-360dialog.mjs';
import { sdp } from '../webhooks.mjs';

export const OFFER = { sdp_type: 'offer', sdp: sdp('actpass') };
export const ANSWER = { sdp_type: 'answer', sdp: sdp('active') };
export const CALLS_PATH = `/graph/v23.0/${PHONE_NUMBER_ID}/calls`;

/**
 * A call that a client of Meta's shape wants. Each opaque data has a user of its own, so that dials to one user are dials of one call.
 * @typedef {{ opaque: string, to: string }} GraphWish
 */

/** @param {number} round @param {number} i @returns {GraphWish} */
export const graphWish = (round, i) => ({ opaque: `row ${round}.${i} ñ`, to: `5215${String(round * 100 + i).padStart(9, '0')}` });

/** Asks for a dial as clients of Meta do, without an `Idempotency-Key`. @param {GraphWish} wish */
export const connectBy = (gateway, { opaque, to }, options = {}) =>
  gateway.api('POST', CALLS_PATH, {
    body: { messaging_product: 'whatsapp', to, action: 'connect', session: OFFER, biz_opaque_callback_data: opaque },
    ...options,
  });

/** Which members of the body of a refusal lack their type in Meta's envelope; empty for one that every client can read. */
export function faultsOfEnvelope(body) {
  const { error } = body ?? {};
  if (typeof error !== 'object' || error === null) return ['error'];
  const isText = (value) => typeof value === 'string' && value !== '';
  const is = {
    message: isText(error.message),
    type: error.type === 'OAuthException',
    code: Number.isInteger(error.code),
    error_data: error.error_data?.messaging_product === 'whatsapp' && isText(error.error_data.details),
    error_user_msg: isText(error.error_user_msg),
    is_transient: typeof error.is_transient === 'boolean',
    fbtrace_id: isText(error.fbtrace_id),
    gateway_code: isText(error.gateway_code),
  };
  return Object.entries(is).flatMap(([name, isGood]) => (isGood ? [] : [name]));
}
