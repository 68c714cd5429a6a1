import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Store } from '#store/store.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const PEOPLE = ['5215512340001', '5215512340002', '5215512340003', '5215512340004', '5215512340008', '5215512340009'];
/** What the gateway could have known: 360dialog tells it when it is asked about the person. */
const KNOWABLE = [
  'permission_request_limit_reached',
  'call_limit_reached',
  'permission_already_permanent',
  'permission_required',
  'user_busy',
];

type Step = { do: 'call' | 'ask' | 'ask first' | 'wait a minute' | 'wait a day' | 'greet' | 'hang up'; who: string };

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('call', 'call', 'ask', 'ask first', 'wait a minute', 'wait a day', 'greet', 'hang up'),
  who: fc.constantFrom(...PEOPLE),
});

describe('limits', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
    await world.greet();
  });
  afterEach(() => world.close());

  const play = async ({ do: what, who }: Step): Promise<void> => {
    if (what === 'call') await world.do('make-call', { to: who, session: offer(), permission_request: { mode: 'never' } });
    if (what === 'ask first') await world.do('make-call', { to: who, session: offer() });
    if (what === 'ask') await world.do('request-permission', { to: who });
    if (what === 'wait a minute') await world.pass(75);
    if (what === 'wait a day') await world.pass(86_400 + 60);
    if (what === 'greet') await world.greet();
    if (what === 'hang up') {
      const { body } = await world.get(`/api/calling/calls?user=${who}&limit=1`);
      if (body.data[0]) await world.do('terminate', { id: body.data[0].id });
    }
  };

  it('that can be known are never run into, whatever is asked of the gateway', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        for (const one of steps) await play(one);
        const refused = await world.app.get(Store).read.selectFrom('refusals').select(['operation', 'code']).execute();
        expect(refused.filter(({ code }) => KNOWABLE.includes(code))).toEqual([]);
      }),
      { numRuns: 12 },
    );
  }, 600_000);
});
