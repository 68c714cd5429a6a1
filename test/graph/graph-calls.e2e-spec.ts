import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { answer, offer } from '../sdp.js';
import type { World } from '../world.js';
import { act, dialsTo, faultsOfError, HUGO, NUMBER, openGraph } from './graph-world.js';

const WACID = /^wacid\./;

describe.each(engines)('calls in the shape of Meta, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await openGraph({ engine });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  const connect = (more: object = {}, headers?: Record<string, string>) =>
    act(world, { messaging_product: 'whatsapp', to: HUGO, action: 'connect', session: offer(), ...more }, headers);
  const kept = async (wacid: string) =>
    (await world.app.get(Store).read.selectFrom('calls').selectAll().where('wacid', '=', wacid).execute())[0];

  it('connects, rings, is answered and hung up; the opaque data is kept and ours alone is sent', async () => {
    const { status, body } = await connect({ biz_opaque_callback_data: 'row-42' });
    expect([status, body]).toEqual([200, { messaging_product: 'whatsapp', success: true, calls: [{ id: expect.stringMatching(WACID) }] }]);
    const [{ id }] = body.calls;
    expect(await kept(id)).toMatchObject({ callback_data: 'row-42', connected_by: expect.stringMatching(/^key_/) });
    await world.pass(8);
    const call = await world.call(id);
    expect([call.state, JSON.stringify(call).includes('row-42')]).toEqual(['in_progress', false]);
    const opaque = world.simulator.context.calls.get(id)?.opaque;
    expect(opaque).toBe(call.id);
    expect(await act(world, { call_id: id, action: 'terminate' })).toMatchObject({
      ...{ status: 200, body: { messaging_product: 'whatsapp', success: true } },
    });
    await world.pass(2);
    expect((await world.call(id)).outcome).toBe('answered');
    expect((await act(world, { call_id: id, action: 'terminate' })).status).toBe(200);
  });

  it('pre-accepts and accepts, with the caller’s opaque data from then on', async () => {
    const { call_id } = await world.ring('fede');
    const warm = await act(world, { call_id, action: 'PRE_ACCEPT', to: NUMBER, session: { ...answer(), sdp_type: 'ANSWER' } });
    expect([warm.status, warm.body]).toEqual([200, { messaging_product: 'whatsapp', success: true }]);
    const wrong = await act(world, { call_id, action: 'accept', session: answer('9009'), biz_opaque_callback_data: 'never' });
    expect([wrong.status, wrong.body.error.gateway_code]).toEqual([400, 'answer_mismatch']);
    expect((await kept(call_id))?.callback_data).toBe(null);
    const taken = await act(world, { call_id, action: 'accept', session: answer(), biz_opaque_callback_data: 'row-43', type: 'audio' });
    expect([taken.status, taken.body]).toEqual([200, { messaging_product: 'whatsapp', success: true }]);
    expect(await kept(call_id)).toMatchObject({ callback_data: 'row-43', connected_by: null });
    expect((await world.call(call_id)).state).toBe('in_progress');
    await world.stop();
    await world.start();
    await world.pass(40);
    expect([(await world.call(call_id)).state, (await kept(call_id))?.callback_data]).toEqual(['ended', 'row-43']);
  });

  it('rejects', async () => {
    const { call_id } = await world.ring('fede');
    expect((await act(world, { call_id, action: 'Reject' })).body.success).toBe(true);
    await world.pass(2);
    expect((await world.call(call_id)).outcome).toBe('rejected');
  });

  it('connects without an action when there is an offer and an addressee, also in the legacy shape, and `to` wins', async () => {
    const { sdp } = offer();
    const connection = { webrtc: { sdp: JSON.stringify({ type: 'offer', sdp }) } };
    const first = await act(world, { to: `+${HUGO}`, recipient: 'MX.10000000000000000005', connection });
    expect([first.status, dialsTo(world, 'Hugo'), dialsTo(world, 'Elena')]).toEqual([200, 1, 0]);
    expect((await act(world, { to: HUGO, session: answer() })).body.error).toMatchObject({
      ...{ code: 100, error_data: { details: expect.stringContaining('action: must be one of') } },
    });
  });

  it('refuses what it cannot do by name, and sends nothing', async () => {
    const recording = { status: 'ENABLED', purpose: 'quality', announcement_language: 'en' };
    const cases: Array<[object, string]> = [
      [{ recording }, 'recording: is not available'],
      [{ transcription: recording }, 'transcription: is not available'],
      [{ recording: 'yes' }, 'recording: is not available'],
      [{ biz_opaque_callback_data: 'x'.repeat(513) }, 'biz_opaque_callback_data: must be a text of at most 512'],
      [{ biz_opaque_callback_data: { a: 1 } }, 'biz_opaque_callback_data: must be a text'],
      [{ session: undefined }, 'session: must be an object'],
      [{ session: answer() }, 'session.sdp_type: must be "offer"'],
      [{ session: { sdp_type: 'offer', sdp: 'v=0' } }, 'session.sdp: must have exactly one'],
      [{ to: 'nobody' }, 'to: must be a phone number'],
      [{ to: undefined }, 'to: must be a phone number'],
      [{ action: 'hold' }, 'action: must be one of connect, pre_accept, accept, reject, terminate'],
      [{ action: 'accept' }, 'call_id: must be the id of a call'],
    ];
    for (const [more, details] of cases) {
      const { status, body } = await connect(more);
      expect([details, status, body.error?.code, body.error?.gateway_code]).toEqual([details, 400, 100, 'invalid_request']);
      expect(body.error.error_data.details).toContain(details);
      expect(faultsOfError(body)).toEqual([]);
    }
    expect(dialsTo(world, 'Hugo')).toBe(0);
    const harmless = await connect({ recording: { status: 'DISABLED' }, biz_opaque_callback_data: '😀'.repeat(512) });
    expect(harmless.status).toBe(200);
  });

  it('answers refusals of the gates and of Meta by their numbers, in the language of the request', async () => {
    const never = await act(world, { to: '5215512340003', action: 'connect', session: offer() }, { 'accept-language': 'es-MX' });
    expect([never.status, never.body.error.code, never.body.error.gateway_code]).toEqual([401, 138006, 'permission_required']);
    expect(never.body.error).toMatchObject({ is_transient: false, error_user_msg: expect.stringMatching(/ventana de 24 horas/) });
    expect(never.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const error = { message: '(#138013) not here', code: 138013, error_data: { details: 'of Meta' }, fbtrace_id: 'Atrace' };
    world.fault('connect', { instead: { status: 400, body: { error } } });
    const refused = await connect();
    expect([refused.status, refused.body.error]).toMatchObject([
      400,
      { code: 138013, message: '(#138013) not here', fbtrace_id: 'Atrace', gateway_code: 'country_not_supported' },
    ]);
    expect(refused.body.error.error_data.details).toContain('of Meta');
    const unknown = await act(world, { call_id: 'wacid.NOT', action: 'terminate' });
    expect([unknown.status, unknown.body.error.code, unknown.body.error.gateway_code]).toEqual([400, 100, 'call_not_found']);
  });

  it('another call with the same person is refused as Meta refuses it', async () => {
    await connect({ biz_opaque_callback_data: 'one' });
    const second = await connect({ biz_opaque_callback_data: 'two' });
    expect([second.status, second.body.error.code, dialsTo(world, 'Hugo')]).toEqual([400, 138003, 1]);
  });

  it('a lost answer to accept is an error that is not transient, and the next accept is Meta’s answer', async () => {
    const { call_id } = await world.ring('fede');
    world.fault('accept', { afterwards: 'drop' });
    const lost = await act(world, { call_id, action: 'accept', session: answer() });
    expect([lost.status, lost.body.error.code, lost.body.error.is_transient]).toEqual([500, 131000, false]);
    expect((await act(world, { call_id, action: 'accept', session: answer() })).status).toBe(200);
  });

  it('a hang-up without an answer is done: the gateway repeats it until Meta confirms', async () => {
    const { body } = await connect();
    await world.pass(8);
    const [{ id }] = body.calls;
    world.fault('terminate', { instead: 'drop' });
    expect((await act(world, { call_id: id, action: 'terminate' })).body.success).toBe(true);
    await world.pass(70);
    expect(await world.call(id)).toMatchObject({ state: 'ended', outcome: 'answered' });
  });

  it('works without a version, and answers other paths in the shape of Meta', async () => {
    const unversioned = await world.post(`/graph/${NUMBER}/calls`, { to: HUGO, session: offer() });
    expect(unversioned.status).toBe(200);
    for (const path of [
      `/graph/x1/${NUMBER}/calls`,
      `/graph/${NUMBER}/media`,
      '/graph',
      '/graph/',
      '/graph/%zz',
      `/graph/v23.0/${NUMBER}`,
    ]) {
      const { status, body } = await world.post(path, {});
      expect([path, status, body.error?.code, faultsOfError(body)]).toEqual([path, 404, 100, []]);
    }
    expect((await world.get('/graphs')).body.code).toBe('route_not_found');
  });

  it('erasing a person takes their opaque data along, and an export shows it', async () => {
    const { body } = await connect({ biz_opaque_callback_data: 'crm-canary' });
    await world.pass(8);
    await act(world, { call_id: body.calls[0].id, action: 'terminate' });
    await world.pass(3);
    expect(JSON.stringify((await world.get(`/api/users/${HUGO}/export`)).body)).toContain('crm-canary');
    expect((await world.delete(`/api/users/${HUGO}`)).status).toBe(200);
    const rows = await world.app.get(Store).read.selectFrom('calls').select('callback_data').execute();
    expect(rows.map(({ callback_data }) => callback_data)).toEqual([null]);
  });
});
