import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { InboxService } from '#inbox/inbox.service.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { engines } from '#store/temporary-database.fixture.js';
import { World } from './world.js';

/** More often than a delivery with a fault of its own is tried. */
const TRIES = 8;
const FAULTS = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', '57014', '55P03', '53100', '08006'];

let world: World;
afterEach(() => world.close());

const ringing = async () => (await world.get('/api/calling/calls?state=ringing')).body.data;
const drain = async (times: number) => {
  for (let time = 0; time < times; time += 1) await world.app.get(InboxWorker).drain();
};

describe.each(engines)('while the database fails, on %s', (engine) => {
  it('a delivery is not given up', async () => {
    world = await World.open({ engine });
    await world.greet();
    let code: string | null = null;
    world.app.get(InboxService).on(['call.connect'], async () => {
      if (code) throw Object.assign(new Error('as the driver says it'), { code });
      return undefined;
    });
    for (const fault of FAULTS) {
      code = fault;
      await world.ring('fede');
      await drain(TRIES);
      expect([fault, await ringing()]).toEqual([fault, []]);
      code = null;
      await drain(1);
      expect([fault, await ringing()]).toEqual([fault, [expect.objectContaining({ state: 'ringing' })]]);
      await world.pass(90);
    }
  });

  it('a delivery with a fault of its own is set aside alone', async () => {
    world = await World.open({ engine });
    await world.greet();
    world.app.get(InboxService).on(['call.connect'], async (_, { at }) => {
      if (at) throw new TypeError('a fault of this delivery');
      return undefined;
    });
    await world.ring('fede');
    await drain(TRIES);
    expect(await ringing()).toEqual([]);
    expect(/^wac_webhooks?_\S*quarantined\S* \d+/m.exec((await world.get('/metrics')).body)?.[0]).toMatch(/ 1$/);
  });
});

(process.env.TEST_POSTGRES_URL ? describe : describe.skip)('while a table of Postgres is locked', () => {
  it('a delivery is tried until the lock is gone', async () => {
    world = await World.open({ engine: 'postgres' });
    await world.greet();
    const { database } = world;
    if (database.kind !== 'postgres') throw new Error('not on Postgres');
    const other = new pg.Client({ connectionString: database.url.reveal() });
    await other.connect();
    try {
      // Only waiting for a lock is limited, so that a slow machine changes nothing.
      await other.query("do $$ begin execute format('alter database %I set lock_timeout = ''200ms''', current_database()); end $$");
      await world.stop();
      await world.start();
      await other.query('begin');
      await other.query('lock table calls in access exclusive mode');
      const call = world.ring('fede').catch(() => undefined);
      await drain(TRIES);
      await other.query('commit');
      await call;
      await drain(2);
      expect(await ringing()).toHaveLength(1);
    } finally {
      await other.end();
    }
  });
});
