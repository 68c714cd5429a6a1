import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from '../sdp.js';
import { type Body, World } from '../world.js';

const NUMBER = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };
const USER = '5215512340008';
const THEIRS = 'wacid.THEIRS';

describe.each(engines)('calls that another app makes from our number to the user whom we dial, on %s,', (engine) => {
  let world: World;
  let ours: Body;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    world.allow(USER);
    world.fault('connect', { instead: 'drop' });
    ours = (await world.do('make-call', { to: USER, session: offer() })).body;
    expect(ours).toMatchObject({ state: 'dialing', outcome_known: false, call_id: null });
  });
  afterEach(() => world.close());

  const at = (seconds = 0) => String(Math.floor(world.clock.now() / 1000) + seconds);
  const deliver = async (value: Body): Promise<void> => {
    const change = { field: 'calls', value: { messaging_product: 'whatsapp', metadata: NUMBER, ...value } };
    expect(await world.deliver({ object: 'whatsapp_business_account', entry: [{ id: '200000000000001', changes: [change] }] })).toBe(200);
  };
  const status = (seconds: number, rest: object = {}) =>
    deliver({ statuses: [{ id: THEIRS, type: 'call', status: 'RINGING', timestamp: at(seconds), recipient_id: USER, ...rest }] });

  it('are theirs when they end long after they began, while we dial', async () => {
    const talk = { status: 'COMPLETED', start_time: at(-100), end_time: at(1), duration: 101, timestamp: at(1) };
    await deliver({ calls: [{ id: THEIRS, event: 'terminate', direction: 'BUSINESS_INITIATED', to: USER, ...talk }] });
    expect(await world.call(ours.id)).toEqual(ours);
    expect(await world.call(THEIRS)).toMatchObject({ direction: 'outbound', state: 'ended', outcome: 'answered', duration_seconds: 101 });
  });

  it('are theirs when a webhook of before our dial comes late', async () => {
    await status(-60);
    expect(await world.call(ours.id)).toEqual(ours);
    expect(await world.call(THEIRS)).toMatchObject({ direction: 'outbound', state: 'ringing', user: { wa_id: USER } });
  });

  it('are theirs when they return the data of the other app', async () => {
    await status(1, { biz_opaque_callback_data: 'crm-4711' });
    expect(await world.call(ours.id)).toEqual(ours);
    expect(await world.call(THEIRS)).toMatchObject({ direction: 'outbound', state: 'ringing' });
  });

  it('our dial is found by its user alone where Meta returns no data and its clock is a little behind ours', async () => {
    await status(-5);
    expect(await world.call(ours.id)).toMatchObject({ state: 'ringing', call_id: THEIRS, outcome_known: true });
  });
});
