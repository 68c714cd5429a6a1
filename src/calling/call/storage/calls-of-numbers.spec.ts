import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CompiledQuery, type Kysely, sql } from 'kysely';
import { SnapshotsStore } from '#compliance/polling/snapshots.store.js';
import { ReportsStore } from '#compliance/reports/reports.store.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { CallsStore } from './calls.store.js';

const NUMBERS = 60;
const CALLS = 100;
/** Numbers of which little is heard, and long ago. */
const QUIET = Array.from({ length: 5 }, (_, n) => `29999999999999${n}`);
const idOf = (n: number): string => `3000000000000${String(n).padStart(2, '0')}`;
const KNOWLEDGE = JSON.stringify({ facts: {}, giveUpAfterMs: null, hold: {} });
const PAGE = 51;

describe.each(engines)('the lists of many numbers on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    const db = raw(store);
    const row = (number: string, n: number, at: number) => ({
      ...{
        id: `call_${number}_${String(n).padStart(4, '0')}`,
        phone_number_id: number,
        person_id: 'usr_1',
        wacid: null,
        direction: 'inbound',
      },
      ...{ state: 'ended', outcome: 'missed', live: 0, input: null, reference: null, knowledge: KNOWLEDGE, sequence: 1 },
      ...{ created_at: at, deadline_at: null, ended_at: at },
    });
    const rows = [
      ...QUIET.flatMap((id, n) => [row(id, 0, 10 + n), row(id, 1, 10), row(id, 2, 10)]),
      ...Array.from({ length: NUMBERS * CALLS }, (_, n) => row(idOf(n % NUMBERS), n, 1_000 + Math.floor(n / 2))),
    ];
    for (let from = 0; from < rows.length; from += 1_000)
      await db
        .insertInto('calls')
        .values(rows.slice(from, from + 1_000) as never)
        .execute();
    const many = Array.from({ length: 2_000 }, (_, n) => n);
    const polled = many.map((n) => ({
      id: `snap_${n}`,
      phone_number_id: idOf(n % NUMBERS),
      state: 'done',
      cause: 'schedule',
      started_at: n,
    }));
    const written = many.map((n) => ({
      ...{
        id: `rep_${n}`,
        phone_number_id: idOf(n % NUMBERS),
        from_at: n,
        until_at: n + 1,
        revision: 1,
        created_at: n,
        digest: '',
        data: '{}',
      },
    }));
    await db
      .insertInto('snapshots')
      .values(polled as never)
      .execute();
    await db.insertInto('reports').values(written).execute();
    if (engine === 'postgres') await sql`analyze`.execute(db);
  });
  afterEach(() => database.remove());

  const expected = async (numbers: readonly string[]) => {
    const all = await raw(store)
      .selectFrom('calls')
      .select(['id', 'created_at'])
      .where('phone_number_id', 'in', [...numbers])
      .execute();
    return all.sort((a, b) => b.created_at - a.created_at || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
  };
  const paged = async (numbers: readonly string[], pages: number) => {
    const ids: string[] = [];
    let after: { createdAt: number; id: string } | null = null;
    for (let page = 0; page < pages; page += 1) {
      const found = await new CallsStore().list(store.read, { numbers }, PAGE, after);
      ids.push(...found.map(({ id }) => id));
      after = found.at(-1) ?? after;
    }
    return ids;
  };

  it('are those of these numbers alone, newest first, page by page', async () => {
    const most = [...Array.from({ length: NUMBERS }, (_, n) => idOf(n)), ...QUIET];
    for (const numbers of [QUIET, [idOf(1), QUIET[0] ?? ''], most])
      expect(await paged(numbers, 3)).toEqual((await expected(numbers)).slice(0, 3 * PAGE));
    const filtered = await new CallsStore().list(store.read, { numbers: QUIET, outcome: 'answered' }, PAGE, null);
    expect([filtered, await new CallsStore().list(store.read, { numbers: [] }, PAGE, null)]).toEqual([[], []]);
    expect([
      await new SnapshotsStore().list(store.read, { numbers: [] }, PAGE, null),
      await new ReportsStore().list(store.read, { numbers: [] }, PAGE, null),
    ]).toEqual([[], []]);
  });

  it('read no more for quiet numbers than what they have', async () => {
    const read = async (list: (reader: Reader) => Promise<unknown>) => (await plansOf(raw(store), engine, list)).join('\n');
    for (const numbers of [QUIET, [QUIET[0] ?? '']]) {
      const calls = await read((reader) => new CallsStore().list(reader, { numbers }, PAGE, null));
      expect(calls).toContain('calls_of_number');
      expect(calls).not.toMatch(/calls_created|Seq Scan|SCAN calls/);
    }
    const live = await read((reader) => new CallsStore().list(reader, { numbers: [...QUIET, idOf(1)], state: 'ringing' }, PAGE, null));
    // SQLite, which knows nothing of the table, may look through the calls of these numbers.
    expect(live).toContain(engine === 'postgres' ? 'calls_deadline' : 'calls');
    const snapshots = await read((reader) => new SnapshotsStore().list(reader, { numbers: null }, PAGE, null));
    const reports = await read((reader) => new ReportsStore().list(reader, { numbers: [QUIET[0] ?? ''] }, PAGE, null));
    expect(snapshots).toContain('snapshots_newest');
    expect(reports).toContain('reports_of_number');
  });
});

/** The plans of the statements that a list runs. */
async function plansOf(db: Kysely<Schema>, engine: string, list: (reader: Reader) => Promise<unknown>): Promise<string[]> {
  const queries: CompiledQuery[] = [];
  const watched = db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => result,
  });
  const executor = watched.getExecutor();
  const execute = executor.executeQuery.bind(executor);
  executor.executeQuery = (async (query: CompiledQuery) => {
    queries.push(query);
    return execute(query as never);
  }) as typeof executor.executeQuery;
  await list(watched as never);
  const plans: string[] = [];
  for (const { sql: text, parameters } of queries) {
    const explained = engine === 'postgres' ? `explain ${text}` : `explain query plan ${text}`;
    const { rows } = await db.executeQuery<Record<string, unknown>>({ ...queries[0], sql: explained, parameters } as never);
    plans.push(rows.map((line) => Object.values(line).join(' ')).join('\n'));
  }
  return plans;
}
