import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { secretsCommand } from '#cli/secrets/secrets.command.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { keysNamed, keyText } from '#secrets/sealing-keys.fixture.js';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { type HostedNumber, NumbersAt360dialog } from '../numbers-at-360dialog.js';
import { type Body, freePort, Program, until } from '../recipes/stage.js';
import { offer } from '../sdp.js';

const MAIN = resolve(import.meta.dirname, '../../dist/main.js');
const KEY = 'secrets-of-numbers-key-0123456789-abcdefghij';
const FIRST_KEY = 'canary-key-of-the-environment-0123456789';
const FIRST_TOKEN = 'canary-token-of-the-environment-0123456789';
const [A, B] = [keyText('a'), keyText('b')];
/** No part of an id, a phone number or another secret. */
const canary = (name: string): string => `${name}-${randomBytes(12).toString('hex')}`;

describe.each(engines)('the secrets of 50 numbers, with %s', (engine) => {
  let database: TemporaryDatabase;
  let hosted: NumbersAt360dialog;
  const running: Program[] = [];

  beforeEach(async () => {
    database = await emptyDatabase(engine);
    hosted = await NumbersAt360dialog.open();
    hosted.host('1', FIRST_KEY);
  });
  afterEach(async () => {
    for (const program of running.splice(0)) await program.stop();
    hosted.close();
    await database.erase();
  });

  const address = () => (database.database.kind === 'sqlite' ? `sqlite:${database.database.path}` : database.database.url.reveal());
  async function start(keys: string, port?: number) {
    const at = port ?? (await freePort());
    const env = {
      PATH: process.env.PATH,
      PORT: String(at),
      DATABASE_URL: address(),
      API_KEY: KEY,
      SECRETS_KEY: keys,
      D360_API_KEY: FIRST_KEY,
      D360_BASE_URL: hosted.url,
      D360_WEBHOOK_TOKEN: FIRST_TOKEN,
      PUBLIC_URL: 'https://gateway.example.com',
      LOG_LEVEL: 'trace',
      RATE_LIMIT_PER_MINUTE: '1000000',
      SHUTDOWN_GRACE_MS: '2000',
    };
    const program = new Program('the gateway', spawn(process.execPath, [MAIN], { cwd: tmpdir(), env }));
    running.push(program);
    await program.says(/^Console/m);
    return { program, url: `http://127.0.0.1:${at}` };
  }
  const ask = async (url: string, method: string, path: string, body?: object, more: Record<string, string> = {}) => {
    const headers = { authorization: `Bearer ${KEY}`, ...(body ? { 'content-type': 'application/json' } : {}), ...more };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, text, body: (isJson ? JSON.parse(text) : null) as Body };
  };
  /** On SQLite the files as they are while the gateway runs; on Postgres each row of each table as text. */
  async function dump(): Promise<string> {
    if (database.database.kind === 'postgres') {
      const client = new pg.Client({ connectionString: address() });
      await client.connect();
      const { rows } = await client.query("select tablename from pg_tables where schemaname = 'public'");
      const all = [];
      for (const { tablename } of rows) all.push(JSON.stringify((await client.query(`select t::text from ${tablename} t`)).rows));
      await client.end();
      return all.join('\n');
    }
    const { path } = database.database;
    return ['', '-wal', '-shm', '-journal']
      .map((end) => `${path}${end}`)
      .filter(existsSync)
      .map((file) => readFileSync(file, 'latin1'))
      .join('\n');
  }
  const spellings = (secret: string): string[] => {
    const bytes = Buffer.from(secret);
    // Base64 within a longer text begins at any of three places: the middle of each.
    const base64 = [0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .slice(4, -4),
    );
    return [secret, bytes.toString('hex'), encodeURIComponent(secret), ...base64];
  };

  it('stand in no dump, file, log, metric or later answer', async () => {
    const secrets = new Set<string>([FIRST_KEY, FIRST_TOKEN, A, Buffer.from(A, 'base64').toString('hex')]);
    const kept = (secret: string): string => {
      secrets.add(secret);
      return secret;
    };
    const { program, url } = await start(A);
    const numbers: HostedNumber[] = [];
    for (let i = 0; i < 50; i += 1) {
      const chat = { url: `https://chat.example.com/in?token=${kept(canary('chat'))}`, headers: { 'X-Chat': kept(canary('header')) } };
      const number = hosted.host(String(1_000 + i), kept(canary('key')), chat);
      numbers.push(number);
      const wish = {
        api_key: number.key,
        name: `number ${i}`,
        forward: {
          url: `https://crm.example.com/in?key=${kept(canary('forward'))}`,
          headers: { Authorization: `Bearer ${kept(canary('crm'))}` },
        },
        ...(i % 2 === 0 ? { webhook: 'register', replaces: chat.url } : {}),
      };
      const once = { 'idempotency-key': `add-${i}` };
      const added = await ask(url, 'POST', '/api/numbers', wish, once);
      expect([added.status, added.body.webhook?.problem]).toEqual([201, null]);
      const header = added.body.webhook.register?.headers.Authorization ?? number.webhook.headers.Authorization;
      kept(header.slice('Bearer '.length));
      expect((await ask(url, 'POST', '/api/numbers', wish, once)).text).toBe(added.text);
    }
    const said: string[] = [];
    const note = async (method: string, path: string, body?: object) => {
      const { status, text } = await ask(url, method, path, body);
      said.push(text);
      return status;
    };
    for (const [i, number] of numbers.entries()) {
      const path = `/api/numbers/${number.phoneNumberId}`;
      if (i % 5 === 0) {
        const { text } = await ask(url, 'POST', `${path}/rotate-webhook-token`, {});
        const header = JSON.parse(text).register?.headers.Authorization ?? number.webhook.headers.Authorization;
        kept(header.slice('Bearer '.length));
      }
      if (i % 5 === 1) {
        const fresh = kept(canary('newer'));
        hosted.numbers.set(fresh, number);
        expect(await note('PATCH', path, { api_key: fresh })).toBe(200);
        // A key of another number, and one of no number.
        expect(await note('PATCH', path, { api_key: numbers[0]?.key })).toBe(409);
        expect(await note('PATCH', path, { api_key: kept(canary('nobody')) })).toBe(422);
      }
      if (i % 5 === 2) {
        // 360dialog refuses the key, and repeats it.
        hosted.refusal = (key) => ({ meta: { success: false, developer_message: `Invalid api key ${key}` } });
        hosted.numbers.delete(number.key);
        await note('GET', `/api/calling/status?refresh=true&phone_number_id=${number.phoneNumberId}`);
        await note('POST', '/api/calling/make-call', { to: '5215512340001', session: offer(), phone_number_id: number.phoneNumberId });
        expect(await note('POST', '/api/numbers', { api_key: kept(canary('unknown')) })).toBe(422);
        hosted.numbers.set(number.key, number);
      }
      if (i % 5 === 3) {
        expect(
          await note('POST', '/api/calling/make-call', {
            to: `52155123400${10 + i}`,
            session: offer(),
            phone_number_id: number.phoneNumberId,
          }),
        ).toBe(201);
        await note('POST', `${path}/webhook`, { dry_run: true });
      }
      if (i % 5 === 4) expect(await note('DELETE', path)).toBe(202);
      await note('GET', path);
      await note('GET', `/api/calling/status?refresh=true&phone_number_id=${number.phoneNumberId}`);
      await note('GET', `/api/compliance/eligibility?phone_number_id=${number.phoneNumberId}`);
    }
    await until('the numbers are gone', async () => (await ask(url, 'GET', '/api/numbers?limit=200')).body.data.length <= 41);
    for (const path of [
      '/api/numbers?limit=200',
      '/api/audit?limit=200',
      '/api/keys',
      '/api/subscriptions',
      '/api/calling/calls',
      '/api/forwarding/set-aside',
    ])
      await note('GET', path);
    for (const { id } of (await ask(url, 'GET', '/api/calling/calls')).body.data) {
      await note('GET', `/api/calling/calls/${id}/timeline`);
      await note('GET', `/api/calling/calls/${id}/bundle?full=true`);
    }
    for (const path of ['/metrics', '/health/ready', '/health/live', '/openapi.json']) await note('GET', path);
    const places: Record<string, string> = { answers: said.join('\n'), 'database in use': await dump() };
    await program.stop();
    Object.assign(places, { 'database at rest': await dump(), log: program.said });
    expect(places['database at rest']?.includes(numbers[0]?.phoneNumberId ?? '-')).toBe(true);
    expect(places.log?.includes('/api/numbers')).toBe(true);
    expect(secrets.size).toBeGreaterThan(250);
    for (const [place, text] of Object.entries(places))
      for (const secret of secrets)
        expect([place, secret, spellings(secret).filter((one) => text.includes(one))]).toEqual([place, secret, []]);
  });

  if (engine === 'sqlite') return;

  it('are sealed anew while three replicas serve requests: none fails, and each starts with the new key alone', async () => {
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    let replicas = await Promise.all(ports.map((port) => start(A, port)));
    const [first] = replicas as [Awaited<ReturnType<typeof start>>];
    const numbers = Array.from({ length: 10 }, (_, i) => hosted.host(String(2_000 + i), canary('key')));
    for (const number of numbers) {
      const { status } = await ask(first.url, 'POST', '/api/numbers', { api_key: number.key, webhook: 'register' });
      expect([status, number.webhook.url]).toEqual([201, expect.stringContaining(number.phoneNumberId)]);
    }
    /** Requests that need a sealed key, and deliveries that need a token, at every replica that is there. */
    const results = { served: 0, failed: [] as unknown[] };
    let isOver = false;
    const targets = new Set(replicas.map(({ url }) => url));
    const client = async (n: number) => {
      for (let turn = n; !isOver; turn += 1) {
        const url = [...targets][turn % targets.size] as string;
        const number = numbers[turn % numbers.length] as HostedNumber;
        const of = `phone_number_id=${number.phoneNumberId}`;
        const { headers } = number.webhook;
        const delivery = ask(
          url,
          'POST',
          `/api/webhooks/360dialog/${number.phoneNumberId}`,
          { entry: [] },
          { authorization: headers.Authorization as string },
        );
        for (const { status, text } of [
          await delivery,
          await ask(url, 'GET', `/api/calling/settings?${of}`),
          await ask(url, 'GET', `/api/numbers/${number.phoneNumberId}`),
        ]) {
          results.served += 1;
          if (status !== 200) results.failed.push([status, text]);
        }
      }
    };
    const clients = [0, 1, 2, 3].map(client);
    /** One replica after the other leaves the load, ends, starts with other keys, and comes back. */
    const roll = async (keys: string) => {
      const next = [];
      for (const [i, { program, url }] of replicas.entries()) {
        targets.delete(url);
        await new Promise((later) => setTimeout(later, 500));
        await program.stop();
        next.push(await start(keys, ports[i]));
        targets.add(url);
      }
      replicas = next;
    };
    await roll(`${A},${B}`);
    await roll(`${B},${A}`);
    const terminal = new FakeTerminal({ DATABASE_URL: address(), SECRETS_KEY: `${B},${A}`, LANG: 'en' });
    expect(await terminal.type(secretsCommand, 'rotate', '--json')).toBe(0);
    expect(terminal.document()).toEqual({ key: keysNamed('b').sealingId, resealed: 20, sealed: 0, unopened: [] });
    await until('more is served', () => results.served > 500);
    await roll(B);
    // A token and a key that are new are sealed with the new key by each.
    for (const [i, { url }] of replicas.entries()) {
      const { phoneNumberId } = numbers[i] as HostedNumber;
      expect((await ask(url, 'POST', `/api/numbers/${phoneNumberId}/rotate-webhook-token`, {})).status).toBe(200);
    }
    const served = results.served;
    await until('more is served', () => results.served > served + 100);
    isOver = true;
    await Promise.all(clients);
    expect([results.failed.length, results.failed.slice(0, 3)]).toEqual([0, []]);
    const status = new FakeTerminal({ DATABASE_URL: address(), SECRETS_KEY: B, LANG: 'en' });
    expect(await status.type(secretsCommand, 'status')).toBe(0);
    expect(status.out).toContain(`numbers.sealed_api_key: 10 sealed with ${keysNamed('b').sealingId}`);
  });
});
