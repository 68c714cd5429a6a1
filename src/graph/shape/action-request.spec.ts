import { describe, expect, it } from '@jest/globals';
import { Problem } from '#kernel/problem.js';
import { actionOf, readActionRequest } from './action-request.js';

const SDP = [
  ...['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=ice-ufrag:u'],
  ...['a=ice-pwd:abcdefghijklmnopqrstuvwx', `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`, 'a=setup:actpass'],
  ...['a=rtpmap:111 opus/48000/2', ''],
].join('\r\n');
const session = { sdp_type: 'offer', sdp: SDP };
const answer = { sdp_type: 'answer', sdp: SDP.replace('actpass', 'active') };
const fieldsOf = (body: object): string[] => {
  try {
    readActionRequest(body as never);
    return [];
  } catch (error) {
    return error instanceof Problem ? error.errors.map(({ field }) => field) : ['no problem'];
  }
};

describe('a body of calls', () => {
  it('names its action in any case, or means connect by an offer and an addressee', () => {
    expect(['connect', 'CONNECT', 'Pre_Accept', 'hold', '', 7].map((action) => actionOf({ action }))).toEqual([
      ...['connect', 'connect', 'pre_accept', undefined, undefined, undefined],
    ]);
    expect(actionOf({ to: '1', session })).toBe('connect');
    expect(actionOf({ recipient: 'MX.1', session: { ...session, sdp_type: 'OFFER' } })).toBe('connect');
    expect([actionOf({ session }), actionOf({ to: '1' }), actionOf({ to: '1', session: answer })]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is read with what clients send beside it', () => {
    const more = { messaging_product: 'whatsapp', type: 'audio', biz_opaque_callback_data: 'a' };
    expect(
      readActionRequest({ ...more, to: 5215512340001, recipient: 'MX.10000', action: 'connect', session: { ...session, x: 1 } }),
    ).toEqual({
      action: 'connect',
      addressee: { user: { waId: '5215512340001' }, input: '5215512340001' },
      session,
      callbackData: 'a',
    });
    expect(readActionRequest({ ...more, to: '1', action: 'accept', call_id: 'wacid.1' })).toEqual({
      ...{ action: 'accept', callId: 'wacid.1', session: null, callbackData: 'a' },
    });
    expect(readActionRequest({ ...more, action: 'reject', call_id: 'wacid.1', session })).toEqual({ action: 'reject', callId: 'wacid.1' });
    const legacy = { webrtc: { sdp: JSON.stringify({ type: 'answer', sdp: answer.sdp }) } };
    expect(readActionRequest({ action: 'pre_accept', call_id: 'wacid.1', connection: legacy })).toMatchObject({ session: answer });
  });

  it('is refused by the names of its members', () => {
    const connect = { action: 'connect', to: '5215512340001', session };
    expect(fieldsOf(connect)).toEqual([]);
    expect(fieldsOf({})).toEqual(['action']);
    expect(fieldsOf({ ...connect, to: '12', recipient: 'MX.10000' })).toEqual(['to']);
    expect(fieldsOf({ ...connect, recording: { status: 'ENABLED' }, transcription: {} })).toEqual(['recording', 'transcription']);
    expect(fieldsOf({ ...connect, recording: { status: 'disabled' }, transcription: null })).toEqual([]);
    expect(fieldsOf({ ...connect, biz_opaque_callback_data: 'x'.repeat(512) })).toEqual([]);
    expect(fieldsOf({ ...connect, biz_opaque_callback_data: 'x'.repeat(513) })).toEqual(['biz_opaque_callback_data']);
    expect(fieldsOf({ action: 'accept', call_id: 'w', biz_opaque_callback_data: 5 })).toEqual(['biz_opaque_callback_data']);
    expect(fieldsOf({ action: 'terminate', call_id: 'x'.repeat(513) })).toEqual(['call_id']);
    expect(fieldsOf({ action: 'pre_accept', call_id: 'w' })).toEqual(['session']);
    expect(fieldsOf({ action: 'accept', call_id: 'w', session: 'v=0' })).toContain('session.sdp');
  });

  it('keeps half of a surrogate pair out of the database', () => {
    const wanted = readActionRequest({ action: 'accept', call_id: 'w', biz_opaque_callback_data: 'a\ud800b' });
    expect(wanted).toMatchObject({ callbackData: 'a\ufffdb' });
  });
});
