import { linkTo } from '../router.js';
import { t, word } from '../texts.js';
import { h } from '../view.js';
import { badge } from './badge.js';
import { clock, dash } from './time.js';

/** A number as people read it: a plus and the digits. */
export const phone = (waId) => (/^\d+$/.test(waId ?? '') ? `+${waId}` : waId);

/** The user of a call, by the best known name. */
export const nameOf = (user) => user.name ?? user.username ?? phone(user.wa_id) ?? user.user_id ?? user.input ?? t('word.unknown');

/** The address under which a person is asked for. */
export const addressOf = (user) => user.wa_id ?? user.user_id ?? user.input;

export function person(user) {
  const address = addressOf(user);
  const second = user.name && user.wa_id ? h('span', { class: 'faint' }, ` ${phone(user.wa_id)}`) : null;
  return address ? h('span', {}, h('a', { href: linkTo(['people', address]) }, nameOf(user)), second) : nameOf(user);
}

/** An arrow and the word. */
export const directionOf = (call) => h('span', { class: `way ${call.direction}` }, word('way', call.direction));

/** How it stands, or how it ended. */
export const standing = (call) =>
  badge(call.state === 'ended' ? 'outcome' : 'state', call.state === 'ended' ? (call.outcome ?? 'unknown') : call.state);

export const length = (call) => (call.duration_seconds === null ? dash() : clock(call.duration_seconds));

export const callLink = (call, text) => h('a', { href: linkTo(['calls', call.id]) }, text);
