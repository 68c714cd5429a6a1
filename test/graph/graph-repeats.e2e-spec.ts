import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RepeatedConnectsService } from '#graph/routes/repeated-connects.service.js';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from '../sdp.js';
import type { World } from '../world.js';
import { act, dialsTo, HUGO, NUMBER, openGraph } from './graph-world.js';

/** Longer than any machine needs: a wait that ends by it is stuck. */
const STUCK_MS = 100_000;

describe.each(engines)('a repeated connect on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await openGraph({ engine });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  const waitFor = (ms: number) => Object.assign(world.app.get(RepeatedConnectsService), { waitMs: ms });
  const connect = (opaque: string | null = 'row-1', headers?: Record<string, string>) =>
    act(world, { to: HUGO, session: offer(), ...(opaque === null ? {} : { biz_opaque_callback_data: opaque }) }, headers);

  it('of the same key, person and data answers the living call, however the person is written; one dial', async () => {
    const first = await connect();
    const again = await act(world, { action: 'connect', to: '+52 55 1234 0008', session: offer('77'), biz_opaque_callback_data: 'row-1' });
    expect([again.status, again.body]).toEqual([200, first.body]);
    await world.pass(8);
    expect((await connect()).body).toEqual(first.body);
    const { body: other } = await world.post('/api/keys', { name: 'other', scopes: ['calls:dial'], numbers: [NUMBER] });
    expect((await connect('row-1', { authorization: `Bearer ${other.key}` })).body.error.code).toBe(138003);
    expect((await connect(null)).body.error.code).toBe(138003);
    expect(dialsTo(world, 'Hugo')).toBe(1);
  });

  it('is a new call once the first has ended', async () => {
    const first = await connect(null);
    await act(world, { call_id: first.body.calls[0].id, action: 'terminate' });
    await world.pass(3);
    const second = await connect(null);
    expect([second.status, second.body.calls[0].id === first.body.calls[0].id, dialsTo(world, 'Hugo')]).toEqual([200, false, 2]);
  });

  it('beside the first dials once, and both get its wacid', async () => {
    waitFor(STUCK_MS);
    const both = await Promise.all(Array.from({ length: 6 }, () => connect()));
    expect(both.map(({ status }) => status)).toEqual(both.map(() => 200));
    expect([new Set(both.map(({ body }) => body.calls[0].id)).size, dialsTo(world, 'Hugo')]).toEqual([1, 1]);
  });

  it('after a lost answer is an error that is not transient while nothing is known, and then the wacid', async () => {
    waitFor(1);
    world.fault('connect', { afterwards: 'drop' });
    for (const { status, body } of [await connect(), await connect()])
      expect([status, body.error.code, body.error.is_transient, body.error.gateway_code]).toEqual([500, 131000, false, 'outcome_unknown']);
    waitFor(STUCK_MS);
    const waiting = connect();
    await world.pass(2);
    const { status, body } = await waiting;
    expect([status, body.calls[0].id]).toEqual([200, expect.stringMatching(/^wacid\./)]);
    expect(dialsTo(world, 'Hugo')).toBe(1);
  });

  it('after a restart in the middle answers from what is stored', async () => {
    waitFor(1);
    world.fault('connect', { afterwards: 'drop' });
    expect((await connect()).status).toBe(500);
    await world.stop();
    await world.start();
    await world.pass(8);
    const { status, body } = await connect();
    expect([status, (await world.call(body.calls[0].id)).state, dialsTo(world, 'Hugo')]).toEqual([200, 'in_progress', 1]);
  });

  it('waits for the first, and gets its refusal', async () => {
    waitFor(STUCK_MS);
    const error = { message: 'Receiver is uncallable', code: 138001, error_data: { details: 'not on WhatsApp' }, fbtrace_id: 'Aone' };
    world.fault('connect', { instead: { status: 400, body: { error } } });
    const both = await Promise.all([connect(), connect()]);
    const codes = both.map(({ body }) => body.error?.code ?? 200);
    // The second either waits for the first, or comes when the first has failed, and then dials.
    expect([
      [138001, 138001],
      [138001, 200],
      [200, 138001],
    ]).toContainEqual(codes);
    expect(dialsTo(world, 'Hugo')).toBe(codes.filter((code) => code === 200).length);
  });

  it('with an Idempotency-Key is the stored answer, and one with another key is refused', async () => {
    const once = { 'idempotency-key': 'once' };
    const first = await connect('row-1', once);
    const again = await connect('row-1', once);
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([first.body, 'true']);
    expect((await connect('row-2', once)).body.error).toMatchObject({ code: 100, gateway_code: 'idempotency_key_reused' });
    expect((await connect('row-1', { 'idempotency-key': 'twice' })).body.error.code).toBe(138003);
  });

  it('with an Idempotency-Key after a lost answer learns the wacid, and a stored refusal keeps its shape', async () => {
    waitFor(1);
    const once = { 'idempotency-key': 'once' };
    world.fault('connect', { afterwards: 'drop' });
    expect((await connect('row-1', once)).body.error.code).toBe(131000);
    expect((await connect('row-1', once)).body.error.code).toBe(131000);
    await world.pass(8);
    expect((await connect('row-1', once)).body.calls).toHaveLength(1);
    expect(dialsTo(world, 'Hugo')).toBe(1);
    await world.pass(1);
    world.allow('ines');
    const error = { message: '(#138001) Receiver is uncallable', code: 138001, fbtrace_id: 'Aone' };
    world.fault('connect', { instead: { status: 400, body: { error } } });
    const ines = { to: '5215512340009', session: offer() };
    const refused = await act(world, ines, { 'idempotency-key': 'refused' });
    const replayed = await act(world, ines, { 'idempotency-key': 'refused' });
    expect([replayed.status, replayed.body, replayed.headers.get('idempotency-replayed')]).toEqual([400, refused.body, 'true']);
    expect(replayed.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});
