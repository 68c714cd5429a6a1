import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NumberCache } from '#identity/numbers/number-cache.service.js';
import { engines } from '#store/temporary-database.fixture.js';
import { addSecond, FIRST, SECOND } from './second-number.js';
import { World } from './world.js';

describe.each(engines)('the status of one of two numbers, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.settle();
    await addSecond(world, 'api');
    await world.app.get(NumberCache).refresh();
  });
  afterEach(() => world.close());

  const webhookOf = async (number: string) => (await world.get(`/api/calling/status?phone_number_id=${number}`)).body.webhook;

  it('says nothing of the deliveries of the other', async () => {
    expect(await world.deliver({ object: 'whatsapp_business_account', entry: [] })).toBe(200);
    expect(await webhookOf(FIRST)).toMatchObject({ signature: { header_seen: false, unsigned: 1 } });
    const { last_delivery_at, signature } = await webhookOf(SECOND);
    expect({ last_delivery_at, signature }).toEqual({
      last_delivery_at: null,
      signature: {
        ...{ mode: 'off', since: expect.any(String), header_seen: null },
        ...{ last_signed_at: null, last_refused_at: null, unsigned: 0, invalid: 0 },
      },
    });
  });
});
