import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NumberCache } from '#identity/numbers/number-cache.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { addSecond, FIRST, SECOND, SECOND_DISPLAY } from './second-number.js';
import { World } from './world.js';

/** The account of both numbers; `addSecond` keeps it, and a webhook about the first names it. */
const WABA = '200000000000001';

const bodyOf = (field: string, value: object, time: number): Buffer =>
  Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: WABA, time, changes: [{ field, value }] }] }));

describe.each(engines)('account webhooks of two numbers of one account, on %s,', (engine) => {
  let world: World;
  let at: number;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.settle();
    await addSecond(world, 'api');
    at = Math.floor(world.clock.now() / 1_000);
    await world.app.get(NumberCache).refresh();
  });
  afterEach(() => world.close());

  const keep = (number: string, body: Buffer) => world.app.get(InboxService).keep(body, number);
  const limit = () => bodyOf('business_capability_update', { max_daily_conversations_per_business: 2000 }, at);
  const restriction = (about: object) =>
    bodyOf(
      'account_update',
      {
        ...about,
        event: 'ACCOUNT_RESTRICTION',
        restriction_info: [{ restriction_type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiration: at + 3_600 }],
      },
      at,
    );
  const readings = async (name: string) => {
    const kept = world.app.get(Store).read.selectFrom('readings').select('phone_number_id').where('name', '=', name);
    return (await kept.where('source', '=', 'webhook').orderBy('phone_number_id').execute()).map((row) => row.phone_number_id);
  };
  const restrictions = async () => {
    const told = world.app.get(Store).read.selectFrom('events').select('phone_number_id').where('type', '=', 'account.restricted');
    return (await told.orderBy('id').execute()).map((row) => row.phone_number_id);
  };
  const applied = () => world.app.get(InboxWorker).drain();

  it('that name no number are heard by each number to which they are delivered', async () => {
    await keep(FIRST, limit());
    await keep(SECOND, limit());
    await applied();
    // That of the first number is its portfolio's, which is known; the portfolio of the second one is not.
    const shared = await world.app.get(Store).read.selectFrom('shared_readings').select('scope').where('source', '=', 'webhook').execute();
    expect([shared, await readings('messaging_limit')]).toEqual([[{ scope: 'portfolio' }], [SECOND]]);
  });

  it('are heard by each once, however often and under whichever token they are delivered', async () => {
    for (const number of [FIRST, SECOND, SECOND, FIRST]) await keep(number, restriction({}));
    await applied();
    expect((await restrictions()).sort()).toEqual([FIRST, SECOND]);
  });

  it('about the display number of one are not taken for the other, whose display number is not known', async () => {
    await raw(world.app.get(Store))
      .updateTable('numbers')
      .set({ display_phone_number: null })
      .where('phone_number_id', '=', FIRST)
      .execute();
    await world.app.get(NumberCache).refresh();
    await keep(FIRST, restriction({ phone_number: SECOND_DISPLAY }));
    await keep(SECOND, restriction({ phone_number: SECOND_DISPLAY }));
    await applied();
    expect(await restrictions()).toEqual([SECOND]);
  });

  it('that a release before has applied for the number of the environment are known', async () => {
    await keep(FIRST, limit());
    await applied();
    const keys = (await world.app.get(Store).read.selectFrom('seen').select('key').execute()).map(({ key }) => key);
    await keep(SECOND, limit());
    await applied();
    const later = (await world.app.get(Store).read.selectFrom('seen').select('key').execute()).map(({ key }) => key);
    const added = later.filter((key) => !keys.includes(key));
    expect(keys.every((key) => /^[\da-f]{44}$/.test(key))).toBe(true);
    expect(added).toEqual([expect.stringMatching(new RegExp(`^[\\da-f]{44}:${SECOND}$`))]);
  });
});
