import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { NumbersAt360dialog } from './numbers-at-360dialog.js';
import { freePort, Program } from './recipes/stage.js';
import { offer } from './sdp.js';

const MAIN = resolve(import.meta.dirname, '../dist/main.js');
const COMMAND = resolve(import.meta.dirname, '../dist/cli/numbers.js');
const KEY = 'replace-environment-key-0123456789';
const [FORMER, LATER] = ['key-of-the-former-number', 'key-of-the-later-number'];

describe.each(engines)('npm run numbers -- replace-environment, with %s', (engine) => {
  let database: TemporaryDatabase;
  let hosted: NumbersAt360dialog;
  let url: string;
  let running: Program[];

  beforeEach(async () => {
    running = [];
    database = await emptyDatabase(engine);
    hosted = await NumbersAt360dialog.open();
    hosted.host('1', FORMER);
    hosted.host('2', LATER);
  });
  afterEach(async () => {
    for (const program of running) await program.stop();
    hosted.close();
    await database.erase();
  });

  const env = (key: string): Record<string, string> => {
    const { database: where } = database;
    return {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: where.kind === 'sqlite' ? `sqlite:${where.path}` : where.url.reveal(),
      API_KEY: KEY,
      D360_API_KEY: key,
      D360_BASE_URL: hosted.url,
      D360_WEBHOOK_TOKEN: 'replace-environment-token-0123456789',
      LOG_LEVEL: 'fatal',
      SHUTDOWN_GRACE_MS: '0',
    };
  };
  const launch = async (key: string): Promise<Program> => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const program = new Program(
      'the gateway',
      spawn(process.execPath, [MAIN], { cwd: tmpdir(), env: { ...env(key), PORT: String(port) } }),
    );
    running.push(program);
    return program;
  };
  const replace = async (...more: string[]) => {
    const child = spawn(process.execPath, [COMMAND, 'replace-environment', '--yes', ...more], { cwd: tmpdir(), env: env(LATER) });
    const program = new Program('the command', child);
    return { exit: await program.ended(), said: program.said };
  };

  it('waits for every gateway and every call, then lets the later number start', async () => {
    const gateway = await launch(FORMER);
    await gateway.says(/^Console/m);
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ to: '5215512340001', session: offer() });
    const dialled = await fetch(`${url}/api/calling/make-call`, { method: 'POST', headers, body });
    expect(dialled.status).toBe(201);
    expect(await replace()).toMatchObject({ exit: 1, said: expect.stringContaining('a gateway runs on this database') });
    await gateway.stop();
    expect(await replace()).toMatchObject({
      exit: 1,
      said: expect.stringContaining('number 300000000000001 has calls that have not ended (1)'),
    });
    expect(await (await launch(LATER)).ended()).toBe(78);
    expect(await replace('--force')).toMatchObject({ exit: 0, said: expect.stringContaining('300000000000002') });
    await (await launch(LATER)).says(/^Console/m);
  });
});
