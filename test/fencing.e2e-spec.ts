import { jest } from '@jest/globals';
import { CallsService } from '#calling/call/calls.service.js';
import { DialService } from '#calling/outbound/dial.service.js';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from './sdp.js';
import { type Body, World } from './world.js';

const [ANA, BETO] = ['5215512340001', '5215512340002'];

describe.each(engines)('a process that stood still, on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    for (const user of [ANA, BETO]) world.allow(user);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await world.close();
  });
  const dials = () => world.simulator.context.calls.all().length;

  /** It stands still between the commit of a dial and its sending. */
  const standStill = (meanwhile: () => Promise<unknown>) => {
    const service = world.app.get(DialService);
    const dial = service.dial.bind(service);
    jest.spyOn(service, 'dial').mockImplementationOnce(async (...committed) => {
      world.clock.time += 60_000;
      await meanwhile();
      return dial(...committed);
    });
  };

  it('does not send a dial that another has given up meanwhile', async () => {
    standStill(() => world.watch());
    const { status, body } = await world.do('make-call', { to: ANA, session: offer() });
    expect([status, body.outcome_known, dials()]).toEqual([202, false, 0]);
  });

  it('does not send a dial of a call that was cancelled meanwhile', async () => {
    standStill(async () => {
      const [call] = (await world.get('/api/calling/calls?state=dialing')).body.data;
      await world.do('terminate', { id: call.id });
    });
    await world.do('make-call', { to: ANA, session: offer() });
    expect(dials()).toBe(0);
  });

  it('sends a dial that is still its own', async () => {
    standStill(async () => undefined);
    const { status } = await world.do('make-call', { to: ANA, session: offer() });
    expect([status, dials()]).toEqual([201, 1]);
  });
});

describe.each(engines)('the watchdog on %s', (engine) => {
  it('ends every other call when one cannot be processed', async () => {
    const world = await World.open({ engine });
    await world.greet();
    const calls: Body[] = [];
    for (const to of [ANA, BETO]) {
      world.allow(to);
      calls.push((await world.do('make-call', { to, session: offer() })).body);
    }
    const service = world.app.get(CallsService);
    const require = service.require.bind(service);
    jest
      .spyOn(service, 'require')
      .mockImplementation((by, id, ...rest) =>
        id === calls[0].id ? Promise.reject(new TypeError('a fault of this call')) : require(by, id, ...rest),
      );
    world.clock.time += 600_000;
    await world.watch();
    jest.restoreAllMocks();
    const states = [];
    for (const { id } of calls) states.push((await world.call(id)).state);
    expect([states[0] === 'ended', states[1]]).toEqual([false, 'ended']);
    await world.close();
  });
});
