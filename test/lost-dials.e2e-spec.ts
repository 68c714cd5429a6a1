import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EMPTY_CONTROL } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { CallWatchdogJob } from '#calling/lifecycle/call-watchdog.job.js';
import { MINUTE, SECOND as ONE_SECOND } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { addSecond, FIRST, SECOND } from './second-number.js';
import { World } from './world.js';

describe.each(engines)('dials without a response, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.settle();
    await addSecond(world, 'api');
  });
  afterEach(() => world.close());

  const dials = async (number: string, count: number, at: number, more: object = {}) => {
    const row = (n: number) => ({
      ...{ id: `call_${number}_${at}_${n}`, phone_number_id: number, person_id: 'usr_1', wacid: null, direction: 'outbound' as const },
      ...{ state: 'dialing', outcome: null, live: 1, input: '5215512340001', reference: null, sequence: 1 },
      ...{ created_at: at, deadline_at: at + 10 * MINUTE, ended_at: null },
      knowledge: JSON.stringify({ facts: { dialing: { kind: 'dialing', at }, ...more }, giveUpAfterMs: null, hold: EMPTY_CONTROL }),
    });
    await raw(world.app.get(Store))
      .insertInto('calls')
      .values(Array.from({ length: count }, (_, n) => row(n)))
      .execute();
  };
  const lostOf = async (number: string) => {
    const calls = world.app.get(Store).read.selectFrom('calls').select('knowledge').where('phone_number_id', '=', number);
    return (await calls.execute()).filter(({ knowledge }) => 'dial.lost' in JSON.parse(knowledge).facts).length;
  };

  it('are found however many of another number ring, and of those with a response none is touched', async () => {
    const now = world.clock.now();
    await dials(FIRST, 2, now - MINUTE);
    await dials(SECOND, 150, now - 2 * MINUTE, { 'dial.accepted': { kind: 'dial.accepted', at: now, wacid: 'wacid.X' } });
    await dials(SECOND, 150, now - ONE_SECOND);
    await world.app.get(CallWatchdogJob).markDialsWithoutResponse();
    expect([await lostOf(FIRST), await lostOf(SECOND)]).toEqual([2, 0]);
  });

  it('are found all in the end, and one that cannot be changed keeps no other', async () => {
    const now = world.clock.now();
    await dials(SECOND, 130, now - 2 * MINUTE);
    await dials(FIRST, 1, now - MINUTE);
    jest.spyOn(world.app.get(CallsService), 'change').mockRejectedValueOnce(new Error('a call that cannot be changed'));
    const job = world.app.get(CallWatchdogJob);
    await job.markDialsWithoutResponse();
    expect([await lostOf(FIRST), await lostOf(SECOND)]).toEqual([1, 99]);
    await job.markDialsWithoutResponse();
    expect(await lostOf(SECOND)).toBe(130);
  });
});
