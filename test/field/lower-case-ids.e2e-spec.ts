import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from '../sdp.js';
import { World } from '../world.js';

const NUMBER = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };

describe.each(engines)('the country of a BSUID in lower case, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  it.each([
    ['from', 'mx.10000000000000777', { user_id: 'MX.10000000000000777' }],
    ['from_user_id', 'mx.10000000000000778', { user_id: 'MX.10000000000000778' }],
    ['from', 'mx.ent.20000000000000777', { parent_user_id: 'MX.ENT.20000000000000777' }],
  ])('is the same user in %s: %s', async (member, id, user) => {
    const call = { id: 'wacid.LOWER', [member]: id, event: 'connect', direction: 'USER_INITIATED', session: offer() };
    const value = { messaging_product: 'whatsapp', metadata: NUMBER, calls: [{ ...call, timestamp: String(world.clock.now() / 1000) }] };
    await world.deliver({ object: 'whatsapp_business_account', entry: [{ id: '200000000000001', changes: [{ field: 'calls', value }] }] });
    expect(await world.call('wacid.LOWER')).toMatchObject({ state: 'ringing', user });
    const [canonical = ''] = Object.values(user);
    for (const written of [id, canonical])
      expect((await world.get(`/api/calling/calls?user=${written}`)).body.data).toMatchObject([{ call_id: 'wacid.LOWER' }]);
  });

  it('is no user id in a word such as a name', async () => {
    expect((await world.get('/api/calling/preflight?recipient=st.george')).status).toBe(422);
  });
});
