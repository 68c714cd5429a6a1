import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { SECOND } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { raw, StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { Metrics } from '#telemetry/metrics.js';
import { type FloorHolder, FloorStore } from './floor.store.js';
import { FloorWatch } from './floor-watch.service.js';
import { INSERT_EVENTS } from './floor-writer.fixture.js';

const onPostgres = process.env.TEST_POSTGRES_URL ? describe : describe.skip;

/** A watch with a clock of its own, and what it has logged. */
function watching(floors: FloorStore) {
  const clock = new StoppedClock();
  const metrics = new Metrics();
  const logged: Array<Record<string, unknown>> = [];
  const log = { pino: pino({ base: null, timestamp: false }, { write: (line: string) => void logged.push(JSON.parse(line)) }) };
  const watch = new FloorWatch(floors, clock, log, metrics);
  const gauge = async () => (await metrics.eventsHeld.get()).values[0]?.value;
  const after = async (seconds: number) => {
    clock.pass(seconds * SECOND);
    await watch.look();
  };
  return { watch, logged, gauge, after };
}

onPostgres('the watch of floors', () => {
  let database: TemporaryStore;
  let store: Store;
  let holder: pg.Client;
  let pid: number;

  beforeEach(async () => {
    database = await temporaryStore('postgres');
    store = await database.open();
    const { rows } = await (await connect()).query('select pg_backend_pid() as pid');
    pid = rows[0].pid;
    await holder.query('begin');
    await holder.query(INSERT_EVENTS, ['hung', 1]);
  });
  afterEach(async () => {
    await holder.end().catch(() => undefined);
    await database.remove();
  });

  const connect = async () => {
    const url = new URL(process.env.TEST_POSTGRES_URL ?? '');
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(raw(store));
    url.pathname = `/${rows[0]?.name}`;
    holder = new pg.Client({ connectionString: url.href, application_name: 'somebody' });
    holder.on('error', () => undefined);
    await holder.connect();
    return holder;
  };

  it('names who holds up others after a second, once, and ends its session after ten', async () => {
    const { watch, logged, gauge, after } = watching(new FloorStore(store));
    await after(0);
    expect([watch.held(), await gauge()]).toEqual([null, 0]);
    await after(1);
    await after(1);
    expect([watch.held(), await gauge()]).toEqual([{ seconds: 2, pid }, 2]);
    expect(logged).toMatchObject([{ event: 'events.floor_held', pid, application: 'somebody', table: 'events', seconds: 1 }]);
    const gone = new Promise((ends) => holder.once('end', ends));
    await after(8);
    await gone;
    expect(logged.slice(1)).toMatchObject([{ event: 'events.floor_holder_ended', pid, seconds: 10 }]);
    await expect(holder.query('commit')).rejects.toThrow();
    await after(1);
    expect([watch.held(), await gauge()]).toEqual([null, 0]);
  });

  it('ends nobody who has ended by then, and nothing that holds no floor', async () => {
    const floors = new FloorStore(store);
    const [held] = (await floors.look()).holders;
    expect(held).toMatchObject({ pid, table: 'events' });
    await holder.query('commit');
    expect(await floors.end(held as FloorHolder)).toBe(false);
    await holder.query('select 1');
  });

  it('says in the log what it may not end, and of a prepared transaction that somebody has to', async () => {
    class Refused extends FloorStore {
      readonly prepared: FloorHolder = { transaction: '-1/7', table: 'deliveries', pid: null, application: null };
      override async look() {
        const { holders, where } = await super.look();
        return { holders: [...holders, this.prepared], where };
      }
      override async end(): Promise<boolean> {
        throw Object.assign(new Error('must be a member of the role'), { code: '42501' });
      }
    }
    const { logged, after } = watching(new Refused(store));
    await after(0);
    await after(10);
    await after(10);
    const stays = logged.filter(({ event }) => event === 'events.floor_holder_stays');
    expect(stays).toMatchObject([
      { pid, reason: expect.stringContaining('pg_signal_backend') },
      { pid: null, table: 'deliveries', reason: expect.stringContaining('ROLLBACK PREPARED') },
    ]);
  });

  it('begins a new generation once the database is another one beneath the running gateway', async () => {
    class FailedOver extends FloorStore {
      asked = 0;
      where = 'one';
      override async look() {
        return { holders: [], where: this.where };
      }
      override async claimGeneration() {
        this.asked += 1;
        return this.asked > 1 ? 7 : null;
      }
    }
    const floors = new FailedOver(store);
    const { logged, after } = watching(floors);
    await after(0);
    await after(1);
    expect([floors.asked, logged]).toEqual([1, []]);
    floors.where = 'another';
    await after(1);
    await after(1);
    expect(floors.asked).toBe(2);
    expect(logged).toMatchObject([{ event: 'events.generation_begun', generation: 7 }]);
  });
});

describe('the watch of floors on sqlite', () => {
  it('has nothing to look at', async () => {
    const database = await temporaryStore('sqlite');
    const { watch, after } = watching(new FloorStore(await database.open()));
    await after(1);
    expect([watch.isNotified, watch.held()]).toEqual([null, null]);
    await database.remove();
  });
});
