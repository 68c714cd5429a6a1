import { DAY, HOUR } from '#kernel/clock.js';
import { answer, offer } from './sdp.js';
import { World } from './world.js';

const HUGO = '5215512340008';

describe("when the machine's clock is moved", () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  /** What the gateway alone sees: the other side's clock goes on as before. */
  const look = async () => {
    for (let turn = 0; turn < 3; turn += 1) await world.watch();
  };

  it.each([HOUR, -HOUR, DAY])('by %d ms, a call that rings can still be answered', async (ms) => {
    const { id } = await world.ring('hugo');
    await look();
    world.clock.move(ms);
    await look();
    expect(await world.call(id)).toMatchObject({ state: 'ringing' });
    expect((await world.do('accept', { call_id: id, session: answer() })).status).toBe(200);
    await look();
    expect(await world.call(id)).toMatchObject({ state: 'in_progress' });
  });

  it('no call in progress is hung up, and no dial is given up', async () => {
    const { body } = await world.do('make-call', { to: HUGO, session: offer(), lease_holder: 'window-0123456789' });
    await world.pass(8);
    expect(await world.call(body.id)).toMatchObject({ state: 'in_progress' });
    world.clock.move(DAY);
    await look();
    expect(await world.call(body.id)).toMatchObject({ state: 'in_progress', outcome: null });
  });

  it('two minutes later what is still open is concluded by the clock again', async () => {
    const { id } = await world.ring('hugo');
    await look();
    world.clock.move(HOUR);
    await look();
    world.clock.time += 119_000;
    await look();
    expect(await world.call(id)).toMatchObject({ state: 'ringing' });
    world.clock.time += 2_000;
    await look();
    expect(await world.call(id)).toMatchObject({ state: 'ended', outcome: 'missed' });
  });
});
