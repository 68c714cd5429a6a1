import { existsSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { moveCommand } from '#cli/move/move.command.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { type Engine, emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const ANA = '5215512340001';

describe('npm run move', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
    await world.greet();
  });
  afterEach(() => world.close());

  const path = () => (world.database.kind === 'sqlite' ? world.database.path : '');
  const terminal = () => new FakeTerminal({ DATABASE_URL: `sqlite:${path()}`, LANG: 'en' });
  const NOWHERE = 'postgres://gateway:secret-password@127.0.0.1:9/gateway';

  it('refuses while the gateway runs', async () => {
    const typed = terminal();
    expect(await typed.type(moveCommand, '--to', NOWHERE)).toBe(1);
    expect(typed.err).toContain('Stop it first');
  });

  it('says what is wrong with what was typed, and never repeats a password', async () => {
    const typed = terminal();
    expect(await typed.type(moveCommand, '--to', 'sqlite:other.db')).toBe(64);
    expect(await typed.type(moveCommand, '--from', NOWHERE, '--to', NOWHERE)).toBe(64);
    expect(await typed.type(moveCommand, '--from', 'sqlite:/nowhere.db', '--to', NOWHERE)).toBe(1);
    expect(typed.err).toContain('There is no database at /nowhere.db');
    expect(existsSync('/nowhere.db.lock')).toBe(false);
    expect(typed.err + typed.out).not.toContain('secret-password');
  });

  it('moves nothing from a file that is no gateway’s, and leaves that file alone', async () => {
    await world.stop();
    const other = `${path()}.txt`;
    await writeFile(other, 'a shopping list');
    const typed = terminal();
    expect(await typed.type(moveCommand, '--from', `sqlite:${other}`, '--to', NOWHERE)).toBe(1);
    expect([typed.err.includes('not a database of this gateway'), statSync(other).size]).toEqual([true, 15]);
    await world.start();
  });

  it('says that the target cannot be reached', async () => {
    await world.stop();
    const typed = terminal();
    expect(await typed.type(moveCommand, '--to', NOWHERE)).toBe(1);
    expect(typed.err).toMatch(/target could not be opened.*Nothing was moved/);
    await world.start();
  });

  // Without Postgres there is nothing to move to, and `each` of nothing is a fault.
  const toServer = (engine: Engine) => () => {
    let target: TemporaryDatabase;
    beforeEach(async () => {
      target = await emptyDatabase(engine);
    });

    const address = () => (target.database.kind === 'postgres' ? target.database.url.reveal() : '');
    const ask = async (text: string) => {
      const client = new pg.Client({ connectionString: address() });
      await client.connect();
      return client.query(text).finally(() => client.end());
    };
    const log = async () => (await world.get('/api/calling/calls')).body.data;

    it('keeps every call, event, id and key, and the stream goes on where it was', async () => {
      world.allow(ANA);
      const { body: made } = await world.do('make-call', { to: ANA, session: offer() });
      await world.pass(40);
      const key = await world.post('/api/keys', { name: 'crm', scopes: ['calls:read'] });
      const [calls, events] = [await log(), await world.events()];
      expect([calls.length > 0, events.length > 3]).toEqual([true, true]);
      await world.stop();

      const typed = terminal();
      expect([await typed.type(moveCommand, '--to', address(), '--json'), typed.err]).toEqual([0, '']);
      expect(typed.document<{ tables: Array<{ table: string; rows: number }> }>().tables).toContainEqual({
        table: 'events',
        rows: events.length,
      });
      world.moveTo(target);
      await world.start();

      expect(await log()).toEqual(calls);
      expect(await world.events()).toEqual(events);
      await world.do('make-call', { to: ANA, session: offer() });
      await world.pass(40);
      const after = await world.events();
      expect(after.slice(0, events.length)).toEqual(events);
      expect(after.length).toBeGreaterThan(events.length + 3);
      expect((await world.get(`/api/calling/calls/${made.id}`, { authorization: `Bearer ${key.body.key}` })).status).toBe(200);
    });

    it('moves nothing into a database that holds something', async () => {
      await world.stop();
      expect(await terminal().type(moveCommand, '--to', address())).toBe(0);
      const typed = terminal();
      expect([await typed.type(moveCommand, '--to', address()), typed.err.includes('holds rows already')]).toEqual([1, true]);
      world.moveTo(target);
      await world.start();
    });

    it('moves nothing when something arrives other than it was sent', async () => {
      await world.stop();
      await terminal().type(moveCommand, '--to', address());
      await ask('truncate numbers, people, addresses, windows, deliveries, seen, calls, timeline, permission_facts, permission_readings');
      await ask('truncate readings, refusals, events, api_keys, snapshots, report_periods, reports, conversation_digests');
      await ask(
        "create function spoil() returns trigger language plpgsql as $$ begin new.name = 'spoiled'; return new; end $$; " +
          'create trigger spoil before insert on people for each row execute function spoil()',
      );
      const typed = terminal();
      expect([await typed.type(moveCommand, '--to', address()), typed.err.includes('table people differs')]).toEqual([1, true]);
      expect((await ask('select * from people')).rows).toEqual([]);
      await ask('drop trigger spoil on people');
      expect(await terminal().type(moveCommand, '--to', address())).toBe(0);
      world.moveTo(target);
      await world.start();
    });
  };
  for (const engine of engines.filter((one) => one === 'postgres')) describe(`to ${engine}`, toServer(engine));
});
