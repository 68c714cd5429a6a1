import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newCall } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { newId } from '#kernel/id.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { answer, offer } from './sdp.js';
import { type Body, World } from './world.js';

const HUGO = '5215512340008';

describe.each(engines)('the call log on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  /** Somebody calls in and gives up; the gateway's id of the call. */
  const miss = async (who = 'fede'): Promise<string> => {
    const user = world.simulator.context.users.meet(who);
    if (!user) throw new Error(`nobody is called ${who}`);
    world.simulator.callSimulation.callIn(user, { giveUpAfterSeconds: 2 });
    await world.settle();
    const { id } = (await world.get('/api/calling/calls?limit=1')).body.data[0];
    await world.pass(4);
    return id;
  };
  const csv = async (query = '', headers: Record<string, string> = { accept: 'text/csv' }) => {
    const { status, headers: told, body } = await world.get(`/api/calling/calls${query}`, headers);
    return { status, type: told.get('content-type'), disposition: told.get('content-disposition'), lines: String(body).split('\r\n') };
  };
  const cell = ({ lines }: { lines: string[] }, row: number, name: string) =>
    lines[row]?.split(',')[lines[0]?.split(',').indexOf(name) ?? -1];

  it('pages stay stable while new calls come in', async () => {
    const ids = [await miss(), await miss(), await miss(), await miss()].reverse();
    const first = (await world.get('/api/calling/calls?limit=2')).body;
    const late = [await miss(), await miss()];
    const second = (await world.get(`/api/calling/calls?limit=2&cursor=${first.next_cursor}`)).body;
    expect([...first.data, ...second.data].map(({ id }: Body) => id)).toEqual(ids);
    expect(second.next_cursor).toBeNull();
    expect((await world.get('/api/calling/calls?limit=2')).body.data.map(({ id }: Body) => id)).toEqual(late.reverse());
  });

  it('exports CSV with every call that matches, whatever the limit', async () => {
    for (let i = 0; i < 3; i += 1) await miss();
    const all = await csv('?limit=1');
    expect(all).toMatchObject({
      status: 200,
      type: 'text/csv; charset=utf-8; header=present',
      disposition: 'attachment; filename="calls.csv"',
    });
    expect(all.lines).toHaveLength(1 + 3 + 1);
    expect(all.lines[0]).toMatch(/^id,call_id,direction,/);
    expect([cell(all, 1, 'outcome'), cell(all, 1, 'user_name')]).toEqual(['missed', 'Fede']);
    expect((await csv('?format=csv', {})).lines).toEqual(all.lines);
    expect((await csv('?state=ringing')).lines).toHaveLength(2);
    expect((await csv('?user=5215599999999')).lines).toHaveLength(2);
    expect((await csv('?limit=999')).status).toBe(422);
    expect((await world.get('/api/calling/calls', { accept: 'application/json, text/csv' })).body.data).toHaveLength(3);
  });

  it('exports more calls than a page of the store holds, each once', async () => {
    const count = 201;
    const origin = { phoneNumberId: '300000000000001', personId: 'usr_1', direction: 'outbound', input: null, reference: null } as const;
    await world.app.get(Store).write(async (tx) => {
      for (let i = 0; i < count; i += 1) {
        const call = newCall({ ...origin, id: newId('call'), createdAt: world.clock.now(), giveUpAfterMs: null }, []);
        await world.app.get(CallsService).write(tx, null, call);
      }
    });
    const { lines } = await csv();
    const ids = lines.slice(1, -1).map((line) => line.split(',')[0]);
    expect([ids.length, new Set(ids).size]).toEqual([count, count]);
  });

  it('arms no formula in CSV', async () => {
    await world.do('make-call', { to: `+${HUGO}`, session: offer(), reference: '=cmd|calc' });
    const table = await csv();
    expect(cell(table, 1, 'reference')).toBe("'=cmd|calc");
    expect(cell(table, 1, 'user_input')).toBe(`'+${HUGO}`);
  });

  it('names in the timeline who asked for what', async () => {
    const { key } = (await world.post('/api/keys', { name: 'desk 3', scopes: ['calls:dial', 'calls:control', 'calls:read'] })).body;
    const desk = { authorization: `Bearer ${key}` };
    const { body } = await world.do('make-call', { to: HUGO, session: offer() }, { ...desk, 'idempotency-key': 'once' });
    await world.do('make-call', { to: HUGO, session: offer() }, { ...desk, 'idempotency-key': 'once' });
    await world.do('terminate', { call_id: body.call_id });
    expect((await world.do('accept', { id: 'call_none', session: answer() })).status).toBe(404);
    const { data } = (await world.get(`/api/calling/calls/${body.id}/timeline`)).body;
    const commands = data.filter(({ kind }: Body) => kind === 'command').map(({ name, data: { by } }: Body) => [name, by]);
    expect(commands).toEqual([
      ['make-call', 'desk 3'],
      ['terminate', 'API_KEY'],
    ]);
    expect(data[0]).toMatchObject({ kind: 'command', name: 'make-call' });
  });

  it('packs a call for support: trace ids, versions and the age of the settings, but neither SDP nor numbers', async () => {
    const error = { code: 138005, message: 'Rate limit', error_data: { details: `calls to ${HUGO} refused` }, fbtrace_id: 'A1b2C3' };
    await world.get('/api/calling/settings');
    await world.pass(30);
    world.fault('connect', { instead: { status: 400, body: { error } } });
    await world.do('make-call', { to: `+${HUGO}`, session: offer() });
    const { id } = (await world.get('/api/calling/calls')).body.data[0];
    const { status, headers, body } = await world.get(`/api/calling/calls/${id}/bundle`);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toBe(`attachment; filename="${id}.json"`);
    expect(body).toMatchObject({
      gateway: { name: 'whatsapp-calling-gateway', version: expect.any(String), node: process.version, mode: 'live' },
      fbtrace_ids: ['A1b2C3'],
      call: { id, user: { wa_id: '*********0008', input: '*********0008' } },
      settings: { age_seconds: 30, calling: { status: 'ENABLED' } },
      redacted: true,
    });
    expect(body.timeline.length).toBeGreaterThanOrEqual(4);
    const text = JSON.stringify(body);
    expect(text).not.toMatch(/ice-pwd|fingerprint|v=0|5512340008/);
    expect(text).toContain('calls to *********0008 refused');
  });

  it('shows numbers in full only to keys that control calls, and settings only to those that read them', async () => {
    const id = await miss();
    const reader = (await world.post('/api/keys', { name: 'reader', scopes: ['calls:read'] })).body.key;
    const as = { authorization: `Bearer ${reader}` };
    expect((await world.get(`/api/calling/calls/${id}/bundle`, as)).body.settings).toMatchObject({ age_seconds: 0, calling: null });
    expect(await world.get(`/api/calling/calls/${id}/bundle?full=true`, as)).toMatchObject({
      status: 403,
      body: { code: 'insufficient_scope' },
    });
    const { body } = await world.get(`/api/calling/calls/${id}/bundle?full=true`);
    expect(body).toMatchObject({
      redacted: false,
      call: { session: null, user: { wa_id: expect.stringMatching(/^\d{10,}$/), name: 'Fede' } },
    });
    expect((await world.get('/api/calling/calls/call_none/bundle')).status).toBe(404);
  });
});
