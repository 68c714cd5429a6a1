import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { answer, offer } from '../sdp.js';
import { type Body, World } from '../world.js';

const NUMBER = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };
const USER = '5215512347702';
const WACID = 'wacid.LATE';

describe.each(engines)('what webhooks report late of a call, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  const at = (seconds = 0) => String(Math.floor(world.clock.now() / 1000) + seconds);
  const deliver = async (value: Body): Promise<void> => {
    const change = { field: 'calls', value: { messaging_product: 'whatsapp', metadata: NUMBER, contacts: [{ wa_id: USER }], ...value } };
    expect(await world.deliver({ object: 'whatsapp_business_account', entry: [{ id: '200000000000001', changes: [change] }] })).toBe(200);
  };
  const event = (name: string, rest: object) => deliver({ calls: [{ id: WACID, event: name, timestamp: at(), from: USER, ...rest }] });
  const status = (name: string, seconds: number) =>
    deliver({ statuses: [{ id: WACID, type: 'call', status: name, timestamp: at(seconds), recipient_id: USER }] });

  it.each([
    ['cta_payload', 'deeplink_payload'],
    ['deeplink_payload', 'cta_payload'],
  ])('keeps a %s that the terminate alone holds, and publishes it', async (told, other) => {
    await event('connect', { direction: 'USER_INITIATED', session: offer(), [other]: 'of the connect' });
    // The same end twice in one second: the second holds what the first lacks.
    await event('terminate', { status: 'COMPLETED', start_time: at(), end_time: at(7), duration: 7, timestamp: at(9) });
    await event('terminate', { status: 'COMPLETED', start_time: at(), end_time: at(7), duration: 7, timestamp: at(9), [told]: 'menu-4' });
    expect(await world.call(WACID)).toMatchObject({ state: 'ended', duration_seconds: 7, [told]: 'menu-4', [other]: 'of the connect' });
    const last = (await world.events()).at(-1);
    expect(last).toMatchObject({ type: 'call.updated', data: { changed: [told], [told]: 'menu-4' } });
  });

  it.each([[['ACCEPTED', 'REJECTED']], [['REJECTED', 'ACCEPTED']]])('ends no live call by REJECTED: %j', async (order) => {
    await event('connect', { direction: 'BUSINESS_INITIATED', session: answer() });
    await status('RINGING', 1);
    for (const name of order) await status(name, 5);
    await world.watch();
    expect(await world.call(WACID)).toMatchObject({ direction: 'outbound', state: 'in_progress', outcome: null });
    expect((await world.events()).map(({ type }) => type)).not.toContain('call.ended');
    await event('terminate', { direction: 'BUSINESS_INITIATED', status: 'COMPLETED', timestamp: at(20) });
    expect(await world.call(WACID)).toMatchObject({ state: 'ended', outcome: 'answered' });
  });

  it('ends a call that was rejected when no terminate follows', async () => {
    await event('connect', { direction: 'BUSINESS_INITIATED', session: answer() });
    await status('RINGING', 0);
    await status('REJECTED', 2);
    await world.pass(8);
    expect(await world.call(WACID)).toMatchObject({ state: 'ended', outcome: 'rejected', outcome_source: 'wire' });
  });

  it('corrects the direction of a call, when a webhook without one came first', async () => {
    await event('terminate', { status: 'COMPLETED', from: undefined, timestamp: at(9) });
    expect(await world.call(WACID)).toMatchObject({ direction: 'inbound', outcome: 'missed' });
    await status('RINGING', 2);
    expect(await world.call(WACID)).toMatchObject({ direction: 'outbound', outcome: 'no_answer', ringing_at: expect.any(String) });
  });

  it.each([['first'], ['last']])('believes of two ends the one that tells when the talk began, which comes %s', async (place) => {
    const poorer = () => event('terminate', { status: 'COMPLETED', timestamp: at(9) });
    const richer = () => event('terminate', { status: 'COMPLETED', timestamp: at(10), start_time: at(2), end_time: at(9) });
    for (const deliverEnd of place === 'first' ? [richer, poorer] : [poorer, richer]) await deliverEnd();
    expect(await world.call(WACID)).toMatchObject({ state: 'ended', outcome: 'answered', answered_at: expect.any(String) });
  });
});
