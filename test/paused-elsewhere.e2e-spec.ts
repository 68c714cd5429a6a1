import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { offer } from './sdp.js';
import { FIRST } from './second-number.js';
import { World } from './world.js';

const ANA = '5215512340001';

describe.each(engines)('a number that another replica has just paused, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.settle();
    await world.greet();
  });
  afterEach(() => world.close());

  /** This process has not heard of it: the memory of the registry is as before. */
  const pausedElsewhere = async (state: 'active' | 'paused' | 'removing') =>
    raw(world.app.get(Store)).updateTable('numbers').set({ state }).where('phone_number_id', '=', FIRST).execute();
  const calls = async () => (await world.app.get(Store).read.selectFrom('calls').select('state').execute()).map(({ state }) => state);

  it('dials nobody', async () => {
    world.allow(ANA);
    await pausedElsewhere('paused');
    const dial = { to: ANA, session: offer() };
    expect(await world.do('make-call', dial)).toMatchObject({ status: 409, body: { code: 'number_paused' } });
    await pausedElsewhere('removing');
    expect(await world.do('make-call', dial)).toMatchObject({ status: 409, body: { code: 'number_removing' } });
    expect(await calls()).toEqual([]);
    await pausedElsewhere('active');
    world.allow(ANA);
    expect(await world.do('make-call', dial)).toMatchObject({ status: 201 });
  });

  it('asks nobody', async () => {
    await pausedElsewhere('paused');
    for (const verb of ['make-call', 'request-permission'])
      expect(await world.do(verb, { to: ANA })).toMatchObject({ status: 409, body: { code: 'number_paused' } });
    expect(await calls()).toEqual([]);
    await pausedElsewhere('active');
    expect(await world.do('request-permission', { to: ANA })).toMatchObject({ status: 202 });
  });

  it('dials no call that waits to be connected', async () => {
    world.allow(ANA);
    const { body } = await world.do('make-call', { to: ANA });
    expect(body.state).toBe('ready');
    await pausedElsewhere('paused');
    expect(await world.do('connect', { id: body.id, session: offer() })).toMatchObject({ status: 409, body: { code: 'number_paused' } });
    expect(await calls()).toEqual(['ready']);
  });
});
