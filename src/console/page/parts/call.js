import { linkTo } from '../router.js';
import { t, word } from '../texts.js';
import { h } from '../view.js';
import { badge } from './badge.js';
import { clock, dash } from './time.js';

/** @import { Call, CallUser } from '../api-shapes.js' */
/** @import { Child } from '../view.js' */
/** @typedef {Omit<CallUser, 'parent_user_id'>} AnyUser of a call, a permission or a preflight */

/** A number as people read it: a plus and the digits. @param {string | null} waId */
export const phone = (waId) => (/^\d+$/.test(waId ?? '') ? `+${waId}` : waId);

/** The user of a call, by the best known name. @param {AnyUser} user */
export const nameOf = (user) => user.name ?? user.username ?? phone(user.wa_id) ?? user.user_id ?? user.input ?? t('word.unknown');

/** The address under which a person is asked for. @param {Pick<AnyUser, 'wa_id' | 'user_id'> & { input?: string | null }} user */
export const addressOf = (user) => user.wa_id ?? user.user_id ?? user.input;

/** @param {AnyUser} user @param {string} [number] of which number; that of the page */
export function person(user, number) {
  const address = addressOf(user);
  const second = user.name && user.wa_id ? h('span', { class: 'faint' }, ` ${phone(user.wa_id)}`) : null;
  return address ? h('span', {}, h('a', { href: linkTo(['people', address], {}, number) }, nameOf(user)), second) : nameOf(user);
}

/** An arrow and the word. @param {Call} call */
export const directionOf = (call) => h('span', { class: `way ${call.direction}` }, word('way', call.direction));

/** How it stands, or how it ended. @param {Call} call */
export const standing = (call) =>
  badge(call.state === 'ended' ? 'outcome' : 'state', call.state === 'ended' ? (call.outcome ?? 'unknown') : call.state);

export const length = (/** @type {Call} */ call) => (call.duration_seconds === null ? dash() : clock(call.duration_seconds));

export const callLink = (/** @type {Call} */ call, /** @type {Child} */ text) => h('a', { href: linkTo(['calls', call.id]) }, text);
