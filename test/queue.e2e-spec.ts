import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sql } from 'kysely';
import { InboxStore } from '#inbox/inbox.store.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { QueueLeases } from '#inbox/queue/queue-leases.service.js';
import { QueuesStore } from '#inbox/queue/queues.store.js';
import { Store } from '#store/store.js';
import { raw } from '#store/temporary-store.fixture.js';
import { World } from './world.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;
const METADATA = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };
const QUEUE = `inbox:${METADATA.phone_number_id}`;

onPostgres('the queue of deliveries, shared by replicas', () => {
  let world: World;
  let other: NestFastifyApplication;
  beforeEach(async () => {
    world = await World.open({ engine: 'postgres' });
    await world.settle();
    other = await world.startAnother();
    await until(() => Boolean(world.app.get(Store).notifications?.isUp));
  });
  afterEach(async () => {
    await other.close();
    await world.close();
  });

  const { read } = { read: () => world.app.get(Store).read };
  const body = (wacid: string) => {
    const call = { id: wacid, from: '5215512347777', to: METADATA.display_phone_number, event: 'connect', direction: 'USER_INITIATED' };
    const calls = [{ ...call, timestamp: String(Math.floor(world.clock.now() / 1_000)), session: { sdp_type: 'offer', sdp: 'v=0\r\n' } }];
    const value = { messaging_product: 'whatsapp', metadata: METADATA, contacts: [{ wa_id: '5215512347777' }], calls };
    return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '2', changes: [{ field: 'calls', value }] }] });
  };
  const delivery = (wacid: string) => ({
    ...{ phoneNumberId: METADATA.phone_number_id, receivedAt: world.clock.now() },
    body: Buffer.from(body(wacid)),
  });
  /** As the intake of a replica keeps what it does not apply inline. */
  const keepAt = async (app: NestFastifyApplication, wacid: string) => {
    const all = [delivery(wacid)];
    await app.get(InboxStore).keep(all, app.get(InboxWorker).elsewhere(all));
  };
  const isKnown = async (wacid: string) =>
    (await read().selectFrom('calls').select('id').where('wacid', '=', wacid).executeTakeFirst()) !== undefined;
  const holder = async () => (await read().selectFrom('queues').selectAll().executeTakeFirstOrThrow()) as { holder: string; token: number };
  const isHolder = (app: NestFastifyApplication) => app.get(QueueLeases).held(QUEUE) !== null;

  it('has one holder, which applies what the others keep, and is told of it', async () => {
    expect([isHolder(world.app), isHolder(other)]).toEqual([true, false]);
    await keepAt(other, 'wacid.THERE');
    await other.get(InboxWorker).applyKept(METADATA.phone_number_id);
    await until(() => isKnown('wacid.THERE'));
    expect([isHolder(world.app), isHolder(other)]).toEqual([true, false]);
  });

  it('is waited for by a replica that must know what it has kept', async () => {
    await keepAt(other, 'wacid.WAITED');
    void other.get(InboxWorker).applyKept(METADATA.phone_number_id);
    await other.get(InboxWorker).applied(METADATA.phone_number_id, new AbortController().signal);
    expect(await isKnown('wacid.WAITED')).toBe(true);
  });

  it('goes to another replica at once when its holder stops', async () => {
    await world.stop();
    await other.get(InboxWorker).wake();
    expect(isHolder(other)).toBe(true);
    await world.start();
  });

  it('goes to another replica when the lease of a killed one ends, under a new token', async () => {
    const before = await holder();
    await other.get(InboxWorker).wake();
    expect(isHolder(other)).toBe(false);
    await sql`update queues set held_by_until = 0`.execute(raw(world.app.get(Store)));
    await other.get(InboxWorker).wake();
    const after = await holder();
    expect(isHolder(other)).toBe(true);
    expect([after.token, after.holder === before.holder]).toEqual([before.token + 1, false]);
  });

  it('is not worked on by a holder that stood still while another took over', async () => {
    const stale = world.app.get(QueueLeases).held(QUEUE);
    await sql`update queues set held_by_until = 0`.execute(raw(world.app.get(Store)));
    await other.get(QueuesStore).take([QUEUE], 'another', 60_000);
    await keepAt(world.app, 'wacid.STALE');
    expect(stale).not.toBeNull();
    await world.app.get(InboxWorker).drain();
    expect(await isKnown('wacid.STALE')).toBe(false);
    expect(await read().selectFrom('deliveries').select('state').where('state', '=', 'new').execute()).toHaveLength(1);
  });
});

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(10);
}
