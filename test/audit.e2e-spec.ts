import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditService } from '#access/audit/audit.service.js';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type Body, World } from './world.js';

const ANA = '5215512340001';

describe.each(engines)('the audit log on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  /** Oldest first, without the first uses of keys. */
  const acts = async (): Promise<Body[]> => {
    await world.pass(1);
    await world.app.get(AuditService).flush();
    const { status, body } = await world.get('/api/audit?limit=200');
    expect(status).toBe(200);
    return body.data.filter(({ action }: Body) => action !== 'key.used').reverse();
  };

  it('says who made, used and deleted a key, with the id that the key was given', async () => {
    const { body: key } = await world.post('/api/keys', { name: 'crm', scopes: ['calls:read'] });
    await world.delete(`/api/keys/${key.id}`);
    await world.delete(`/api/keys/${key.id}`);
    expect(await acts()).toMatchObject([
      { action: 'POST /api/keys', target: key.id, status: 201, operator_id: null, request_id: expect.stringMatching(/^req_/) },
      { action: 'DELETE /api/keys/:id', target: key.id, status: 200 },
      { action: 'DELETE /api/keys/:id', target: key.id, status: 404 },
    ]);
  });

  it('records every erasure, export and change of settings, subscriptions and declarations, and names no user', async () => {
    await world.greet();
    const call = await world.do('make-call', { to: ANA });
    await world.do('terminate', { id: call.body.id });
    await world.get('/api/calling/calls', { accept: 'text/csv' });
    await world.get('/api/calling/calls');
    await world.get(`/api/calling/calls/${call.body.id}/bundle`);
    await world.patch('/api/calling/settings', { calling: { callback_permission_status: 'ENABLED' } });
    const subscription = await world.post('/api/subscriptions', { url: 'https://example.com/hook' });
    await world.post(`/api/subscriptions/${subscription.body.id}/rotate-secret`);
    await world.delete(`/api/users/${ANA}`);
    const told = await acts();
    expect(told.map(({ action, status }: Body) => [action, status])).toEqual([
      ['GET /api/calling/calls (export)', 200],
      ['GET /api/calling/calls/:id/bundle (export)', 200],
      ['PATCH /api/calling/settings', expect.any(Number)],
      ['POST /api/subscriptions', 201],
      ['POST /api/subscriptions/:id/rotate-secret', expect.any(Number)],
      ['DELETE /api/users/:user', 200],
    ]);
    expect(JSON.stringify(told)).not.toMatch(/5215512340001|whsec_/);
    expect(told[1].target).toBe(call.body.id);
    expect(told[4].target).toBe(subscription.body.id);
  });

  it('records the first use of a key on each day', async () => {
    await world.get('/api/keys');
    await world.get('/api/keys');
    await world.pass(3 * 86_400);
    await world.get('/api/keys');
    await world.pass(1);
    const { body } = await world.get('/api/audit');
    const uses = body.data.filter(({ action }: Body) => action === 'key.used').map(({ at }: Body) => at.slice(0, 10));
    expect(uses).toEqual(['2026-11-26', '2026-11-23']);
  });

  it('stands before the act: one whose result could not be stored is there without one', async () => {
    const audit = world.app.get(AuditService);
    await audit.begin({
      action: 'DELETE /api/users/:user',
      key_id: 'key_1',
      operator_id: null,
      target: null,
      request_id: 'req_1',
      numbers: null,
    });
    expect(await acts()).toMatchObject([{ action: 'DELETE /api/users/:user', status: null }]);
  });

  it('cannot be changed: the database refuses', async () => {
    await world.delete(`/api/users/${ANA}`);
    await acts();
    const change = world.app.get(Store).write((tx) => tx.updateTable('audit').set({ action: 'nothing' }).execute());
    await expect(change).rejects.toThrow(/only added to/);
  });

  it('is read in pages by keys with audit:read, until 1.0 by those that manage keys, and by no other', async () => {
    for (let index = 0; index < 5; index += 1) await world.delete(`/api/users/${ANA}`);
    const whole = (await acts()).reverse();
    const first = (await world.get('/api/audit?limit=2')).body;
    const second = (await world.get(`/api/audit?limit=200&cursor=${first.next_cursor}`)).body;
    const paged = [...first.data, ...second.data].filter(({ action }: Body) => action !== 'key.used');
    expect(paged.map(({ id }: Body) => id)).toEqual(whole.map(({ id }: Body) => id));
    const statusWith = async (scopes: readonly string[]) => {
      const { body } = await world.post('/api/keys', { name: 'other', scopes });
      expect(body.scopes).toEqual(scopes);
      return (await world.get('/api/audit', { authorization: `Bearer ${body.key}` })).status;
    };
    expect(await statusWith(ALL_SCOPES.filter((scope) => scope !== 'keys:admin' && scope !== 'audit:read'))).toBe(403);
    expect(await statusWith(['audit:read'])).toBe(200);
    expect(await statusWith(['keys:admin'])).toBe(200);
  });

  it('is filtered by key, action, number and time', async () => {
    const { body: key } = await world.post('/api/keys', { name: 'crm', scopes: ['calls:read', 'data:erase'] });
    await world.pass(60);
    const half = new Date(world.clock.time).toISOString();
    await world.delete(`/api/users/${ANA}`, { authorization: `Bearer ${key.key}` });
    const whole = (await acts()).map(({ action }: Body) => action);
    expect(whole).toEqual(['POST /api/keys', 'DELETE /api/users/:user']);
    const found = async (query: string) => {
      const { status, body } = await world.get(`/api/audit?${query}`);
      return status === 200 ? body.data.map(({ action }: Body) => action).filter((action: string) => action !== 'key.used') : status;
    };
    const number = (await world.get('/api/numbers')).body.data[0].phone_number_id;
    expect(await found(`key_id=${key.id}`)).toEqual(['DELETE /api/users/:user']);
    expect(await found('key_id=key_unknown')).toEqual([]);
    expect(await found(`action=${encodeURIComponent('POST /api/keys')}`)).toEqual(['POST /api/keys']);
    expect(await found(`since=${half}`)).toEqual(['DELETE /api/users/:user']);
    expect(await found(`until=${half}`)).toEqual(['POST /api/keys']);
    expect(await found(`phone_number_id=${number}`)).toHaveLength(2);
    expect(await found('phone_number_id=399999999999999')).toBe(422);
    for (const bad of ['key_id=nothing', 'since=yesterday', 'format=xml', 'limit=201', 'who=me'])
      expect([bad, await found(bad)]).toEqual([bad, 422]);
  });

  it('is exported as CSV that no spreadsheet takes for formulas, and the export is an entry', async () => {
    await world.delete(`/api/users/${ANA}`);
    await world.app.get(AuditService).begin({
      ...{
        action: '=HYPERLINK("x")',
        key_id: 'key_1',
        operator_id: null,
        target: null,
        request_id: '+1',
        numbers: ['300000000000001', '2'],
      },
    });
    await acts();
    const file = await world.get('/api/audit?limit=1', { accept: 'text/csv' });
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect(file.headers.get('content-disposition')).toContain('audit.csv');
    const lines = String(file.body).split('\r\n');
    expect(lines[0]).toBe('id,at,action,key_id,operator_id,target,status,numbers,request_id');
    expect(file.body).toContain(`,"'=HYPERLINK(""x"")",key_1,,,,300000000000001 2,'+1\r\n`);
    expect(lines.filter((line) => line.includes('DELETE /api/users/:user'))).toHaveLength(1);
    await world.get('/api/audit?format=csv');
    await world.get('/api/calling/calls?format=csv');
    await world.get('/api/audit?format=json', { accept: 'text/csv' });
    const told = (await acts()).map(({ action }: Body) => action).slice(-3);
    expect(told).toEqual(['GET /api/audit (export)', 'GET /api/audit (export)', 'GET /api/calling/calls (export)']);
  });
});
