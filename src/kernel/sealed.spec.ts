import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { SealBroken, SealingKey, SealingKeyMissing, SealingKeys, seal, unseal } from './sealed.js';
import { Secret, sha256 } from './secret.js';

const credential = new Secret('wac_0123456789_abc');
const TEXT = '{"secret":"whsec_ñ🎉"}';

describe('a text sealed under a credential', () => {
  it('opens with its credential at its place, and never looks the same twice', () => {
    const sealed = seal(TEXT, credential, 'row 1');
    expect(unseal(sealed, credential, 'row 1')).toBe(TEXT);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('whsec');
    expect(seal(TEXT, credential, 'row 1')).not.toBe(sealed);
  });

  it('opens with no other credential, at no other place, and not when a bit was changed', () => {
    const sealed = seal(TEXT, credential, 'row 1');
    expect(() => unseal(sealed, new Secret('wac_0123456789_abd'), 'row 1')).toThrow(SealBroken);
    expect(() => unseal(sealed, credential, 'row 2')).toThrow(SealBroken);
    const bytes = Buffer.from(sealed, 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => unseal(changed.toString('base64'), credential, 'row 1')).toThrow(SealBroken);
    }
    expect(() => unseal('', credential, 'row 1')).toThrow(SealBroken);
  });

  it('opens when a release before this one has sealed it', () => {
    const sealed = 'RHa3Kr1SEtBWA+uZFjx/RjOtdfLCtyl91dVQQkdeOSi9Fn7rj0rz8BL12hCDXaRK1KqLscEQFNygvc7slY1XNuC+Doaw';
    expect(unseal(sealed, credential, 'row 1')).toBe(TEXT);
  });
});

describe('a text sealed with the keys of a gateway', () => {
  const key = (name: string) => new SealingKey(Buffer.from(sha256(name), 'hex'));
  const keys = (...names: string[]) => new SealingKeys(names.map(key));

  it('says by which key it was sealed, and opens with that one among several', () => {
    const sealed = keys('old').seal(TEXT, 'a|b|1');
    expect(sealed).toMatch(/^[0-9a-f]{8}\.[A-Za-z0-9+/=]+$/);
    expect(sealed.startsWith(sha256(Buffer.from(sha256('old'), 'hex')).slice(0, 8))).toBe(true);
    expect(keys('new', 'old').open(sealed, 'a|b|1')).toBe(TEXT);
    expect(keys('new', 'old').seal(TEXT, 'a|b|1').slice(0, 8)).toBe(key('new').id);
  });

  it('opens nowhere else and with no other key, and says which key is missing', () => {
    const sealed = keys('old').seal(TEXT, 'a|b|1');
    expect(() => keys('old').open(sealed, 'a|b|2')).toThrow(SealBroken);
    expect(() => keys('new').open(sealed, 'a|b|1')).toThrow(new SealingKeyMissing(key('old').id));
    // Another key under the id of the right one.
    expect(() => keys('new').open(`${key('new').id}${sealed.slice(8)}`, 'a|b|1')).toThrow(SealBroken);
    for (const wrong of ['', 'whsec_abc', `${key('old').id}.`, `${key('old').id}.AAAA`, `${sealed.slice(0, -8)}AAAAAAA=`])
      expect(() => keys('old').open(wrong, 'a|b|1')).toThrow(SealBroken);
  });

  it('needs a key, and shows none', () => {
    expect(() => keys().seal(TEXT, 'a|b|1')).toThrow('no key to seal with');
    const shown = [inspect(keys('old'), { depth: 9 }), JSON.stringify(keys('old')), String(key('old')), inspect(key('old'))].join();
    expect(shown).toContain(key('old').id);
    for (const encoding of ['hex', 'base64'] as const) expect(shown).not.toContain(Buffer.from(sha256('old'), 'hex').toString(encoding));
  });
});
