import { beforeEach, describe, expect, test } from '@jest/globals';
import { ourAnswer, ourOffer, refusedWith, TestSimulator } from '#simulator/simulator.fixture.js';

describe('calls', () => {
  let play: TestSimulator;
  beforeEach(() => {
    play = new TestSimulator();
  });
  const granted = (id: string): void => play.simulator.permissionSimulation.setSilently(play.user(id), 'temporary');
  const only = (value: { calls?: unknown; statuses?: unknown }) => (value.calls ?? value.statuses) as [Record<string, unknown>];

  test('Ana is called, rings, answers and hangs up, each with a webhook in order and with the callback data of the business', () => {
    granted('ana');
    const id = play.dial('ana', { biz_opaque_callback_data: 'row-1' });
    play.pass(60);
    expect(play.kinds()).toEqual(['connect', 'ringing', 'accepted', 'terminate']);
    const [connect] = only(play.last('connect'));
    expect(connect).toMatchObject({
      id,
      direction: 'BUSINESS_INITIATED',
      to: '5215512340001',
      biz_opaque_callback_data: 'row-1',
      session: { sdp_type: 'answer' },
    });
    const [accepted] = only(play.last('accepted'));
    const [end] = only(play.last('terminate'));
    expect(end).toMatchObject({ id, status: 'COMPLETED', duration: 20, start_time: accepted.timestamp, biz_opaque_callback_data: 'row-1' });
    expect(accepted).toMatchObject({ type: 'call', status: 'ACCEPTED', recipient_id: '5215512340001', biz_opaque_callback_data: 'row-1' });
  });

  test('a rejected call sends REJECTED and then ends without times or a reason', () => {
    granted('diego');
    play.dial('diego');
    play.pass(10);
    expect(play.kinds()).toEqual(['connect', 'ringing', 'rejected', 'terminate']);
    const [end] = only(play.last('terminate'));
    expect(Object.keys(end)).not.toEqual(expect.arrayContaining(['start_time']));
    expect(end).toMatchObject({ status: 'COMPLETED', event: 'terminate' });
  });

  test('a call that nobody answers ends after 60 s', () => {
    granted('carla');
    play.dial('carla');
    play.pass(59);
    expect(play.kinds()).toEqual(['connect', 'ringing']);
    play.pass(2);
    expect(play.kinds()).toEqual(['connect', 'ringing', 'terminate']);
  });

  test('a phone that is off never rings, and a broken set-up ends FAILED with its code beside the call', () => {
    play.dial('julio');
    play.pass(61);
    expect(play.kinds()).toEqual(['connect', 'terminate']);
    play.dial('luis');
    play.pass(10);
    expect(play.last('terminate')).toMatchObject({ calls: [{ status: 'FAILED' }], errors: [{ code: 138021 }] });
  });

  test('the business cancels while it rings, and a second hang-up is refused', () => {
    granted('carla');
    const id = play.dial('carla');
    play.pass(1);
    expect(play.act('terminate', id)).toEqual({ messaging_product: 'whatsapp', success: true });
    play.pass(1);
    expect(play.kinds()).toEqual(['connect', 'ringing', 'terminate']);
    expect(refusedWith(() => play.act('terminate', id))).toBe(100);
  });

  test('Fede calls, the business warms up and accepts with the same SDP, and callback permission follows', () => {
    const id = play.callIn('fede');
    expect(only(play.last('connect'))[0]).toMatchObject({
      id,
      direction: 'USER_INITIATED',
      from: '5215512340006',
      session: { sdp_type: 'offer' },
    });
    const session = ourAnswer();
    play.act('pre_accept', id, { session });
    expect(refusedWith(() => play.act('accept', id, { session: ourAnswer() }))).toBe(100);
    play.act('accept', id, { session, biz_opaque_callback_data: 'row-2' });
    play.pass(31);
    expect(play.kinds()).toEqual(['connect', 'terminate', 'permission_reply']);
    expect(only(play.last('terminate'))[0]).toMatchObject({ duration: 30, biz_opaque_callback_data: 'row-2' });
    expect(play.last('permission_reply')).toMatchObject({
      messages: [
        {
          context: { id },
          interactive: { call_permission_reply: { response: 'accept', is_permanent: false, response_source: 'automatic' } },
        },
      ],
    });
  });

  test('a call that the business leaves alone is given up, and one it rejects ends at once', () => {
    play.callIn('fede');
    play.pass(46);
    expect(play.kinds()).toEqual(['connect', 'terminate', 'permission_reply']);
    const id = play.callIn('ana');
    play.act('reject', id);
    expect(play.simulator.context.calls.get(id)).toMatchObject({ state: 'ended', pickedUpAt: null });
  });

  test('only shapes that Meta takes get through', () => {
    granted('ana');
    const bad = (change: object) => refusedWith(() => play.dial('ana', { session: { ...ourOffer(), ...change } }));
    const { sdp } = ourOffer();
    expect(bad({ sdp_type: 'answer' })).toBe(100);
    expect(bad({ sdp: sdp.replaceAll('\r\n', '\n') })).toBe(100);
    expect(bad({ sdp: sdp.replace(/a=fingerprint.*\r\n/, '') })).toBe(100);
    expect(bad({ sdp: sdp.replace('sha-256', 'sha-512') })).toBe(100);
    expect(bad({ sdp: sdp.replace('actpass', 'passive') })).toBe(100);
    expect(bad({ more: 1 })).toBe(100);
    expect(refusedWith(() => play.dial('ana', { biz_opaque_callback_data: 'x'.repeat(513) }))).toBe(100);
    expect(refusedWith(() => play.dial('ana', { action: 'request_permission' }))).toBe(100);
    const id = play.callIn('fede');
    expect(refusedWith(() => play.act('accept', id, { session: { ...ourAnswer(), sdp_type: 'offer' } }))).toBe(100);
    expect(refusedWith(() => play.act('accept', id, { session: { sdp_type: 'answer', sdp } }))).toBe(100);
  });

  test('a busy phone never rings, and an old client never gets the request', () => {
    granted('ana');
    play.user('ana').script.on_call = 'busy';
    play.dial('ana');
    play.pass(3);
    expect(play.kinds()).toEqual(['connect', 'terminate']);
    play.sent.length = 0;
    play.user('beto').script.old_client = true;
    play.ask('beto');
    play.pass(10);
    expect(play.kinds()).toEqual(['message_status', 'message_status']);
    expect(play.last('message_status')).toMatchObject({ statuses: [{ status: 'failed', errors: [{ code: 131026 }] }] });
  });

  test('a rejection counts as unanswered, a picked-up call forgives', () => {
    granted('diego');
    play.dial('diego');
    play.pass(5);
    expect(play.user('diego').unanswered).toBe(1);
    play.user('diego').script.on_call = 'answer';
    play.dial('diego');
    play.pass(60);
    expect(play.user('diego').unanswered).toBe(0);
  });

  test('without the callback setting a call of a user grants nothing', () => {
    play.simulator.context.number.calling.callback_permission_status = 'DISABLED';
    play.callIn('fede');
    play.pass(61);
    expect(play.kinds()).toEqual(['connect', 'terminate']);
  });
});
