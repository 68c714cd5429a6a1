import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answer, offer } from './sdp.js';
import { World } from './world.js';

const [ANA, HUGO] = ['5215512340001', '5215512340008'];
const FOREIGN = '999000999000999';

describe('what callers send', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  it('may hold null for whatever may be left out', async () => {
    const nothing = { recipient: null, session: null, permission_request: null, reference: null, phone_number_id: null };
    const ready = await world.do('make-call', { to: HUGO, ...nothing, give_up_after_seconds: null });
    expect(ready).toMatchObject({ status: 202, body: { state: 'ready', reference: null } });
    await world.pass(2);
    const { id } = ready.body;
    expect(await world.call(id)).toMatchObject({ state: 'ready' });
    expect(await world.do('terminate', { id, call_id: null, phone_number_id: null })).toMatchObject({ status: 200 });
    const asked = await world.do('make-call', { to: ANA, permission_request: { mode: null, body: null, template: null } });
    expect(asked).toMatchObject({ status: 202, body: { state: 'awaiting_permission' } });
  });

  it.each([
    [{ session: [] }, 'session'],
    [{ permission_request: [] }, 'permission_request'],
    [{ permission_request: { template: { name: 'x', language: { code: '' } } } }, 'permission_request.template.language.code'],
    [
      { permission_request: { template: { name: 'x', language: { code: 'es' }, components: {} } } },
      'permission_request.template.components',
    ],
  ])('%j is refused by the name of its field', async (part, field) => {
    const { status, body } = await world.do('make-call', { to: ANA, ...part });
    expect({ status, fields: body.errors.map((error: { field: string }) => error.field) }).toEqual({ status: 422, fields: [field] });
  });

  it.each([
    ['connect', { session: offer() }],
    ['pre-accept', { session: answer() }],
    ['accept', { session: answer() }],
    ['reject', {}],
    ['release', {}],
    ['terminate', {}],
  ])('%s is for no number but ours', async (verb, part) => {
    const { body } = await world.do('make-call', { to: HUGO });
    const refused = await world.do(verb, { id: body.id, phone_number_id: FOREIGN, ...part });
    expect(refused).toMatchObject({ status: 422, body: { code: 'unknown_number' } });
    expect(await world.call(body.id)).toMatchObject({ state: 'ready' });
  });

  it('counts a refusal that answers our request, whatever clock it was stamped by', async () => {
    const { body } = await world.do('make-call', { to: ANA });
    const context = { from: '5215500000001', id: body.permission_request.message_id };
    const interactive = { type: 'call_permission_reply', call_permission_reply: { response: 'reject', response_source: 'user_action' } };
    const timestamp = String(Math.floor(world.clock.now() / 1_000) - 60);
    const message = { from: ANA, id: 'wamid.REFUSED', timestamp, type: 'interactive', context, interactive };
    const value = { messaging_product: 'whatsapp', metadata: { phone_number_id: body.phone_number_id }, messages: [message] };
    await world.deliver({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] });
    expect(await world.call(body.id)).toMatchObject({ state: 'ended', outcome: 'permission_denied' });
  });
});
