import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { numbersCommand } from '#cli/numbers/numbers.command.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { type HostedNumber, NumbersAt360dialog } from './numbers-at-360dialog.js';
import { type Body, freePort, Program } from './recipes/stage.js';
import { offer } from './sdp.js';

const MAIN = resolve(import.meta.dirname, '../dist/main.js');
const KEY = 'replace-environment-key-0123456789-abcdefg';
const [KEY_A, KEY_B, KEY_C] = ['key-of-a-0123456789', 'key-of-b-0123456789', 'key-of-c-0123456789'];
const SECRETS_KEY = randomBytes(32).toString('base64');

describe.each(engines)('npm run numbers -- replace-environment, with %s', (engine) => {
  let database: TemporaryDatabase;
  let hosted: NumbersAt360dialog;
  let [a, b, c]: HostedNumber[] = [];
  let url = '';
  const running: Program[] = [];

  beforeEach(async () => {
    database = await emptyDatabase(engine);
    hosted = await NumbersAt360dialog.open();
    a = hosted.host('1', KEY_A);
    b = hosted.host('2', KEY_B);
    c = hosted.host('3', KEY_C);
  });
  afterEach(async () => {
    for (const program of running.splice(0)) await program.stop();
    hosted.close();
    await database.erase();
  });

  const env = (key: string, more: Record<string, string> = {}) => ({
    PATH: process.env.PATH,
    DATABASE_URL: database.database.kind === 'sqlite' ? `sqlite:${database.database.path}` : database.database.url.reveal(),
    API_KEY: KEY,
    SECRETS_KEY,
    D360_API_KEY: key,
    D360_BASE_URL: hosted.url,
    D360_WEBHOOK_TOKEN: 'replace-environment-token-0123456789',
    LOG_LEVEL: 'fatal',
    SHUTDOWN_GRACE_MS: '0',
    ...more,
  });
  const launch = async (key: string): Promise<Program> => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const program = new Program('the gateway', spawn(process.execPath, [MAIN], { cwd: tmpdir(), env: env(key, { PORT: String(port) }) }));
    running.push(program);
    return program;
  };
  const start = async (key: string): Promise<Program> => {
    const program = await launch(key);
    await program.says(/^Console/m);
    return program;
  };
  const type = async (key: string, args: string[] = ['replace-environment', '--yes', '--json'], more: Record<string, string> = {}) => {
    const terminal = new FakeTerminal({ ...env(key, more), LANG: 'en' });
    return { code: await terminal.type(numbersCommand, ...args), terminal };
  };
  const ask = async (method: string, path: string, body?: object, key = KEY): Promise<{ status: number; body: Body }> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    return { status: answer.status, body: await answer.json() };
  };
  const numbers = async () => (await ask('GET', '/api/numbers')).body.data.map((one: Body) => [one.phone_number_id, one.source]);
  const dial = (phone_number_id: string, key = KEY) =>
    ask('POST', '/api/calling/make-call', { to: '5215512340001', session: offer(), phone_number_id }, key);

  it('until it was run, a key of another number ends the start with 78 and nothing is dialled with it, though that number is ours', async () => {
    const first = await start(KEY_A);
    const client = (await ask('POST', '/api/keys', { name: 'client', scopes: ['calls:dial', 'calls:read'] })).body.key;
    expect((await ask('POST', '/api/numbers', { api_key: KEY_B })).status).toBe(201);
    await first.stop();
    for (const key of [KEY_B, KEY_C]) {
      const refused = await launch(key);
      expect([await refused.ended(), refused.said]).toEqual([78, expect.stringMatching(/D360_API_KEY is the key of number 3/)]);
      expect(hosted.askedWith(key).filter((one) => one.startsWith('POST'))).toEqual([]);
    }
    expect((await type(KEY_C)).terminal.document()).toEqual({
      phone_number_id: c?.phoneNumberId,
      replaced: [a?.phoneNumberId],
      changed: true,
    });
    const next = await start(KEY_C);
    expect(await numbers()).toEqual([
      [b?.phoneNumberId, 'api'],
      [c?.phoneNumberId, 'environment'],
    ]);
    expect((await dial(c?.phoneNumberId ?? '')).status).toBe(201);
    // Nothing falls back to another number: the client keeps the one that it had.
    expect((await dial(c?.phoneNumberId ?? '', client)).body.code).toBe('unknown_number');
    expect((await ask('POST', '/api/calling/make-call', { to: '5215512340001', session: offer() }, client)).body.code).toBe(
      'number_required',
    );
    expect(hosted.dials.map(({ key }) => key)).toEqual([KEY_C]);
    await next.stop();
    const back = await launch(KEY_A);
    expect(await back.ended()).toBe(78);
  });

  it('makes a number that was added that of the environment, and its key is sealed in the database no more', async () => {
    const first = await start(KEY_A);
    expect((await ask('POST', '/api/numbers', { api_key: KEY_B, name: 'Ventas' })).status).toBe(201);
    await first.stop();
    expect((await type(KEY_B)).code).toBe(0);
    await start(KEY_B);
    expect(await numbers()).toEqual([[b?.phoneNumberId, 'environment']]);
    expect((await ask('GET', `/api/numbers/${b?.phoneNumberId}`)).body).toMatchObject({ name: 'Ventas', state: 'active' });
    expect((await dial(b?.phoneNumberId ?? '')).status).toBe(201);
  });

  it('changes nothing for the number that is there, and asks before it does; a wrong word, no key and a refused one say so', async () => {
    const first = await start(KEY_A);
    await first.stop();
    expect((await type(KEY_A)).terminal.document()).toEqual({ phone_number_id: a?.phoneNumberId, replaced: [], changed: false });
    expect((await type(KEY_C, ['replace-environment'])).code).toBe(1);
    expect((await type(KEY_C, ['replace-environment', '--yes'], { D360_PHONE_NUMBER_ID: '399999999999999' })).code).toBe(1);
    for (const args of [[], ['replace'], ['replace-environment', 'x']]) expect((await type(KEY_C, args)).code).toBe(64);
    expect((await type('')).code).toBe(64);
    expect((await type('a-key-that-nobody-has')).code).toBe(1);
    expect((await type(KEY_C, undefined, { D360_BASE_URL: 'http://127.0.0.1:9' })).code).toBe(69);
    await start(KEY_A);
    expect(await numbers()).toEqual([[a?.phoneNumberId, 'environment']]);
  });
});
