import { describe, expect, it } from '@jest/globals';
import { redact, valuesNamed } from './redact.js';

const ANA = '5215512345678';

describe('a redacted text', () => {
  it.each([
    ['the number itself', '5215512345678', '*********5678'],
    ['its twin', 'to 525512345678.', 'to ********5678.'],
    ['another writing', 'call +52 1 (55) 1234-5678 now', 'call *********5678 now'],
    ['the local part', '1234 5678', '****5678'],
  ])('masks %s but for four digits', (_, written, shown) => {
    expect(redact({ text: written }, [ANA])).toEqual({ text: shown });
  });

  it.each(['300000000000001', 'wacid.HBgNNTIxNTU', '2026-11-23T12:34:56.780Z', '99912345678000', 'call_01JD512345678X'])(
    'leaves %s alone',
    (text) => {
      expect(redact({ text }, [ANA, '+52 55 1234 5678'])).toEqual({ text });
    },
  );

  it('hides SDP and secrets at any depth', () => {
    const redacted = redact(
      { a: [{ sdp: 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n' }, { sip_user_password: 'x', note: 'x\r\na=ice-pwd:abc' }] },
      [],
    );
    expect(redacted).toEqual({ a: [{ sdp: '[redacted]' }, { sip_user_password: '[redacted]', note: '[redacted]' }] });
  });

  it('keeps everything else, and what has no number to mask', () => {
    const value = { a: null, b: 1, c: [true, 'x'], d: { e: '' } };
    expect(redact(value, [])).toEqual(value);
    expect(redact(value, ['', 'MX.100'])).toEqual(value);
  });
});

it('finds every value of a name once', () => {
  expect(
    valuesNamed({ a: { fbtrace_id: 'A' }, b: [{ fbtrace_id: 'B' }, { fbtrace_id: 'A' }, { fbtrace_id: null }] }, 'fbtrace_id'),
  ).toEqual(['A', 'B']);
});
