import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** The certificate by which a phone proves that its SDP is its own. */
export type PhoneIdentity = ReturnType<typeof newIdentity>;

const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const VERSION_3 = Buffer.from('a003020102', 'hex');

/** One value in DER. @see ITU-T X.690 */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const longForm = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const size = length < 0x80 ? [length] : longForm;
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));

/** A fresh key and a self-signed certificate for it; peers look at nothing but its fingerprint. @see RFC 8122, RFC 5280 */
export function newIdentity() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(ECDSA_WITH_SHA256);
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from('phone')))));
  const serial = der(0x02, Buffer.from([1]), randomBytes(7));
  const validity = sequence(utcTime('200101000000Z'), utcTime('491231235959Z'));
  const body = sequence(VERSION_3, serial, algorithm, name, validity, name, publicKey.export({ type: 'spki', format: 'der' }));
  const bytes = sequence(body, algorithm, der(0x03, Buffer.from([0]), sign('sha256', body, privateKey)));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    /** PEM. */
    certificate: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    /** PEM, PKCS #8. */
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    /** SHA-256 of the certificate, as SDP writes it. */
    fingerprint: (createHash('sha256').update(bytes).digest('hex').toUpperCase().match(/../g) ?? []).join(':'),
  };
}
