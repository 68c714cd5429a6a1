import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { asciiJson } from '#kernel/text/ascii-json.js';
import { faultOfHandshake, handshakeUrl, hubSignature, makeAppSecret, makeHubChallenge } from './hub.js';

const SECRET = '0123456789abcdef0123456789abcdef';
const BODIES = 10_000;

const signatureOf = (text: string): string => `sha256=${createHmac('sha256', SECRET).update(text).digest('hex')}`;
/** As whatsapp-api-js 6 escapes a body before it verifies it. */
const escapeUnicode = (text: string) => text.replace(/[^\0-~]/g, (unit) => `\\u${`000${unit.charCodeAt(0).toString(16)}`.slice(-4)}`);

/** How receivers verify: the signature that each expects for the bytes that it got. */
const WAYS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  'the bytes as they came, as @kapso/whatsapp-cloud-api 0.3, pywa and pipecat': (bytes) =>
    `sha256=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`,
  'the body parsed, written again and escaped, as Meta documents it': (bytes) =>
    signatureOf(escapeUnicode(JSON.stringify(JSON.parse(bytes.toString())))),
  'the text with its characters escaped, as whatsapp-api-js 6.3': (bytes) => signatureOf(escapeUnicode(bytes.toString())),
};

/** Any UTF-16 unit, so that halves of surrogate pairs occur as well. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff }), fc.constantFrom(34, 47, 92, 127)))
  .map((units) => String.fromCharCode(...units));
const emoji = fc.constantFrom('😀', '👩‍👩‍👧‍👦', 'Ñandú', '\u2028', '</script>', '\\u00e9', '1.0', '"', '/');
const leaf = fc.oneof(
  anyText,
  emoji,
  fc.double(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(1e21, 1e-7, -0, 2 ** 53),
);
const { body: anyBody } = fc.letrec((tie) => ({
  body: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('body'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(anyText, emoji, fc.nat().map(String)), tie('body'), { maxKeys: 4 }),
  ),
}));

describe("a body in Meta's format", () => {
  it('is verified by every way of receivers, whatever it holds', () => {
    fc.assert(
      fc.property(anyBody, (value) => {
        const bytes = Buffer.from(asciiJson({ value }));
        const sent = hubSignature(bytes, SECRET)['x-hub-signature-256'];
        return bytes.every((byte) => byte < 0x7f) && Object.values(WAYS).every((expected) => expected(bytes) === sent);
      }),
      { numRuns: BODIES, seed: 22 },
    );
  });

  it('is verified by none once a bit has changed, unless it says the same', () => {
    fc.assert(
      fc.property(anyBody, fc.nat(), fc.integer({ min: 0, max: 7 }), (value, place, bit) => {
        const bytes = Buffer.from(asciiJson({ value }));
        const sent = hubSignature(bytes, SECRET)['x-hub-signature-256'];
        const index = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << bit), index);
        const [asTheyCame, reserialised, escaped] = Object.values(WAYS).map((expected) => accepts(expected, bytes, sent));
        return !asTheyCame && !escaped && (!reserialised || asciiJson(JSON.parse(bytes.toString())) === asciiJson({ value }));
      }),
      { numRuns: BODIES, seed: 22 },
    );
  });

  it('is escaped in lower case, unit by unit, with DEL', () => {
    expect(asciiJson({ a: 'é😀\ud800\x7f/"\n' })).toBe('{"a":"\\u00e9\\ud83d\\ude00\\ud800\\u007f/\\"\\n"}');
  });
});

describe("the handshake of Meta's format", () => {
  const result = (status: number | null, error: string | null = null) => ({ status, error, latencyMs: 1, retryAfter: null });

  it('adds its three members to what stands in the query', () => {
    const url = new URL(handshakeUrl('https://example.com/hook?tenant=7&hub.mode=old', 'to ken&', '12345'));
    expect([...url.searchParams]).toEqual([
      ['tenant', '7'],
      ['hub.mode', 'subscribe'],
      ['hub.challenge', '12345'],
      ['hub.verify_token', 'to ken&'],
    ]);
  });

  it('has a challenge that an integer holds, and a secret in the form of an app secret', () => {
    for (const random of [(from: number) => from, (_: number, to: number) => to - 1]) {
      const challenge = makeHubChallenge(random);
      expect(String(Number.parseInt(challenge, 10))).toBe(challenge);
    }
    expect(makeAppSecret((size) => Buffer.alloc(size, 0xab))).toBe('ab'.repeat(16));
  });

  it('is passed by the challenge as text alone', () => {
    expect(faultOfHandshake(result(200), '12345\n', '12345')).toBeNull();
    expect(faultOfHandshake(result(201), '12345', '12345')).toBeNull();
    for (const text of ['', '"12345"', '123456', '{"challenge":"12345"}'])
      expect(faultOfHandshake(result(200), text, '12345')?.en).toContain('without hub.challenge');
    expect(faultOfHandshake(result(500), '12345', '12345')?.en).toContain('answered 500');
    expect(faultOfHandshake(result(null, 'ECONNREFUSED'), '', '12345')?.es).toContain('ECONNREFUSED');
  });
});

/** A receiver that cannot parse a body does not accept it. */
function accepts(expected: (bytes: Buffer) => string, bytes: Buffer, sent: string | undefined): boolean {
  try {
    return expected(bytes) === sent;
  } catch {
    return false;
  }
}
