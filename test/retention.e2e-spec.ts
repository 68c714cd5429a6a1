import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Insertable } from 'kysely';
import { ConversationObserver } from '#compliance/conversations/conversation.observer.js';
import { CallEvidenceService } from '#compliance/eligibility/gates/call-evidence.service.js';
import { SnapshotsService } from '#compliance/polling/snapshots.service.js';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import { InboxPurge } from '#inbox/purge/purge.service.js';
import { DAY } from '#kernel/clock.js';
import { RetentionJob } from '#privacy/retention/retention.job.js';
import type { Schema } from '#store/schema.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { World } from './world.js';

type Table = keyof Schema;
/** One row of a table as it is when its time began at a moment; `n` tells rows apart. */
type RowOf = (at: number, n: number) => Record<string, unknown>;

/** After how many days a row is forgotten, and a row. Tables of which nothing is forgotten by age are not here. */
const TERMS: Partial<Record<Table, { days: number; row: RowOf }>> = {
  deliveries: { days: 8, row: (at) => ({ received_at: at, body: Buffer.from('{}'), state: 'done', attempts: 0 }) },
  seen: { days: 30, row: (at, n) => ({ key: `k${n}`, at }) },
  calls: { days: 90, row: (at, n) => call(at, n) },
  refusals: {
    days: 30,
    row: (at) => ({ phone_number_id: '1', at, operation: 'connect', code: 'x', upstream_code: null, call_id: null }),
  },
  events: {
    days: 7,
    row: (at, n) => ({
      type: 'call.ended',
      subject: `c${n}`,
      sequence: 1,
      phone_number_id: '1',
      occurred_at: at,
      expires_at: null,
      data: '{}',
    }),
  },
  sessions: {
    days: 1,
    row: (at, n) => ({
      id: `s${n}`,
      kind: 'token',
      hash: `h${n}`,
      api_key_id: 'k',
      name: 'x',
      scopes: '[]',
      created_at: at,
      used_at: at,
      expires_at: at,
    }),
  },
  idempotency: {
    days: 3,
    row: (at, n) => ({
      api_key_id: 'k',
      key: `${n}`,
      fingerprint: 'f',
      holder: 'h',
      running_until: at,
      call_id: null,
      status: 200,
      body: '1',
      created_at: at,
    }),
  },
  audit: {
    days: 365,
    row: (at) => ({ at, action: 'x', key_id: 'k', operator_id: null, target: null, request_id: null, outcome_of: null, status: null }),
  },
  dispatches: { days: 7, row: (at, n) => dispatch(at, n) },
  conversation_digests: { days: 40, row: (at, n) => ({ phone_number_id: '1', key: `c:${n}`, kind: 'user', at }) },
  conversation_buckets: { days: 400, row: (at) => ({ phone_number_id: '1', at }) },
  snapshots: {
    days: 400,
    row: (at, n) => ({ id: `snap${n}`, phone_number_id: '1', state: 'done', cause: 'start', started_at: at, finished_at: at, data: '{}' }),
  },
};

const call = (at: number, n: number) => ({
  id: `call_${n}`,
  phone_number_id: '1',
  person_id: 'usr_1',
  wacid: null,
  direction: 'inbound',
  state: 'ended',
  outcome: 'missed',
  live: 0,
  input: null,
  reference: null,
  knowledge: '{"facts":{},"hold":{},"giveUpAfterMs":null}',
  sequence: 1,
  created_at: at,
  deadline_at: null,
  ended_at: at,
});

const dispatch = (at: number, n: number) => ({
  subscription_id: 'sub_1',
  xid: 0,
  event_id: n,
  type: 'call.ended',
  subject: 'c',
  state: 'delivered',
  attempts: 1,
  first_attempt_at: at,
  last_attempt_at: at,
  next_attempt_at: null,
  response_status: 204,
  latency_ms: 1,
  error: null,
});

describe.each(engines)('what has served its time on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  const store = () => world.app.get(Store);
  const put = (table: Table, rows: Record<string, unknown>[]) =>
    store().write((tx) =>
      tx
        .insertInto(table)
        .values(rows as Insertable<Schema[Table]>[])
        .execute(),
    );
  const count = async (table: Table): Promise<number> =>
    (
      await store()
        .read.selectFrom(table)
        .select((eb) => eb.lit(1).as('one'))
        .execute()
    ).length;
  const forget = async (): Promise<void> => {
    await world.app.get(RetentionJob).purge();
    for (const service of [InboxPurge, CallEvidenceService, ConversationObserver, SnapshotsService, DeliveriesService])
      await (world.app.get(service) as { purge(): Promise<void> }).purge();
  };

  it('is forgotten in its time, table by table, and nothing before it', async () => {
    const tables = Object.entries(TERMS).map(([name, term]) => ({ table: name as Table, ...term }));
    const now = world.clock.now();
    const before = new Map<Table, number>();
    for (const { table, days, row } of tables) {
      before.set(table, await count(table));
      await put(table, [row(now - days * DAY - 1_000, 1_000_001)]);
      await put(table, [row(now - days * DAY + 60_000, 1_000_002)]);
    }
    await forget();
    for (const { table } of tables) expect([table, (await count(table)) - (before.get(table) ?? 0)]).toEqual([table, 1]);
  });

  it('is forgotten a batch at a time: a delivery that comes meanwhile waits for one at most', async () => {
    const long = world.clock.now() - 100 * DAY;
    const rows = Array.from({ length: 2_100 }, (_, n) => ({ key: `old ${n}`, at: long }));
    for (let from = 0; from < rows.length; from += 700) await put('seen', rows.slice(from, from + 700));
    const order: string[] = [];
    let kept: Promise<unknown> | undefined;
    const { inBatches } = store();
    jest.spyOn(store(), 'inBatches').mockImplementation((batch, locks) =>
      inBatches.call(
        store(),
        async (tx, limit) => {
          const deleted = await batch(tx, limit);
          if (deleted.numDeletedRows === 0n) return deleted;
          order.push('batch');
          kept ??= world.app
            .get(InboxService)
            .keep(Buffer.from('{}'), null)
            .then(() => order.push('kept'));
          // On Postgres the delivery does not even wait for the batch whose transaction is open; this one would wait for ever.
          if (engine === 'postgres') await kept;
          return deleted;
        },
        locks,
      ),
    );
    await world.app.get(InboxPurge).purge();
    if (engine === 'postgres') expect(order.slice(0, 3)).toEqual(['batch', 'kept', 'batch']);
    expect(order).toContain('kept');
    expect(order.indexOf('kept')).toBeLessThan(order.lastIndexOf('batch'));
    expect(await store().read.selectFrom('seen').select('key').where('at', '=', long).execute()).toEqual([]);
  });

  it('counts a thousand events as a thousand, whatever the number of batches', async () => {
    const old = world.clock.now() - 30 * DAY;
    const { events } = TERMS;
    for (let from = 0; from < 1_200; from += 400)
      await put(
        'events',
        Array.from({ length: 400 }, (_, n) => events?.row(old, from + n) ?? {}),
      );
    const { body } = await world.post('/api/subscriptions', { url: 'https://example.com/hook' });
    // Its delivery worker stops first, or it would resume at a cursor of its own.
    expect((await world.patch(`/api/subscriptions/${body.id}`, { paused: true })).body.state).toBe('paused');
    await store().write((tx) => tx.updateTable('subscriptions').set({ xid: 0, event_id: 0 }).execute());
    await put('events', [events?.row(world.clock.now(), 5_000) ?? {}]);
    await world.app.get(RetentionJob).purge();
    expect(await store().read.selectFrom('events').select('subject').where('occurred_at', '=', old).execute()).toEqual([]);
    const kept = await store().read.selectFrom('subscriptions').select('gap_events').where('id', '=', body.id).execute();
    expect(kept.map(({ gap_events }) => Number(gap_events))).toEqual([1_200]);
  });

  it('goes with its timeline, and a call that lives stays however old', async () => {
    const old = world.clock.now() - 200 * DAY;
    await put('calls', [call(old, 1), { ...call(old, 2), live: 1, state: 'ringing', ended_at: null }]);
    await put('timeline', [{ call_id: 'call_1', at: old, kind: 'state', name: 'ended', data: '{}' }]);
    await world.app.get(RetentionJob).purge();
    expect(await store().read.selectFrom('calls').select('id').execute()).toEqual([{ id: 'call_2' }]);
    expect(await count('timeline')).toBe(0);
  });

  it('goes on after a failure: one table that cannot be read does not keep the others', async () => {
    await put('sessions', [TERMS.sessions?.row(0, 1) ?? {}]);
    const rename = (from: string, to: string) => store().write((tx) => tx.schema.alterTable(from).renameTo(to).execute());
    await rename('idempotency', 'elsewhere');
    await world.app
      .get(RetentionJob)
      .purge()
      .finally(() => rename('elsewhere', 'idempotency'));
    expect(await count('sessions')).toBe(0);
  });
});
