import { base62, type Random } from '#access/keys/api-key.js';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';

/** The idle timeout of a session; an open event stream counts as use. */
export const IDLE_MS = 30 * MINUTE;
/** The longest life of a session; only a call that it holds may prolong it. */
export const ABSOLUTE_MS = 12 * HOUR;
/** The longest life of a browser token, in seconds. */
export const MAX_TOKEN_SECONDS = 900;
/** How long ended rows stay before a sign-in purges them. */
export const SWEEP_MS = DAY;

/** Tokens begin with this, so that a key is never looked up among them, nor a token among keys. */
const TOKEN_PREFIX = 'wat_';
const ID_LENGTH = 10;
/** 43 letters of 62 hold 256 bits. */
const SECRET_LENGTH = 43;

export const isBrowserToken = (text: string): boolean => text.startsWith(TOKEN_PREFIX);

/** `ses_…` or `tok_…`, and the text that only the browser keeps. */
export function makeSession(kind: 'session' | 'token', random: Random): { id: string; text: string } {
  const id = base62(ID_LENGTH, random);
  const text = `${id}_${base62(SECRET_LENGTH, random)}`;
  return kind === 'session' ? { id: `ses_${id}`, text } : { id: `tok_${id}`, text: `${TOKEN_PREFIX}${text}` };
}

/** The cookie's name: browsers take `__Host-` from https only, and then from this very host only. */
export const cookieName = (publicUrl: string): string => (isHttps(publicUrl) ? '__Host-wac' : 'wac');

/** The session's text in a `Cookie` header; `undefined` when it is not there or has not its shape. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value !== undefined && /^[0-9A-Za-z_]{54}$/.test(value)) return value;
  }
  return undefined;
}

/** A `Set-Cookie` for `seconds`; an empty text and 0 take the cookie back. */
export const cookie = (publicUrl: string, text: string, seconds: number): string =>
  `${cookieName(publicUrl)}=${text}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isHttps(publicUrl) ? '; Secure' : ''}`;

const isHttps = (url: string): boolean => url.startsWith('https:');
