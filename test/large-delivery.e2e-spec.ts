import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InboxService } from '#inbox/inbox.service.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { Store, type Tx } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { World } from './world.js';

const COUNT = 1_000;
const MOST_PER_COMMIT = 50;
const metadata = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };

describe.each(engines)('a delivery of a thousand elements, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  const at = () => String(Math.floor(world.clock.now() / 1000));
  const envelope = (value: object, field: string) =>
    JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: '200000000000001', changes: [{ field, value: { metadata, ...value } }] }],
    });
  const large = (count = COUNT) =>
    envelope(
      {
        contacts: [{ wa_id: '5215512347777' }],
        messages: Array.from({ length: count }, (_, index) => ({
          id: `wamid.L${index}`,
          from: '5215512347777',
          timestamp: at(),
          type: 'text',
        })),
      },
      'messages',
    );
  const ringing = (id: string) =>
    envelope(
      {
        calls: [
          {
            id,
            from: '5215512348888',
            to: metadata.display_phone_number,
            event: 'connect',
            direction: 'USER_INITIATED',
            timestamp: at(),
            session: { sdp_type: 'offer', sdp: 'v=0\r\n' },
          },
        ],
      },
      'calls',
    );
  const keep = (body: string) => world.app.get(InboxService).keep(Buffer.from(body), metadata.phone_number_id);
  const states = async () => {
    const rows = await world.app.get(Store).read.selectFrom('deliveries').select(['state', 'summary']).orderBy('id').execute();
    return rows.map(({ state, summary }) => ({ state, ...JSON.parse(summary ?? '{}') }));
  };
  /** How many messages were applied in each transaction; `between` runs after each of them. */
  const transactions = (between: (applied: number) => void = () => undefined): Map<Tx, number> => {
    const counts = new Map<Tx, number>();
    let applied = 0;
    world.app.get(InboxService).on(['message.received'], async (tx) => {
      counts.set(tx, (counts.get(tx) ?? 0) + 1);
      applied += 1;
      between(applied);
    });
    return counts;
  };

  it('is applied in many commits, each of some elements, and counted as one delivery', async () => {
    const counts = transactions();
    await keep(large());
    await world.app.get(InboxWorker).drain();
    const sizes = [...counts.values()];
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST_PER_COMMIT);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(COUNT);
    expect(await states()).toEqual([{ state: 'done', new: COUNT, known: 0, foreign: 0, unknown: 0 }]);
  });

  it('does not hold up a call that rings meanwhile', async () => {
    let small: Promise<void> | undefined;
    const stateOfLarge: string[] = [];
    transactions((applied) => {
      if (applied === 2 * MOST_PER_COMMIT) small = keep(ringing('wacid.MEANWHILE'));
    });
    world.app.get(InboxService).on(['call.connect'], async () => async () => {
      stateOfLarge.push((await states())[0]?.state);
    });
    await keep(large());
    await world.app.get(InboxWorker).drain();
    await small;
    await world.settle();
    expect((await world.call('wacid.MEANWHILE')).state).toBe('ringing');
    expect(stateOfLarge).toEqual(['new']);
  });

  it('that fails in the middle is repeated, and each element is applied once', async () => {
    transactions((applied) => {
      if (applied === 5 * MOST_PER_COMMIT + 1) throw new Error('the process dies here');
    });
    await keep(large());
    await world.app.get(InboxWorker).drain();
    await world.app.get(InboxWorker).drain();
    expect(await states()).toEqual([
      { state: 'done', new: COUNT - 5 * MOST_PER_COMMIT, known: 5 * MOST_PER_COMMIT, foreign: 0, unknown: 0 },
    ]);
    const seen = await world.app.get(Store).read.selectFrom('seen').select('key').execute();
    expect(seen).toHaveLength(COUNT);
  });
});
