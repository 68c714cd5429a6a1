import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CallsService } from '#calling/call/calls.service.js';
import { CallWatchdogJob } from '#calling/lifecycle/call-watchdog.job.js';
import { LeasesService } from '#calling/lifecycle/leases.service.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { Exchange } from '#dialog360/exchange.js';
import { NumberCache } from '#identity/numbers/number-cache.service.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Problem } from '#kernel/problem.js';
import { Secret } from '#kernel/secret.js';
import { Lines } from '#numbers/lines.js';
import { numberLock, Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const metadata = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };

type Hung = Awaited<ReturnType<Dialog360Client['terminate']>>;

const exchange: Exchange = { operation: 'terminate', status: null, durationMs: 1, at: 0, upstream: null, request: {} };
const ENDED: Hung = { outcome: 'accepted', value: { alreadyOver: false }, exchange };
const LOST: Hung = { outcome: 'unknown', problem: new Problem('outcome_unknown'), exchange };

describe.each(engines)('due calls, on %s,', (engine) => {
  let world: World;
  /** The wacids whose terminate hangs at 360dialog, until `release`. */
  let hanging: Set<string>;
  /** Each terminate that was sent. */
  let sent: string[];
  let release: () => void;

  beforeEach(async () => {
    world = await World.open({ engine });
    hanging = new Set();
    sent = [];
    const held = Promise.withResolvers<void>();
    release = held.resolve;
    world.line.terminate = async (wacid) => {
      sent.push(wacid);
      if (hanging.has(wacid)) await held.promise;
      return hanging.has(wacid) ? LOST : ENDED;
    };
  });
  afterEach(() => world.close());

  const wacid = (n: number) => `wacid.due.${n}`;
  /** The call of a user begins to ring. */
  const ring = (n: number) => {
    const call = { id: wacid(n), from: `5215512347${String(n).padStart(3, '0')}`, to: metadata.display_phone_number, event: 'connect' };
    const timestamp = String(Math.floor(world.clock.now() / 1000));
    const session = { sdp_type: 'offer', sdp: offer().sdp };
    const value = { metadata, calls: [{ ...call, direction: 'USER_INITIATED', timestamp, session }] };
    return world.deliver({ object: 'whatsapp_business_account', entry: [{ id: '2', changes: [{ field: 'calls', value }] }] });
  };
  /** Calls of users that were accepted here, each a minute younger than the one before. */
  const talking = async (from: number, until: number) => {
    const client = world.line;
    client.accept = async () => ({ outcome: 'accepted', value: null, exchange });
    for (let n = from; n < until; n += 1) {
      await ring(n);
      const { status } = await world.do('accept', {
        call_id: wacid(n),
        session: { sdp_type: 'answer', sdp: offer().sdp.replace('actpass', 'active') },
      });
      expect(status).toBe(200);
    }
  };
  const MAX_CALL_MS = 14_400_000;
  /** Waits for what happens by itself; a test that waits in vain is stuck, and fails by the limit that every test has. */
  const until = async (holds: () => boolean | Promise<boolean>) => {
    while (!(await holds())) await pause(5);
  };
  const hasEnded = async (n: number) => (await world.call(wacid(n))).state === 'ended';
  const watchdog = () => world.app.get(CallWatchdogJob);

  it('are processed side by side: eight whose hang-up hangs delay no ninth', async () => {
    await talking(0, 9);
    for (let n = 0; n < 8; n += 1) hanging.add(wacid(n));
    world.clock.time += MAX_CALL_MS;
    const round = watchdog().tick();
    await until(() => hasEnded(8));
    expect(await hasEnded(0)).toBe(false);
    release();
    await round;
    expect(await hasEnded(0)).toBe(true);
  });

  it('do not wait for those of an earlier round, and none is sent twice', async () => {
    await talking(0, 2);
    hanging.add(wacid(0));
    world.clock.time += MAX_CALL_MS;
    const first = watchdog().tick();
    await until(() => sent.includes(wacid(0)));
    await talking(2, 3);
    world.clock.time += MAX_CALL_MS;
    const second = watchdog().tick();
    await until(() => hasEnded(2));
    expect(sent.filter((one) => one === wacid(0))).toHaveLength(1);
    release();
    await Promise.all([first, second]);
  });

  it('are at most sixteen at a time', async () => {
    await talking(0, 20);
    for (let n = 0; n < 20; n += 1) hanging.add(wacid(n));
    world.clock.time += MAX_CALL_MS;
    const round = watchdog().tick();
    await until(() => sent.length >= 16);
    await pause(50);
    expect(sent).toHaveLength(16);
    release();
    await round;
    expect(new Set(sent).size).toBe(20);
  });

  it('hold up none of another number, however many hang and wait', async () => {
    await talking(0, 20);
    for (let n = 0; n < 19; n += 1) hanging.add(wacid(n));
    const numbers = world.app.get(NumbersService);
    world.app.get(NumberCache).openKey = (sealed) => new Secret(sealed);
    await numbers.add('300000000000099', { source: 'api', sealedApiKey: 'key-of-another' });
    // The youngest call, which is due last, is of the other number.
    await world.app
      .get(Store)
      .write((tx) => tx.updateTable('calls').set({ phone_number_id: '300000000000099' }).where('wacid', '=', wacid(19)).execute());
    const theirs: string[] = [];
    world.app.get(Lines).of('300000000000099').terminate = async (one) => {
      theirs.push(one);
      return ENDED;
    };
    world.clock.time += MAX_CALL_MS;
    const round = watchdog().tick();
    await until(async () => (await hasEnded(19)) && sent.length >= 16);
    expect([theirs, sent.length]).toEqual([[wacid(19)], 16]);
    release();
    await round;
    expect(new Set(sent).size).toBe(19);
  });

  it('that only end are written in batches, also when they are overdue and another writer has the number', async () => {
    const CALLS = 110;
    await Promise.all(Array.from({ length: CALLS }, (_, n) => ring(n)));
    world.clock.time += MAX_CALL_MS;
    const store = world.app.get(Store);
    const held = Promise.withResolvers<void>();
    // SQLite has one writer, for which everybody waits.
    const other = engine === 'postgres' ? store.write(() => held.promise, [numberLock(metadata.phone_number_id)]) : null;
    let commits = 0;
    store.onCommit(() => {
      commits += 1;
    });
    const round = watchdog().tick();
    await pause(100);
    held.resolve();
    await Promise.all([other, round]);
    const { body } = await world.get('/api/calling/calls?state=ended&limit=200');
    expect(body.data).toHaveLength(CALLS);
    // The other writer's, the two of the watchdog, and one of a job that comes between them.
    expect(commits).toBeLessThanOrEqual(4);
  });

  it('of one number leave another its own place in a round', async () => {
    await talking(0, 3);
    const { id } = await world.call(wacid(2));
    await world.app
      .get(Store)
      .write((tx) => tx.updateTable('calls').set({ phone_number_id: '300000000000099' }).where('id', '=', id).execute());
    const due = await world.app.get(CallsService).due(world.clock.now() + 2 * MAX_CALL_MS, 1);
    expect(due.map(({ phoneNumberId }) => phoneNumberId)).toEqual([metadata.phone_number_id, '300000000000099']);
  });

  it('keep the others from nothing when one of them cannot be processed', async () => {
    await talking(0, 2);
    const { terminate } = world.line;
    world.line.terminate = (one) => (one === wacid(0) ? Promise.reject(new Error('broken')) : terminate(one));
    world.clock.time += MAX_CALL_MS;
    await watchdog().tick();
    expect(await hasEnded(1)).toBe(true);
    expect(await hasEnded(0)).toBe(false);
  });

  it('give a lease its full term after a gap, also when the process stood still in the middle of a round', async () => {
    await talking(0, 2);
    const { body: call } = await world.get(`/api/calling/calls/${wacid(1)}`);
    const response = await fetch(`${world.url}/api/calling/calls/${call.id}/lease`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${World.KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ holder: 'window-0123456789' }),
    });
    expect(response.status).toBe(200);
    await watchdog().tick();
    world.clock.time += 60_000;
    // The call was found due by a round, and comes to its turn after the process stood still for a minute.
    await world.app.get(LeasesService).lapse(await world.app.get(CallsService).require(EVERY_NUMBER, call.id));
    expect((await world.call(call.id)).state).not.toBe('ended');
    expect(sent).toEqual([]);
  });
});
