import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { World } from '../world.js';

const TOKEN = 'world-webhook-token-0123456789';
const HOOK = '/api/webhooks/360dialog';

/** Schemes of `Authorization` are case-insensitive (RFC 9110, section 11.1). */
describe.each(engines)('the bearer scheme in any case, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  const kept = async () => (await world.app.get(Store).read.selectFrom('deliveries').select('id').execute()).length;

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('%s lets a delivery in, which is kept', async (scheme) => {
    expect((await world.post(HOOK, { object: 'page' }, { authorization: `${scheme} ${TOKEN}` })).status).toBe(200);
    expect(await kept()).toBe(1);
  });

  it.each(['', 'Bearer', 'bearer ', 'bearer wrong-token-0123456789', `Basic ${TOKEN}`, `Token ${TOKEN}`, TOKEN, `bearer ${TOKEN} x`])(
    'refuses a delivery with "%s"',
    async (authorization) => {
      expect(await world.post(HOOK, { object: 'page' }, { authorization })).toMatchObject({
        status: 401,
        body: { code: 'webhook_unauthorized' },
      });
      expect(await kept()).toBe(0);
    },
  );

  it.each(['bearer', 'BEARER'])('%s lets a key in over REST and on the event stream', async (scheme) => {
    const authorization = `${scheme} ${World.KEY}`;
    expect((await world.get('/api/calling/calls', { authorization })).status).toBe(200);
    const over = new AbortController();
    const stream = await fetch(`${world.url}/api/events`, {
      headers: { authorization, accept: 'text/event-stream' },
      signal: over.signal,
    });
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/event-stream')]);
    over.abort();
  });
});
