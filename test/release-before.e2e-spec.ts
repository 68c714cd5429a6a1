import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { framesOf } from '#cli/listen/event-stream.js';
import { ForwardingWorker } from '#delivery/forwarding/forwarding.worker.js';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import { OutboxService } from '#events/outbox.service.js';
import { openStore } from '#store/open-store.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const ANA = '5215512340001';

/**
 * What the release before has written and given out, as it wrote it: six events in three transactions, of which a consumer has the first
 * three, and three deliveries, of which the forward target has the first two. On Postgres the transaction stands before the number.
 */
const WRITTEN = {
  sqlite: { xids: [0, 0, 0], third: 'evt_0000000000000000000017', sixth: 'evt_000000000000000000001a', page: 'WzAsNDNd' },
  postgres: {
    xids: [900_001, 900_002, 900_003],
    third: 'evt_0000000jag200000000017',
    sixth: 'evt_0000000jag30000000001a',
    page: 'WzkwMDAwMiw0M10',
  },
} as const;
const [EVENTS, DELIVERIES] = [
  [41, 42, 43, 44, 45, 46],
  [71, 72, 73],
] as const;

/** `next_cursor` of a list: the time and the id of the last row of a page, or its number. */
const CURSORS = {
  '/api/calling/calls': 'WzE3NjM3OTg0MDAwMDAsImNhbGxfMDFLQUtZSDMwMDAwMDAwMDAwMDAwMDAwMDAiXQ',
  '/api/subscriptions': 'WzE3NjM3OTg0MDAwMDAsInN1Yl8wMUtBS1lIMzAwMDAwMDAwMDAwMDAwMDAwMDAiXQ',
  '/api/keys': 'WzE3NjM3OTg0MDAwMDAsImtleV8wMUtBS1lIMzAwMDAwMDAwMDAwMDAwMDAwMDAiXQ',
  '/api/compliance/reports': 'WzE3NjM3OTg0MDAwMDAsInJlcF8wMUtBS1lIMzAwMDAwMDAwMDAwMDAwMDAwMDAiXQ',
  '/api/compliance/snapshots': 'WzE3NjM3OTg0MDAwMDAsInNucF8wMUtBS1lIMzAwMDAwMDAwMDAwMDAwMDAwMDAiXQ',
  '/api/audit': 'WzQzXQ',
  '/api/forwarding/set-aside': 'WzcyXQ',
  '/api/calling/errors': 'WyJjYWxsX2xpbWl0X3JlYWNoZWQiXQ',
};

/** A consumer's server, which takes everything. */
class Box {
  readonly got: { id: string | undefined; body: string }[] = [];
  readonly #server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    this.got.push({ id: request.headers['webhook-id'] as string | undefined, body: Buffer.concat(parts).toString() });
    response.writeHead(204).end();
  });
  url = '';

  async open(): Promise<this> {
    await new Promise<void>((listens) => this.#server.listen(0, '127.0.0.1', listens));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
    return this;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe.each(engines)('what the release before has written and given out, on %s', (engine) => {
  const { xids, third, sixth, page } = WRITTEN[engine];
  const posts = new Box();
  const forwards = new Box();
  let world: World;
  let subscription: string;

  beforeEach(async () => {
    await Promise.all([posts.open(), forwards.open()]);
    world = await World.open({ engine, env: { EVENTS_ALLOW_PRIVATE_TARGETS: 'true', WEBHOOK_FORWARD_URL: forwards.url } });
    await world.greet();
    const { body } = await world.post('/api/subscriptions', { url: posts.url, types: ['settings.updated'] });
    subscription = body.id;
    await world.stop();
    const store = await openStore({ database: world.database, mode: 'live' });
    const db = raw(store);
    for (const table of ['events', 'deliveries', 'dispatches']) await sql.raw(`delete from ${table}`).execute(db);
    for (const [i, id] of EVENTS.entries())
      await sql`insert into events (id, xid, type, subject, sequence, phone_number_id, occurred_at, expires_at, data)
        values (${id}, ${xids[Math.floor(i / 2)]}, 'settings.updated', 'settings', ${i + 1}, null, ${world.clock.now()}, null, '{"calling":{}}')`.execute(
        db,
      );
    for (const [i, id] of DELIVERIES.entries())
      await sql`insert into deliveries (id, xid, received_at, body, state, attempts, summary)
        values (${id}, ${xids[i]}, ${world.clock.now()}, ${Buffer.from(`{"delivery":${id}}`)}, 'done', 0, null)`.execute(db);
    // The second event was refused and waits for its retry.
    await sql`insert into dispatches (subscription_id, xid, event_id, type, subject, state, attempts, first_attempt_at, last_attempt_at, next_attempt_at)
      values (${subscription}, ${xids[0]}, 42, 'settings.updated', 'other', 'retrying', 1, 1, 1, 1)`.execute(db);
    await sql`update subscriptions set xid = ${xids[1]}, event_id = 43`.execute(db);
    await sql`update forwards set xid = ${xids[1]}, delivery_id = 72, holder = null, held_by_until = null`.execute(db);
    if (engine === 'postgres') await sql`select setval('events_id_seq', 46), setval('deliveries_id_seq', 73)`.execute(db);
    await store.close();
    forwards.got.splice(0);
    await world.start();
  });
  afterEach(async () => {
    await world.close();
    for (const box of [posts, forwards]) {
      box.close();
      box.got.splice(0);
    }
  });

  const publish = (sequence: number) =>
    world.app.get(Store).write((tx) =>
      world.app.get(OutboxService).append(tx, {
        ...({ type: 'settings.updated', subject: 'settings', sequence, phoneNumberId: null, expiresAt: null } as const),
        occurredAt: world.clock.now(),
        data: { calling: {} },
      }),
    );
  /** Frames of a stream that resumes, until one carries the event with this sequence. */
  const resume = async (lastEventId: string, upTo: number) => {
    const leave = new AbortController();
    const headers = { authorization: `Bearer ${World.KEY}`, 'last-event-id': lastEventId };
    const { body } = await fetch(`${world.url}/api/events?types=settings.updated`, { headers, signal: leave.signal });
    const heard: (string | number)[] = [];
    for await (const { event, data } of framesOf(body?.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>)) {
      if (event !== undefined) heard.push(event);
      else if (data !== undefined) heard.push(JSON.parse(data).sequence);
      if (heard.at(-1) === upTo) break;
    }
    leave.abort();
    return heard;
  };

  it('is resumed by a stream, without a gap, a repeat or a reset, and goes on with the events of this release', async () => {
    for (const sequence of [7, 8]) await publish(sequence);
    expect(await resume(third, 8)).toEqual([4, 5, 6, 7, 8]);
    expect(await resume(sixth, 8)).toEqual([7, 8]);
  });

  it('is resumed by a subscription: each event is posted once, a retry under its old id', async () => {
    await publish(7);
    await world.app.get(DeliveriesService).flush();
    const posted = posts.got.map(({ id, body }) => [id, JSON.parse(body).sequence]);
    expect(posted.map(([, sequence]) => sequence).sort()).toEqual([2, 4, 5, 6, 7]);
    expect(posted.find(([, sequence]) => sequence === 6)).toEqual([sixth, 6]);
  });

  it('is forwarded from where the release before has come to, once and in order', async () => {
    await world.deliver({ object: 'whatsapp_business_account', entry: [] });
    await world.app.get(ForwardingWorker).drain();
    expect(forwards.got.map(({ body }) => body)).toEqual(['{"delivery":73}', '{"object":"whatsapp_business_account","entry":[]}']);
  });

  it('is listed from its cursors on', async () => {
    const lists = { ...CURSORS, [`/api/subscriptions/${subscription}/deliveries`]: page };
    for (const [path, cursor] of Object.entries(lists))
      expect([path, (await world.get(`${path}?cursor=${cursor}`)).status]).toEqual([path, 200]);
  });

  it('is known by its idempotency keys: the same request is answered and not sent again, another refused', async () => {
    world.allow(ANA);
    const session = offer();
    const made = await world.do('make-call', { to: ANA, session }, { 'idempotency-key': 'of-the-release-before' });
    expect(made.status).toBeLessThan(300);
    const store = world.app.get(Store);
    const { fingerprint } = await store.read.selectFrom('idempotency').select('fingerprint').executeTakeFirstOrThrow();
    expect(fingerprint).toBe(FINGERPRINT);
    await world.stop();
    await world.start();
    const again = await world.do('make-call', { to: ANA, session }, { 'idempotency-key': 'of-the-release-before' });
    expect([again.status, again.body.id]).toEqual([made.status, made.body.id]);
    expect(world.simulator.context.calls.all()).toHaveLength(1);
  });
});

/** Of the dial above, by the release before. */
const FINGERPRINT = '4794940befcaaef323f292241dad7c05dec7de01444bebcb90b9939a93ab3a31';
