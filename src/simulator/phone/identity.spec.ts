import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { newIdentity } from './identity.js';

test('a phone has a certificate that it signed itself, with the fingerprint of its SDP, and another one each time', () => {
  const { certificate, key, fingerprint } = newIdentity();
  const read = new X509Certificate(certificate);
  expect(read.fingerprint256).toBe(fingerprint);
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.subject).toBe(read.issuer);
  expect(newIdentity().fingerprint).not.toBe(fingerprint);
});
