import { randomBytes } from 'node:crypto';
import { bearerToken, makeApiKey } from './api-key.js';

describe('an API key', () => {
  it('has ten letters for its name and forty-three for its secret', () => {
    const key = makeApiKey(randomBytes);
    expect(key.text).toMatch(/^wac_[0-9A-Za-z]{10}_[0-9A-Za-z]{43}$/);
    expect(key.id).toBe(`key_${key.text.slice(4, 14)}`);
  });

  it('never uses a byte that would favour some letters', () => {
    const bytes = [255, 248, 61, 0];
    const key = makeApiKey((size) => Uint8Array.from({ length: size }, (_, i) => bytes[i % bytes.length] as number));
    expect(key.id).toMatch(/^key_[z0]{10}$/);
  });

  it.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc ', 'abc'],
    ['Basic YTpi', undefined],
    ['Bearer', undefined],
    ['Bearer a b', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('is read from the header %p as %p', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });
});
