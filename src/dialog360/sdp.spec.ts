import { checkSession, withRole } from './sdp.js';

const FINGERPRINT = `a=fingerprint:sha-256 ${new Array(32).fill('AB').join(':')}`;
const lines = (setup: string) => [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 126',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:0123456789012345678901',
  FINGERPRINT,
  `a=setup:${setup}`,
  'a=rtpmap:111 opus/48000/2',
];
const text = (parts: string[], end = '\r\n') => parts.join(end) + end;
const GOOD = text(lines('actpass'));
const offer = (sdp: unknown) => checkSession({ sdp_type: 'offer', sdp }, 'offer');
const faults = (result: ReturnType<typeof checkSession>) =>
  'errors' in result ? result.errors.map(({ field, message }) => `${field} ${message.en}`) : [];

describe('checkSession', () => {
  it('lets a correct SDP pass byte for byte', () => {
    expect(offer(GOOD)).toEqual({ session: { sdp_type: 'offer', sdp: GOOD } });
    const answer = text(lines('active'));
    expect(checkSession({ sdp_type: 'answer', sdp: answer }, 'answer')).toEqual({ session: { sdp_type: 'answer', sdp: answer } });
  });

  it.each([
    ['bare LF', text(lines('actpass'), '\n')],
    ['escaped CRLF', text(lines('actpass'), '\\r\\n')],
    ['escaped LF', text(lines('actpass'), '\\n')],
    ['no line end at its end', GOOD.trimEnd()],
    ['empty lines at its end', `${GOOD}\r\n\r\n`],
    ['other fingerprints beside sha-256', text([...lines('actpass'), 'a=fingerprint:sha-512 00:11'])],
  ])('mends %s', (_, sdp) => {
    expect(offer(sdp)).toEqual({ session: { sdp_type: 'offer', sdp: GOOD } });
  });

  it.each([
    ['no v=0', GOOD.replace('v=0\r\n', ''), 'must begin with v=0'],
    ['no audio', GOOD.replace('m=audio', 'm=video'), 'must have exactly one m= section, of audio'],
    ['two m= sections', `${GOOD}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`, 'must have exactly one m= section, of audio'],
    ['no fingerprint', GOOD.replace(`${FINGERPRINT}\r\n`, ''), 'has no valid a=fingerprint:sha-256'],
    ['only a sha-1 fingerprint', GOOD.replace(FINGERPRINT, 'a=fingerprint:sha-1 00:11'), 'has no valid a=fingerprint:sha-256'],
    ['no ice-ufrag', GOOD.replace('a=ice-ufrag:abcd\r\n', ''), 'has no a=ice-ufrag or no a=ice-pwd'],
    ['no ice-pwd', GOOD.replace(/a=ice-pwd.*\r\n/, ''), 'has no a=ice-ufrag or no a=ice-pwd'],
  ])('refuses an SDP with %s', (_, sdp, message) => {
    expect(faults(offer(sdp))).toEqual([`session.sdp ${message}`]);
  });

  const silent = 'sends no audio: a=recvonly, a=inactive and port 0 leave the other side in silence, and Meta ends such a call';
  it.each([
    ['no Opus', GOOD.replace(/a=rtpmap:111.*\r\n/, ''), 'has no Opus at 48000 Hz: Meta takes no other codec by default'],
    [
      'Opus under a payload type that its m= line does not list',
      GOOD.replace('SAVPF 111 126', 'SAVPF 126'),
      'has no Opus at 48000 Hz: Meta takes no other codec by default',
    ],
    ['Opus at another rate', GOOD.replace('opus/48000/2', 'opus/16000'), 'has no Opus at 48000 Hz: Meta takes no other codec by default'],
    [
      'PCMU alone',
      GOOD.replace('SAVPF 111 126', 'SAVPF 0').replace('a=rtpmap:111 opus/48000/2', 'a=rtpmap:0 PCMU/8000'),
      'has no Opus at 48000 Hz: Meta takes no other codec by default',
    ],
    ['a=recvonly', `${GOOD}a=recvonly\r\n`, silent],
    ['a=inactive', `${GOOD}a=inactive\r\n`, silent],
    ['a=recvonly for the whole session', GOOD.replace('t=0 0\r\n', 't=0 0\r\na=recvonly\r\n'), silent],
    ['port 0', GOOD.replace('m=audio 9 ', 'm=audio 0 '), silent],
  ])('refuses an offer and an answer with %s', (_, sdp, message) => {
    expect(faults(offer(sdp))).toEqual([`session.sdp ${message}`]);
    const answer = sdp.replace('actpass', 'active');
    expect(faults(checkSession({ sdp_type: 'answer', sdp: answer }, 'answer'))).toEqual([`session.sdp ${message}`]);
  });

  it.each([
    ['a=sendrecv', `${GOOD}a=sendrecv\r\n`],
    ['a=sendonly', `${GOOD}a=sendonly\r\n`],
    ['a direction of its own against that of the session', `${GOOD.replace('t=0 0\r\n', 't=0 0\r\na=inactive\r\n')}a=sendrecv\r\n`],
    ['Opus in capitals under any payload type', GOOD.replace('SAVPF 111 ', 'SAVPF 96 ').replace('rtpmap:111 opus', 'rtpmap:96 OPUS')],
  ])('takes %s', (_, sdp) => {
    expect(offer(sdp)).toEqual({ session: { sdp_type: 'offer', sdp } });
  });

  it.each(['', 7, null, undefined, {}, `${GOOD}${'a=x\r\n'.repeat(20_000)}`])('refuses what is no text of at most 64 KiB', (sdp) => {
    expect(faults(offer(sdp))).toEqual(['session.sdp must be the text of an SDP of at most 64 KiB']);
  });

  it.each(['actpass', 'passive'])('refuses an answer that says a=setup:%s, and does not mend it', (setup) => {
    expect(faults(checkSession({ sdp_type: 'answer', sdp: text(lines(setup)) }, 'answer'))).toEqual([
      'session.sdp an answer must say a=setup:active: Meta offers actpass',
    ]);
  });

  it('refuses the other type, unknown fields and what is no object', () => {
    expect(faults(checkSession({ sdp_type: 'offer', sdp: text(lines('active')), type: 'x' }, 'answer'))).toEqual([
      'session.type is not a known field',
      'session.sdp_type must be "answer"',
    ]);
    for (const value of [undefined, null, 'v=0', []])
      expect(faults(checkSession(value, 'offer'))).toEqual(['session must be an object with sdp_type and sdp']);
  });

  it('reports every fault in both languages', () => {
    const result = checkSession({ sdp_type: 'x', sdp: 'x' }, 'answer');
    for (const { message } of 'errors' in result ? result.errors : []) expect(message.es).not.toBe(message.en);
  });
});

describe('withRole', () => {
  it.each(['\r\n', '\n'])('says active where the answer leaves the role open, and changes nothing else', (end) => {
    expect(withRole({ sdp_type: 'answer', sdp: text(lines('actpass'), end) })).toEqual({
      sdp_type: 'answer',
      sdp: text(lines('active'), end),
    });
  });

  it.each(['active', 'passive', 'holdconn'])('leaves an answer alone that says %s', (setup) => {
    const session = { sdp_type: 'answer', sdp: text(lines(setup)) } as const;
    expect(withRole(session)).toBe(session);
  });

  it('leaves offers alone, which may leave it open', () => {
    const session = { sdp_type: 'offer', sdp: GOOD } as const;
    expect(withRole(session)).toBe(session);
  });
});
