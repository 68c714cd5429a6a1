import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from '../sdp.js';
import type { World } from '../world.js';
import { ANA, act, faultsOfError, HUGO, NUMBER, openGraph } from './graph-world.js';

const GRAPH = `/graph/v23.0/${NUMBER}`;
const REQUEST = { type: 'interactive', interactive: { type: 'call_permission_request', action: { name: 'call_permission_request' } } };

describe.each(engines)('what clients of Meta’s shape read and change of a number, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await openGraph({ engine });
    await world.greet();
  });
  afterEach(() => world.close());

  const permission = async (query: string) => (await world.get(`${GRAPH}/call_permissions?${query}`)).body;

  it('shows a permission with its limits, and when a reached one ends', async () => {
    expect(await permission(`user_wa_id=${ANA}`)).toEqual({
      messaging_product: 'whatsapp',
      permission: { status: 'no_permission' },
      actions: [
        {
          action_name: 'send_call_permission_request',
          can_perform_action: true,
          limits: [
            { time_period: 'PT24H', max_allowed: 1, current_usage: 0 },
            { time_period: 'P7D', max_allowed: 2, current_usage: 0 },
          ],
        },
        { action_name: 'start_call', can_perform_action: false, limits: [{ time_period: 'PT24H', max_allowed: 100, current_usage: 0 }] },
      ],
    });
    await world.post(`${GRAPH}/messages`, { ...REQUEST, to: ANA });
    await world.pass(4);
    const granted = await permission(`user_wa_id=${ANA}`);
    const inSevenDays = Math.floor(world.clock.time / 1_000) + 7 * 86_400;
    expect(granted.permission.status).toBe('temporary');
    expect(Math.abs(granted.permission.expiration_time - inSevenDays)).toBeLessThan(10);
    const [asking] = granted.actions;
    expect(asking).toMatchObject({
      can_perform_action: false,
      limits: [{ current_usage: 1, limit_expiration_time: expect.any(Number) }, {}],
    });
    expect(asking.limits[1]).not.toHaveProperty('limit_expiration_time');
    world.allow(HUGO);
    expect((await permission(`user_wa_id=%2B${HUGO}`)).permission).toEqual({ status: 'permanent' });
    expect((await permission('recipient=MX.10000000000000000005')).permission).toEqual({ status: 'no_permission' });
  });

  it('invents no permission that cannot be read', async () => {
    expect(await permission('user=1')).toMatchObject({ error: { code: 100, gateway_code: 'invalid_request' } });
    world.fault('permissions', { instead: { status: 500, text: 'down' }, times: 5 });
    const { status, body } = await world.get(`${GRAPH}/call_permissions?user_wa_id=${ANA}`);
    expect([status, body.error.code, faultsOfError(body)]).toEqual([500, 131000, []]);
  });

  it('asks a user for the permission, and tells the id of the message', async () => {
    const wish = { messaging_product: 'whatsapp', recipient_type: 'individual', to: `+${ANA}`, ...REQUEST };
    const { status, body } = await world.post(`${GRAPH}/messages`, wish, { 'idempotency-key': 'ask' });
    expect([status, body]).toEqual([
      200,
      {
        messaging_product: 'whatsapp',
        contacts: [expect.objectContaining({ input: `+${ANA}`, wa_id: ANA })],
        messages: [{ id: expect.stringMatching(/^wamid\./) }],
      },
    ]);
    expect((await world.post(`${GRAPH}/messages`, wish, { 'idempotency-key': 'ask' })).body).toEqual(body);
    await world.pass(4);
    expect((await act(world, { to: ANA, session: offer() })).status).toBe(200);
  });

  it('a request whose answer is lost is sent once, whatever is repeated under its key', async () => {
    world.fault('messages', { afterwards: 'drop' });
    const ask = () => world.post(`${GRAPH}/messages`, { ...REQUEST, to: ANA }, { 'idempotency-key': 'lost' });
    for (const { status, body } of [await ask(), await ask()])
      expect([status, body.error.code, body.error.is_transient]).toEqual([500, 131000, false]);
    // The reading of before is used for a minute.
    await world.pass(61);
    const usage = (await world.get(`/api/calling/permissions/${ANA}`)).body.limits.find(
      ({ action }: { action: string }) => action === 'ask',
    );
    expect(usage.used).toBe(1);
  });

  it('sends no other message: 131051', async () => {
    for (const message of [
      { to: ANA, text: { body: 'hello' } },
      { to: ANA, type: 'text', text: { body: 'hello' } },
      { to: ANA, type: 'interactive', interactive: { type: 'voice_call' } },
      {},
    ]) {
      const { status, body } = await world.post(`${GRAPH}/messages`, message);
      expect([status, body.error.code, body.error.gateway_code]).toEqual([400, 131051, 'not_a_permission_request']);
    }
    const header = { ...REQUEST, to: ANA, interactive: { ...REQUEST.interactive, header: { type: 'text', text: 'x' } } };
    expect((await world.post(`${GRAPH}/messages`, header)).body.error.error_data.details).toContain('interactive.header');
    const template = await world.post(`${GRAPH}/messages`, { to: ANA, type: 'template', template: { name: 'x' } });
    expect(template.body.error.error_data.details).toContain('template.language.code');
  });

  it('shows and changes the calling settings', async () => {
    const before = (await world.get(`${GRAPH}/settings`)).body;
    expect(before.calling.status).toBe('ENABLED');
    const changed = await world.post(`${GRAPH}/settings`, { calling: { callback_permission_status: 'DISABLED' } });
    expect([changed.status, changed.body]).toEqual([200, { success: true }]);
    expect((await world.get(`${GRAPH}/settings?fields=calling`)).body.calling.callback_permission_status).toBe('DISABLED');
    expect((await world.get(`${GRAPH}/settings?fields=storage_configuration`)).body).toEqual({});
    for (const body of [{}, { calling: {} }, { calling: 1 }, [], undefined])
      expect((await world.post(`${GRAPH}/settings`, body)).body.error.code).toBe(100);
    const { data } = (await world.get('/api/audit')).body;
    expect(data[0]).toMatchObject({ action: expect.stringMatching(/^POST \/graph\/.*settings$/), target: NUMBER });
  });

  it('shows what is known of the number, and leaves out the rest', async () => {
    expect((await world.get(`/graph/${NUMBER}`)).body).toEqual({ id: NUMBER, display_phone_number: expect.stringMatching(/^\d+$/) });
    expect((await world.get(`${GRAPH}?fields=verified_name`)).body).toEqual({ id: NUMBER });
    expect((await world.get(`${GRAPH}?fields=id,health_status,quality_rating`)).body).toEqual({
      id: NUMBER,
      health_status: {
        can_send_message: 'AVAILABLE',
        entities: expect.arrayContaining([expect.objectContaining({ entity_type: 'PHONE_NUMBER' })]),
      },
    });
  });
});
