import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR } from '#kernel/clock.js';
import { Statements } from '#store/statements.fixture.js';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const metadata = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };
const CALLS = 40;

describe.each(engines)('webhooks of calls that are over when they arrive, on %s,', (engine) => {
  let world: World;
  let statements: Statements;

  beforeEach(async () => {
    world = await World.open({ engine });
    statements = new Statements();
  });
  afterEach(async () => {
    statements.stop();
    await world.close();
  });

  /** Connects that 360dialog delivers an hour after the calls began, in one body. */
  const late = () => {
    const timestamp = String(Math.floor((world.clock.now() - HOUR) / 1_000));
    const calls = Array.from({ length: CALLS }, (_, n) => ({
      ...{ id: `wacid.late.${n}`, from: `5215512347${String(n).padStart(3, '0')}`, to: metadata.display_phone_number, event: 'connect' },
      ...{ direction: 'USER_INITIATED', timestamp, session: { sdp_type: 'offer', sdp: offer().sdp } },
    }));
    return { object: 'whatsapp_business_account', entry: [{ id: '2', changes: [{ field: 'calls', value: { metadata, calls } }] }] };
  };

  it('end them without a look at what the permissions have counted of each', async () => {
    await world.deliver(late());
    expect(statements.take(/permission_facts/)).toBe(0);
    expect(await world.call(`wacid.late.${CALLS - 1}`)).toMatchObject({ state: 'ended', outcome: 'missed' });
    const { body } = await world.get('/api/calling/calls?state=ended&limit=100');
    expect(body.data).toHaveLength(CALLS);
  });
});
