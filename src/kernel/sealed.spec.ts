import { describe, expect, it } from '@jest/globals';
import { seal, unseal } from './sealed.js';
import { Secret } from './secret.js';

const credential = new Secret('wac_0123456789_abc');
const TEXT = '{"secret":"whsec_ñ🎉"}';

describe('a sealed text', () => {
  it('opens with its credential at its place, and never looks the same twice', () => {
    const sealed = seal(TEXT, credential, 'row 1');
    expect(unseal(sealed, credential, 'row 1')).toBe(TEXT);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('whsec');
    expect(seal(TEXT, credential, 'row 1')).not.toBe(sealed);
  });

  it('opens with no other credential, at no other place, and not when a bit was changed', () => {
    const sealed = seal(TEXT, credential, 'row 1');
    expect(() => unseal(sealed, new Secret('wac_0123456789_abd'), 'row 1')).toThrow();
    expect(() => unseal(sealed, credential, 'row 2')).toThrow();
    const bytes = Buffer.from(sealed, 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => unseal(changed.toString('base64'), credential, 'row 1')).toThrow();
    }
    expect(() => unseal('', credential, 'row 1')).toThrow();
  });
});
