import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { freePort, Program } from './recipes/stage.js';

const MAIN = resolve(import.meta.dirname, '../dist/main.js');

describe.each(engines)('two gateways with a simulator on one database, with %s', (engine) => {
  let database: TemporaryDatabase;
  let running: Program[];

  beforeEach(async () => {
    database = await emptyDatabase(engine);
    running = [];
  });
  afterEach(async () => {
    for (const program of running) await program.stop();
    await database.erase();
  });

  const launch = async () => {
    const { database: where } = database;
    const child = spawn(process.execPath, [MAIN], {
      cwd: tmpdir(),
      env: {
        PATH: process.env.PATH,
        PORT: String(await freePort()),
        DATABASE_URL: where.kind === 'sqlite' ? `sqlite:${where.path}` : where.url.reveal(),
        SIMULATOR_HISTORY: 'none',
        LOG_LEVEL: 'fatal',
        SHUTDOWN_GRACE_MS: '0',
      },
    });
    const program = new Program('the simulator', child);
    running.push(program);
    return { program, child };
  };

  it('are refused: the second start ends with 78 and one sentence that says what to do', async () => {
    await (await launch()).program.says(/^Console/m);
    const { program } = await launch();
    expect(await program.ended()).toBe(78);
    expect(program.said).toMatch(
      /^DATABASE_URL points at .*, on which another gateway (with a simulator )?runs: stop it, or give this one a database of its own \(.*\)\n$/,
    );
    if (database.database.kind === 'postgres') expect(program.said).not.toContain(new URL(database.database.url.reveal()).password || '\0');
  });

  it('do not wait for one that was killed', async () => {
    const first = await launch();
    await first.program.says(/^Console/m);
    first.child.kill('SIGKILL');
    await first.program.ended().catch(() => null);
    await (await launch()).program.says(/^Console/m);
  });

  (engine === 'postgres' ? it : it.skip)('are refused again after Postgres has cut the connection of the first', async () => {
    await (await launch()).program.says(/^Console/m);
    if (database.database.kind !== 'postgres') throw new Error('not on Postgres');
    const owner = new pg.Client({ connectionString: database.database.url.reveal() });
    await owner.connect();
    await owner.query(
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())",
    );
    await owner.end();
    await new Promise((done) => setTimeout(done, 1_500));
    expect(await (await launch()).program.ended()).toBe(78);
  });
});
