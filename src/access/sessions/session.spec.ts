import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { cookie, cookieIn, cookieName, isBrowserToken, makeSession } from './session.js';

describe('a session', () => {
  it('has 256 random bits that only the browser keeps', () => {
    expect(makeSession('session', randomBytes)).toEqual({
      id: expect.stringMatching(/^ses_[0-9A-Za-z]{10}$/),
      text: expect.stringMatching(/^[0-9A-Za-z]{10}_[0-9A-Za-z]{43}$/),
    });
    expect(isBrowserToken(makeSession('token', randomBytes).text)).toBe(true);
    expect(isBrowserToken(makeSession('session', randomBytes).text)).toBe(false);
  });

  it('travels in a cookie that scripts cannot read and other sites cannot send, bound to this host where there is https', () => {
    expect(cookie('https://calls.example.com', 'x', 60)).toBe('__Host-wac=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure');
    expect(cookie('http://127.0.0.1:3000', 'x', 60)).toBe('wac=x; Path=/; Max-Age=60; HttpOnly; SameSite=Strict');
    expect(cookieName('https://calls.example.com')).toBe('__Host-wac');
  });

  it('is found among other cookies, and only in its own shape', () => {
    const { text } = makeSession('session', randomBytes);
    expect(cookieIn(`theme=dark; wac=${text}; a=b`, 'wac')).toBe(text);
    for (const header of [undefined, '', 'wac', 'wac=', `xwac=${text}`, `wac=${text}x`, `wac="${text}"`, `wac=${text.slice(1)}`]) {
      expect(cookieIn(header, 'wac')).toBeUndefined();
    }
  });
});
