import { expect, test } from '@jest/globals';
import { Hearing } from './hearing.js';
import { isReachable } from './reachable.js';
import { readRtp, writeRtp } from './rtp.js';
import { TONE } from './tone.js';

const packet = (payload: Buffer, more = {}) => ({
  payloadType: 111,
  marker: false,
  sequence: 65_535,
  timestamp: 4_294_967_295,
  ssrc: 7,
  payload,
  ...more,
});
const SILENCE = Buffer.from('f8fffe', 'hex');

test('an RTP packet is read as it was written, with extensions and padding left out, and RTCP is not taken for one', () => {
  const payload = Buffer.from('some sound');
  const bytes = writeRtp(packet(payload, { marker: true }));
  expect(readRtp(bytes)).toEqual(packet(payload, { marker: true }));
  const extended = Buffer.concat([bytes.subarray(0, 12), Buffer.from('bede000110aa0000', 'hex'), payload, Buffer.from([0, 0, 3])]);
  extended[0] = 0xb0;
  expect(readRtp(extended)?.payload).toEqual(payload);
  expect(readRtp(Buffer.from('80c8000600000001', 'hex'))).toBeNull();
  expect(readRtp(Buffer.concat([Buffer.from('80c8', 'hex'), Buffer.alloc(24)]))).toBeNull();
  expect(readRtp(extended.subarray(0, 14))).toBeNull();
});

test('a tone is speech, a muted microphone is silence, and so is a line on which nothing comes any more', () => {
  const hearing = new Hearing();
  for (const frame of TONE.slice(0, 30)) hearing.hear(packet(frame), 126, 1_000);
  expect(hearing.speaking(1_100)).toBe(true);
  expect(hearing.speaking(2_000)).toBe(false);
  for (let index = 0; index < 25; index += 1) hearing.hear(packet(SILENCE), 126, 2_000);
  expect(hearing.speaking(2_000)).toBe(false);
  expect(hearing.packets).toBe(55);
});

test('a pressed key is heard once, however many packets carry it', () => {
  const hearing = new Hearing();
  const press = (event: number, timestamp: number) =>
    hearing.hear(packet(Buffer.from([event, 10, 0, 160]), { payloadType: 126, timestamp }), 126, 1);
  for (const timestamp of [100, 100, 100, 900, 1_700]) press(timestamp === 100 ? 4 : 11, timestamp);
  expect(hearing.digits).toBe('4##');
  expect(hearing.speaking(1)).toBe(false);
});

test.each([
  ['no candidate at all', [], false],
  ['an address of an example', ['1 1 udp 1 192.0.2.20 50000 typ host', '2 1 udp 1 2001:db8::1 50000 typ host'], false],
  ['only TCP', ['1 1 tcp 1 10.0.0.5 9 typ host tcptype active'], false],
  ['an address of this very machine, whatever its network', ['1 1 udp 1 198.51.100.7 50000 typ host'], true],
  ['a private address', ['1 1 udp 1 10.0.0.5 50000 typ host'], true],
  ['a name that only the local network knows', ['1 1 udp 1 3b1c.local 50000 typ host'], true],
])('behind an SDP with %s somebody may be: %p', (_name, candidates, expected) => {
  const sdp = ['v=0', ...candidates.map((candidate) => `a=candidate:${candidate}`), ''].join('\r\n');
  expect(isReachable(sdp, () => ['198.51.100.7'])).toBe(expected);
});
