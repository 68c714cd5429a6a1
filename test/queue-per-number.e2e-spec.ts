import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sql } from 'kysely';
import { NumberCache } from '#identity/numbers/number-cache.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import { InboxStore } from '#inbox/inbox.store.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { QueueLeases } from '#inbox/queue/queue-leases.service.js';
import { QueuesStore } from '#inbox/queue/queues.store.js';
import { numberLock, Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { addSecond, FIRST, SECOND } from './second-number.js';
import { World } from './world.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;
const DISPLAY = { [FIRST]: '5215500000001', [SECOND]: '5215500000002' };
/** So many bodies of one number wait at most. */
const FULL = 5_000;

const ringing = (number: string, wacid: string, now: number): Buffer => {
  const metadata = { display_phone_number: DISPLAY[number], phone_number_id: number };
  const call = { id: wacid, from: '5215512347777', to: DISPLAY[number], event: 'connect', direction: 'USER_INITIATED' };
  const calls = [{ ...call, timestamp: String(Math.floor(now / 1_000)), session: { sdp_type: 'offer', sdp: 'v=0\r\n' } }];
  const value = { messaging_product: 'whatsapp', metadata, contacts: [{ wa_id: '5215512347777' }], calls };
  return Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '2', changes: [{ field: 'calls', value }] }] }));
};

async function withTwoNumbers(engine: (typeof engines)[number]): Promise<World> {
  const world = await World.open({ engine });
  await world.settle();
  await addSecond(world, 'api');
  await world.app.get(NumberCache).refresh();
  return world;
}

const callsOf = async (world: World, wacid: string) =>
  (await world.app.get(Store).read.selectFrom('calls').select('phone_number_id').where('wacid', '=', wacid).execute()).map(
    (call) => call.phone_number_id,
  );

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(10);
}

describe.each(engines)('the queues of two numbers, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await withTwoNumbers(engine);
  });
  afterEach(() => world.close());

  const keep = (number: string, about: string, wacid: string) =>
    world.app.get(InboxService).keep(ringing(about, wacid, world.clock.now()), number);

  it('apply each delivery for the number with which it came, and nothing about another', async () => {
    await keep(FIRST, FIRST, 'wacid.A');
    await keep(SECOND, SECOND, 'wacid.B');
    await keep(FIRST, SECOND, 'wacid.FORGED');
    await world.app.get(InboxWorker).drain();
    expect([await callsOf(world, 'wacid.A'), await callsOf(world, 'wacid.B'), await callsOf(world, 'wacid.FORGED')]).toEqual([
      [FIRST],
      [SECOND],
      [],
    ]);
    const last = await world.app
      .get(Store)
      .read.selectFrom('deliveries')
      .select(['summary', 'phone_number_id'])
      .orderBy('id', 'desc')
      .executeTakeFirst();
    expect(last).toEqual({ phone_number_id: FIRST, summary: JSON.stringify({ new: 0, known: 0, foreign: 1, unknown: 0 }) });
  });

  it('are heard of apart', async () => {
    const inbox = world.app.get(InboxService);
    await keep(FIRST, FIRST, 'wacid.A');
    expect([await inbox.lastReceivedAt(FIRST), await inbox.lastReceivedAt(SECOND)]).toEqual([world.clock.now(), null]);
  });

  it('fill up apart: one that is full refuses its own bodies alone', async () => {
    const store = world.app.get(Store);
    const hang = Promise.withResolvers<void>();
    const keepInStore = store.keep.bind(store);
    const writeNow = store.writeBatchNow.bind(store);
    store.keep = (async (work: never) => hang.promise.then(() => keepInStore(work))) as Store['keep'];
    store.writeBatchNow = (async () => null) as Store['writeBatchNow'];
    const inbox = world.app.get(InboxService);
    const body = ringing(FIRST, 'wacid.FLOOD', world.clock.now());
    const flood = Array.from({ length: FULL + 600 }, () =>
      inbox.keep(body, FIRST).then(
        () => 'kept',
        ({ code }) => code,
      ),
    );
    const other = keep(SECOND, SECOND, 'wacid.B').then(() => 'kept');
    await new Promise(setImmediate);
    hang.resolve();
    expect(await other).toBe('kept');
    const answers = await Promise.all(flood);
    expect(answers.filter((answer) => answer === 'inbox_full').length).toBeGreaterThan(0);
    store.writeBatchNow = writeNow;
    await world.app.get(InboxWorker).drain();
    expect(await callsOf(world, 'wacid.B')).toEqual([SECOND]);
  });
});

onPostgres('the queues of two numbers, shared by replicas,', () => {
  let world: World;
  let other: NestFastifyApplication;
  beforeEach(async () => {
    world = await withTwoNumbers('postgres');
    other = await world.startAnother();
    await other.get(NumberCache).refresh();
    await until(() => Boolean(world.app.get(Store).notifications?.isUp && other.get(Store).notifications?.isUp));
  });
  afterEach(async () => {
    await other.close();
    await world.close();
  });

  const keepAt = (app: NestFastifyApplication, number: string, wacid: string) =>
    app.get(InboxService).keep(ringing(number, wacid, world.clock.now()), number);
  const isHeld = (app: NestFastifyApplication, number: string) => app.get(QueueLeases).held(`inbox:${number}`) !== null;

  it('need no holder where nothing waits: each replica applies what it gets, in the commit that keeps it', async () => {
    await keepAt(other, SECOND, 'wacid.1');
    expect(await callsOf(world, 'wacid.1')).toEqual([SECOND]);
    await keepAt(world.app, SECOND, 'wacid.2');
    expect(await callsOf(world, 'wacid.2')).toEqual([SECOND]);
    expect([isHeld(world.app, SECOND), isHeld(other, SECOND)]).toEqual([false, false]);
  });

  it('apply no delivery before one that a replica has kept, and go to whoever works on what waits', async () => {
    await world.app.get(QueuesStore).take([`inbox:${SECOND}`], 'another replica', 60_000);
    const first = { phoneNumberId: SECOND, receivedAt: world.clock.now(), body: ringing(SECOND, 'wacid.FIRST', world.clock.now()) };
    await world.app.get(InboxStore).keep([first]);
    await keepAt(other, SECOND, 'wacid.LATER');
    expect([await callsOf(world, 'wacid.FIRST'), await callsOf(world, 'wacid.LATER')]).toEqual([[], []]);
    await sql`update queues set held_by_until = 0`.execute(raw(world.app.get(Store)));
    await world.app.get(InboxWorker).wake();
    const calls = world.app.get(Store).read.selectFrom('calls').select('wacid').orderBy('id');
    await until(async () => (await calls.execute()).length === 2);
    expect((await calls.execute()).map(({ wacid }) => wacid)).toEqual(['wacid.FIRST', 'wacid.LATER']);
  });

  it('go on while another session holds the lock of one of them', async () => {
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const stuck = other.get(Store).write(async () => {
      begun.resolve();
      await held.promise;
    }, [numberLock(FIRST)]);
    await begun.promise;
    await keepAt(world.app, FIRST, 'wacid.STUCK');
    for (let i = 0; i < 5; i += 1) await keepAt(world.app, SECOND, `wacid.${i}`);
    await until(async () => (await callsOf(world, 'wacid.4')).length === 1);
    expect(await callsOf(world, 'wacid.STUCK')).toEqual([]);
    held.resolve();
    await stuck;
    await until(async () => (await callsOf(world, 'wacid.STUCK')).length === 1);
  });
});
