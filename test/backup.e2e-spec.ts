import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { backupCommand } from '#cli/backup/backup.command.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { offer } from './sdp.js';
import { type Body, World } from './world.js';

const COMMAND = resolve(import.meta.dirname, '../dist/cli/backup.js');
const [ANA, HUGO] = ['5215512340001', '5215512340008'];

let world: World;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-'));
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const log = async (): Promise<Body[]> => (await world.get('/api/calling/calls')).body.data;

function deliveriesIn(path: string): number {
  const file = new Database(path, { readonly: true });
  try {
    return (file.prepare('select count(*) as n from deliveries').get() as { n: number }).n;
  } finally {
    file.close();
  }
}

/** A call that is over, one in progress, a key and a subscription. */
async function live(): Promise<string> {
  await world.greet();
  for (const who of [ANA, HUGO]) world.allow(who);
  await world.do('make-call', { to: ANA, session: offer() });
  await world.pass(40);
  await world.do('make-call', { to: HUGO, session: offer() });
  await world.pass(10);
  await world.post('/api/subscriptions', { url: 'https://hooks.example.com/', types: ['call.ended'] });
  return (await world.post('/api/keys', { name: 'crm', scopes: ['calls:read'] })).body.key;
}

/** What is known before the copy begins. Polls of the background may add events at any time. */
interface Seen {
  calls: Body[];
  events: Body[];
  key: string;
}
const see = async (): Promise<Seen> => ({ key: await live(), calls: await log(), events: await world.events() });

/** The drill: everything that was there is there, and the call in progress goes on to its end. */
async function drill({ calls, events, key }: Seen, restore: () => Promise<void>): Promise<void> {
  expect(calls.map(({ state }) => state)).toEqual(['in_progress', 'ended']);
  await world.stop();
  await restore();
  await world.start();
  const [callsNow, eventsNow] = [await log(), await world.events()];
  expect(callsNow.slice(-calls.length)).toEqual(calls);
  expect(eventsNow.slice(0, events.length)).toEqual(events);
  expect((await world.get('/api/calling/calls', { authorization: `Bearer ${key}` })).status).toBe(200);
  expect((await world.get('/api/subscriptions')).body.data).toHaveLength(1);
  const hungUp = await world.do('terminate', { id: calls[0].id });
  expect([hungUp.status, hungUp.body.state, hungUp.body.outcome]).toEqual([200, 'ended', 'answered']);
}

describe('npm run backup, with SQLite', () => {
  const path = () => (world.database.kind === 'sqlite' ? world.database.path : '');
  const type = async (...args: string[]) => {
    const terminal = new FakeTerminal({ DATABASE_URL: `sqlite:${path()}`, LANG: 'en' });
    return [await terminal.type(backupCommand, ...args), terminal] as const;
  };

  beforeEach(async () => {
    world = await World.open();
  });

  it('copies a running gateway under load, and a restored one knows every call, event, id and key', async () => {
    const seen = await see();
    const copy = join(folder, 'copy.db');
    // Deliveries go on while another process copies; what was acknowledged before it began must be in the copy.
    let [running, delivered] = [true, 0];
    const load = (async () => {
      while (running) {
        delivered += (await world.deliver({ object: 'whatsapp_business_account', entry: [], n: delivered })) === 200 ? 1 : 0;
      }
    })();
    while (delivered < 20) await new Promise((done) => setImmediate(done));
    const before = delivered;
    const child = spawn(process.execPath, [COMMAND, '--to', copy, '--json'], { env: { DATABASE_URL: `sqlite:${path()}` } });
    const [said, [code]] = await Promise.all([child.stdout.setEncoding('utf8').toArray(), once(child, 'close')]);
    const after = delivered;
    running = false;
    await load;
    expect(code).toBe(0);
    const told = JSON.parse(said.join(''));
    expect(told).toMatchObject({ target: copy, calls: seen.calls.length });
    expect(told.events).toBeGreaterThanOrEqual(seen.events.length);
    const kept = deliveriesIn(copy) - (deliveriesIn(path()) - delivered);
    expect(after).toBeGreaterThan(before);
    expect(kept).toBeGreaterThanOrEqual(before);
    expect(kept).toBeLessThanOrEqual(after + 1);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['copy.db']);
    await drill(seen, async () => world.moveTo({ database: { kind: 'sqlite', path: copy }, erase: async () => undefined }));
  });

  it('refuses a file that exists, a folder that does not, a database that is none of ours, and Postgres', async () => {
    const copy = join(folder, 'copy.db');
    expect((await type('--to', copy))[0]).toBe(0);
    const before = await readFile(copy);
    const [again, said] = await type('--to', copy);
    expect([again, said.err, (await readFile(copy)).equals(before)]).toEqual([1, expect.stringContaining('exists already'), true]);
    const [nowhere] = await type('--to', join(folder, 'none', 'copy.db'));
    expect([nowhere, existsSync(join(folder, 'none'))]).toEqual([1, false]);
    expect((await type())[0]).toBe(64);
    const other = new FakeTerminal({ DATABASE_URL: `sqlite:${dirname(path())}/other.db`, LANG: 'en' });
    expect([await other.type(backupCommand, '--to', join(folder, 'b')), other.err]).toEqual([1, expect.stringContaining('no database')]);
    const postgres = new FakeTerminal({ DATABASE_URL: 'postgres://u:secret-password@h/d', LANG: 'en' });
    expect([await postgres.type(backupCommand, '--to', 'b'), postgres.err.includes('pg_dump')]).toEqual([64, true]);
    expect(postgres.err).not.toContain('secret-password');
  });
});

const HAS_PG_DUMP = spawnSync('pg_dump', ['--version']).status === 0;

for (const engine of engines.filter((one) => one === 'postgres' && HAS_PG_DUMP)) {
  it('pg_dump, as the runbook has it: a restored database knows every call, event, id and key', async () => {
    world = await World.open({ engine });
    const target = await emptyDatabase(engine);
    const seen = await see();
    const address = ({ database }: Pick<TemporaryDatabase, 'database'>) => (database.kind === 'postgres' ? database.url.reveal() : '');
    const dump = join(folder, 'gateway.dump');
    const run = (program: string, ...args: string[]) => {
      const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    };
    run('pg_dump', '--format=custom', `--file=${dump}`, address({ database: world.database }));
    await drill(seen, async () => {
      run('pg_restore', '--no-owner', '--exit-on-error', `--dbname=${address(target)}`, dump);
      world.moveTo(target);
    });
  });
}
