import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { type Body, World } from './world.js';

const HOURS = {
  status: 'ENABLED' as const,
  timezone_id: 'America/Mexico_City',
  weekly_operating_hours: [{ day_of_week: 'MONDAY', open_time: '0900', close_time: '1800' }],
  holiday_schedule: [{ date: '2026-12-25', start_time: '0000', end_time: '2359' }],
};

describe.each(engines)('the calling settings on %s', (engine) => {
  let world: World;
  let key: string;
  beforeEach(async () => {
    world = await World.open({ engine });
    Object.assign(meta(), { call_hours: structuredClone(HOURS) });
    key = (await world.post('/api/keys', { name: 'settings', scopes: ['settings:read', 'settings:write'] })).body.key;
  });
  afterEach(() => world.close());

  const meta = () => world.simulator.context.number.calling;
  const patch = async (
    calling: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Body; replayed: boolean }> => {
    const response = await fetch(`${world.url}/api/calling/settings`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ calling }),
    });
    return { status: response.status, body: await response.json(), replayed: response.headers.has('idempotency-replayed') };
  };

  it("are Meta's own, without passwords", async () => {
    Object.assign(meta(), { sip: { status: 'DISABLED', servers: [{ hostname: 'sip.example.com', sip_user_password: 'hush' }] } });
    const { status, body } = await world.get('/api/calling/settings');
    expect(status).toBe(200);
    expect(body).toMatchObject({ calling: { status: 'ENABLED', call_hours: HOURS }, phone_number_id: '300000000000001' });
    expect(body.observed_at).toBe(new Date(world.clock.now()).toISOString());
    expect(JSON.stringify(body)).not.toContain('hush');
  });

  it('keep their holidays when only the openings change, and are reported as read again', async () => {
    const weekly_operating_hours = [{ day_of_week: 'TUESDAY', open_time: '1000', close_time: '1700' }];
    const { status, body } = await patch({ call_hours: { weekly_operating_hours } });
    expect(status).toBe(200);
    expect(body.calling.call_hours).toEqual({ ...HOURS, weekly_operating_hours });
    expect(meta().call_hours).toEqual(body.calling.call_hours);
    expect(body.effects.join(' ')).toContain('not affected');
  });

  it('lose nothing when twenty changes come at once', async () => {
    const parts = Array.from(
      { length: 20 },
      (_, i) =>
        [
          { call_hours: { timezone_id: 'America/Tijuana' } },
          { call_hours: { holiday_schedule: [...HOURS.holiday_schedule, { date: '2027-01-01', start_time: '0000', end_time: '2359' }] } },
          { call_hours: { weekly_operating_hours: [{ day_of_week: 'SUNDAY', open_time: '1000', close_time: '1200' }] } },
          { call_icon_visibility: 'DISABLE_ALL' },
        ][i % 4],
    );
    const answers = await Promise.all(parts.map((part) => patch(part)));
    expect(answers.map(({ status }) => status)).toEqual(parts.map(() => 200));
    expect(meta()).toMatchObject({
      call_icon_visibility: 'DISABLE_ALL',
      call_hours: {
        timezone_id: 'America/Tijuana',
        weekly_operating_hours: [{ day_of_week: 'SUNDAY' }],
        holiday_schedule: [{ date: '2026-12-25' }, { date: '2027-01-01' }],
      },
    });
  });

  it('name the field of what Meta would refuse, in the language of the caller, and send nothing', async () => {
    const wrong = { call_hours: { weekly_operating_hours: [{ day_of_week: 'MONDAY', open_time: '9:00', close_time: '1800' }] } };
    const field = 'calling.call_hours.weekly_operating_hours[0].open_time';
    expect(await patch(wrong)).toMatchObject({ status: 422, body: { errors: [{ field, message: expect.stringContaining('HHMM') }] } });
    expect(await patch(wrong, { 'accept-language': 'es-MX' })).toMatchObject({ body: { errors: [{ field, message: /^debe ser/ }] } });
    expect(await patch({})).toMatchObject({ status: 422, body: { errors: [{ field: 'calling' }] } });
    expect(await patch({ ring_tone: 'x' })).toMatchObject({ status: 422, body: { errors: [{ field: 'calling.ring_tone' }] } });
    expect(meta().call_hours).toEqual(HOURS);
  });

  it('are not changed while they cannot be read', async () => {
    world.fault('settings.read', { times: 3, instead: 'drop' });
    const { status, body } = await patch({ call_hours: { timezone_id: 'America/Tijuana' } });
    expect([502, 503]).toContain(status);
    expect(body.remedy).toEqual(expect.any(String));
    expect(meta().call_hours).toEqual(HOURS);
  });

  it('are reported as they must be by now when a change was taken and cannot be read again', async () => {
    const { settings } = world.simulator;
    const [read, write] = [settings.read.bind(settings), settings.write.bind(settings)];
    let written = false;
    settings.read = () => {
      if (written) throw new Error('down');
      return read();
    };
    settings.write = (body) => {
      written = true;
      return write(body);
    };
    expect(await patch({ callback_permission_status: 'DISABLED' })).toMatchObject({
      status: 200,
      body: { observed_at: null, calling: { callback_permission_status: 'DISABLED', call_hours: HOURS } },
    });
  });

  it('pass on a refusal with its remedy, and the diagnosis remembers it', async () => {
    Object.assign(world.simulator.context.number, { tier: 'TIER_250' });
    expect((await patch({ status: 'DISABLED' })).status).toBe(200);
    const { status, body } = await patch({ status: 'ENABLED' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'messaging_limit_too_low', upstream: { code: 138015 }, remedy: expect.stringContaining('2,000') });
    const { recent_refusals } = (await world.get('/api/calling/status')).body;
    expect(recent_refusals).toMatchObject([{ code: 'messaging_limit_too_low', operation: 'write_settings', upstream_code: 138015 }]);
  });

  it('are changed once per idempotency key', async () => {
    const headers = { 'idempotency-key': 'off' };
    const first = await patch({ status: 'DISABLED' }, headers);
    Object.assign(meta(), { status: 'ENABLED' });
    const again = await patch({ status: 'DISABLED' }, headers);
    expect([first.replayed, again.replayed, again.body]).toEqual([false, true, first.body]);
    expect(meta().status).toBe('ENABLED');
    expect(await patch({ status: 'ENABLED' }, headers)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('ask for their own scopes', async () => {
    const reader = (await world.post('/api/keys', { name: 'reader', scopes: ['settings:read'] })).body.key;
    expect((await patch({ status: 'DISABLED' }, { authorization: `Bearer ${reader}` })).status).toBe(403);
    const other = (await world.post('/api/keys', { name: 'other', scopes: ['calls:read'] })).body.key;
    expect((await world.get('/api/calling/settings', { authorization: `Bearer ${other}` })).status).toBe(403);
  });

  it('changed elsewhere are published as settings.updated and shown', async () => {
    await world.get('/api/calling/settings');
    world.simulator.settings.apply({ call_icon_visibility: 'DISABLE_ALL' });
    await world.pass(2);
    expect((await world.events()).map(({ type }) => type)).toContain('settings.updated');
    expect((await world.get('/api/calling/settings')).body.calling.call_icon_visibility).toBe('DISABLE_ALL');
  });

  it('refuses a change of what only Meta sets by its name, and sends nothing', async () => {
    const before = (await world.get('/api/calling/settings')).body.calling;
    for (const [name, value] of Object.entries({
      restrictions: { restrictions_list: [] },
      ip_addresses: {},
      video: { status: 'ENABLED' },
    })) {
      const refused = await world.patch('/api/calling/settings', { calling: { status: 'DISABLED', [name]: value } });
      expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_request', errors: [{ field: `calling.${name}` }] } });
    }
    expect((await world.get('/api/calling/settings?refresh=true')).body.calling).toEqual(before);
  });
});
