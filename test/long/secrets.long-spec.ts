import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { secretsCommand } from '#cli/secrets/secrets.command.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { Endpoint } from '#delivery/subscriptions/delivery.fixture.js';
import { sha256 } from '#kernel/secret.js';
import { keysNamed, keyText } from '#secrets/sealing-keys.fixture.js';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { type Body, freePort, Program, until } from '../recipes/stage.js';

const MAIN = resolve(import.meta.dirname, '../../dist/main.js');
const KEY = 'secrets-key-0123456789-abcdefghijklmnopqrstuv';
const [A, B] = [keyText('a'), keyText('b')];

describe.each(engines)('SECRETS_KEY, with %s', (engine) => {
  let database: TemporaryDatabase;
  let hook: Endpoint;
  const running: Program[] = [];

  beforeEach(async () => {
    database = await emptyDatabase(engine);
    hook = await new Endpoint().open();
  });
  afterEach(async () => {
    for (const program of running.splice(0)) await program.stop();
    hook.close();
    await database.erase();
  });

  const address = () => (database.database.kind === 'sqlite' ? `sqlite:${database.database.path}` : database.database.url.reveal());
  async function launch(keys: string | undefined) {
    const port = await freePort();
    const env = {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: address(),
      API_KEY: KEY,
      SECRETS_KEY: keys,
      SIMULATOR_HISTORY: 'none',
      EVENTS_ALLOW_PRIVATE_TARGETS: 'true',
      LOG_LEVEL: 'trace',
      SHUTDOWN_GRACE_MS: '0',
    };
    const program = new Program('the gateway', spawn(process.execPath, [MAIN], { cwd: tmpdir(), env }));
    running.push(program);
    return { program, url: `http://127.0.0.1:${port}` };
  }
  async function start(keys?: string) {
    const started = await launch(keys);
    await started.program.says(/^Console/m);
    return started;
  }
  const ask = async (url: string, method: string, path: string, body?: object): Promise<Body> => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    return answer.json();
  };
  const subscribe = (url: string) => ask(url, 'POST', '/api/subscriptions', { url: hook.url, types: ['subscription.disabled'] });

  /** Every column of every row of every table, as text; on SQLite the bytes of its files, too. */
  async function dump(): Promise<string> {
    if (database.database.kind === 'postgres') {
      const client = new pg.Client({ connectionString: address() });
      await client.connect();
      const { rows } = await client.query("select tablename from pg_tables where schemaname = 'public'");
      const all = [];
      for (const { tablename } of rows) all.push(await client.query(`select t::text from ${tablename} t order by 1`));
      await client.end();
      return all.map((table) => JSON.stringify(table.rows)).join('\n');
    }
    const file = new Database(database.database.path, { readonly: true });
    const tables = file.prepare("select name from sqlite_schema where type = 'table'").pluck().all();
    const rows = tables.map((table) => JSON.stringify(file.prepare(`select * from "${table}"`).all())).join('\n');
    file.close();
    return rows + readFileSync(database.database.path, 'latin1');
  }
  const canaries = (...secrets: string[]) =>
    secrets.flatMap((secret) => {
      const bare = secret.replace(/^whsec_/, '');
      return [bare, Buffer.from(bare, 'base64').toString('hex'), Buffer.from(secret).toString('base64').slice(4, -8)];
    });
  const isSigned = (secret: string) =>
    hook.got.every(({ headers, body }) => {
      try {
        new Webhook(secret).verify(body, headers as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    });

  it('leaves no secret in the database, the log, the metrics and later answers; a start without the right key changes nothing', async () => {
    const { program, url } = await start(A);
    const made = await subscribe(url);
    const rotated = await ask(url, 'POST', `/api/subscriptions/${made.id}/rotate-secret`);
    expect((await ask(url, 'POST', `/api/subscriptions/${made.id}/test`)).delivered).toBe(true);
    const shown = [
      JSON.stringify(await ask(url, 'GET', '/api/subscriptions')),
      JSON.stringify(await ask(url, 'GET', `/api/subscriptions/${made.id}`)),
      JSON.stringify(await ask(url, 'GET', '/api/audit')),
      JSON.stringify(await ask(url, 'GET', '/api/calling/status')),
      await (await fetch(`${url}/metrics`)).text(),
    ].join('\n');
    await program.stop();
    const all = [shown, await dump(), program.said].join('\n');
    expect(all).toContain(made.id);
    for (const canary of [...canaries(made.secret, rotated.secret), A, Buffer.from(A, 'base64').toString('hex')])
      expect([canary, all.includes(canary)]).toEqual([canary, false]);

    const before = sha256(await dump());
    for (const [keys, says] of [
      [undefined, /SECRETS_KEY is missing: .*sealed with the key (\w{8}):/],
      [B, /SECRETS_KEY has the key \w{8}, which does not open .*sealed with the key (\w{8}):/],
    ] as const) {
      const { program: refused } = await launch(keys);
      expect([await refused.ended(), refused.said]).toEqual([78, expect.stringMatching(says)]);
      expect(says.exec(refused.said)?.[1]).toBe(keysNamed('a').sealingId);
      expect(sha256(await dump())).toBe(before);
    }
    const again = await start(A);
    expect((await ask(again.url, 'POST', `/api/subscriptions/${made.id}/test`)).delivered).toBe(true);
    expect([hook.got.length, isSigned(rotated.secret)]).toEqual([2, true]);
  });

  it('seals what an earlier start kept in plain text, and leaves no copy of it in the file', async () => {
    const first = await start();
    const made = await subscribe(first.url);
    await first.program.stop();
    expect(await dump()).toContain(made.secret);
    if (engine === 'postgres') {
      const warned = await start(A);
      await warned.program.stop();
      expect(warned.program.said).toContain('secrets.not_sealed');
      const terminal = new FakeTerminal({ DATABASE_URL: address(), SECRETS_KEY: A, LANG: 'en' });
      expect(await terminal.type(secretsCommand, 'seal')).toBe(0);
    }
    const second = await start(A);
    await second.program.stop();
    for (const canary of canaries(made.secret)) expect((await dump()).includes(canary)).toBe(false);
    const third = await start(A);
    expect((await ask(third.url, 'POST', `/api/subscriptions/${made.id}/test`)).delivered).toBe(true);
    expect(isSigned(made.secret)).toBe(true);
  });

  it('is changed while the gateway delivers: no signature fails', async () => {
    const first = await start(A);
    const made = await subscribe(first.url);
    await first.program.stop();
    const { url, program } = await start(`${B},${A}`);
    const terminal = (keys: string) => new FakeTerminal({ DATABASE_URL: address(), SECRETS_KEY: keys, LANG: 'en' });
    let done = false;
    let delivered = 0;
    const delivering = (async () => {
      while (!done) if ((await ask(url, 'POST', `/api/subscriptions/${made.id}/test`)).delivered) delivered += 1;
    })();
    await until('a delivery', async () => delivered > 3);
    const rotating = terminal(`${B},${A}`);
    expect(await rotating.type(secretsCommand, 'rotate', '--json')).toBe(0);
    expect(rotating.document()).toEqual({ key: keysNamed('b').sealingId, resealed: 1, sealed: 0, unopened: [] });
    const before = delivered;
    await until('a delivery after it', async () => delivered > before + 3);
    done = true;
    await delivering;
    expect([hook.got.length, isSigned(made.secret)]).toEqual([delivered, true]);
    await program.stop();
    const status = terminal(B);
    expect(await status.type(secretsCommand, 'status')).toBe(0);
    expect(status.out).toContain(`subscriptions.sealed_secret: 1 sealed with ${keysNamed('b').sealingId}`);
    const last = await start(B);
    expect((await ask(last.url, 'POST', `/api/subscriptions/${made.id}/test`)).delivered).toBe(true);
    expect(isSigned(made.secret)).toBe(true);
  });

  it('that is lost leaves a way: what it sealed is discarded, and the subscription says so and gets a new secret', async () => {
    const first = await start(A);
    const made = await subscribe(first.url);
    await first.program.stop();
    const terminal = new FakeTerminal({ DATABASE_URL: address(), SECRETS_KEY: B, LANG: 'es' });
    expect(await terminal.type(secretsCommand, 'status')).toBe(1);
    expect(await terminal.type(secretsCommand, 'discard', String(keysNamed('b').sealingId))).toBe(1);
    expect(await terminal.type(secretsCommand, 'discard', String(keysNamed('a').sealingId))).toBe(0);
    const { url } = await start(B);
    const found = await until('the subscription is disabled', async () => {
      const one = await ask(url, 'GET', `/api/subscriptions/${made.id}`);
      return one.state === 'disabled' && one;
    });
    expect(found.disabled_reason).toBe('secret_unreadable');
    const refused = await ask(url, 'POST', `/api/subscriptions/${made.id}/test`);
    expect([refused.status, refused.code]).toEqual([409, 'secret_unreadable']);
    const fresh = await ask(url, 'POST', `/api/subscriptions/${made.id}/rotate-secret`);
    expect((await ask(url, 'PATCH', `/api/subscriptions/${made.id}`, { paused: false })).state).toBe('active');
    expect((await ask(url, 'POST', `/api/subscriptions/${made.id}/test`)).delivered).toBe(true);
    expect(isSigned(fresh.secret)).toBe(true);
  });
});

describe('npm run secrets', () => {
  const type = async (env: Record<string, string>, ...args: string[]) => {
    const terminal = new FakeTerminal({ LANG: 'en', ...env });
    return [await terminal.type(secretsCommand, ...args), terminal.out, terminal.err] as const;
  };

  it('makes a key that SECRETS_KEY takes, and never the same', async () => {
    const [code, out, err] = await type({}, 'new');
    const key = out.trim();
    expect([code, Buffer.from(key, 'base64').length]).toEqual([0, 32]);
    expect(err).toContain(sha256(Buffer.from(key, 'base64')).slice(0, 8));
    expect((await type({}, 'new'))[1]).not.toBe(out);
  });

  it('refuses a wrong word, and a missing key', async () => {
    const database = { DATABASE_URL: 'sqlite:/nowhere.db' };
    for (const args of [['sing'], ['discard'], ['discard', 'x'], ['rotate', 'x'], ['status', 'x'], ['new', 'x']])
      expect([args, (await type(database, ...args))[0]]).toEqual([args, 64]);
    expect((await type(database, 'rotate'))[0]).toBe(1);
  });
});
