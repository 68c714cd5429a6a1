import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { OneKey } from './one-key.js';
import { type Body, freePort, Program, until } from './recipes/stage.js';
import { answer, offer } from './sdp.js';

const MAIN = resolve(import.meta.dirname, '../dist/main.js');
const INBOUND = readFileSync(resolve(import.meta.dirname, 'corpus/connect-inbound.json'), 'utf8');
const KEY = 'unproven-number-key-0123456789-abcdefghij';
const TOKEN = 'unproven-number-webhook-token-0123456789';
const [OURS, THEIRS] = [OneKey.OURS, OneKey.THEIRS];
const [OUR_KEY, NEW_KEY] = ['key-of-our-number', 'key-of-who-knows-which-number'];

describe.each(engines)('a key whose number 360dialog has not named, with %s', (engine) => {
  let database: TemporaryDatabase;
  let dialog360: OneKey;
  let url = '';
  let gateway: Program | null = null;

  beforeEach(async () => {
    database = await emptyDatabase(engine);
    dialog360 = new OneKey(await freePort());
    await dialog360.start();
  });
  afterEach(async () => {
    await gateway?.stop();
    dialog360.stop();
    await database.erase();
  });

  async function launch(env: Record<string, string> = {}): Promise<Program> {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const { database: where } = database;
    const all = {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: where.kind === 'sqlite' ? `sqlite:${where.path}` : where.url.reveal(),
      API_KEY: KEY,
      D360_API_KEY: OUR_KEY,
      D360_BASE_URL: `http://127.0.0.1:${dialog360.port}`,
      D360_WEBHOOK_TOKEN: TOKEN,
      LOG_LEVEL: 'fatal',
      SHUTDOWN_GRACE_MS: '0',
      ...env,
    };
    gateway = new Program('the gateway', spawn(process.execPath, [MAIN], { cwd: tmpdir(), env: all }));
    return gateway;
  }
  const start = async (env: Record<string, string> = {}): Promise<Program> => {
    const program = await launch(env);
    await program.says(/^Console/m);
    return program;
  };
  const ask = async (method: string, path: string, body?: object, key = KEY): Promise<{ status: number; body: Body }> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const came = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: came.status, body: await came.json().catch(() => null) };
  };
  const post = (path: string, body: object) => ask('POST', path, body);
  const codeOf = async (asked: ReturnType<typeof ask>) => (await asked).body.code;
  let person = 5_215_512_350_000;
  const dial = () => {
    person += 1;
    return post('/api/calling/make-call', { to: String(person), session: offer() });
  };
  /** Somebody calls this number now. */
  const ring = async (wacid: string, phoneNumberId = OURS): Promise<void> => {
    const body = JSON.parse(INBOUND).body;
    const { value } = body.entry[0].changes[0];
    value.metadata.phone_number_id = phoneNumberId;
    Object.assign(value.calls[0], { id: wacid, timestamp: String(Math.floor(Date.now() / 1_000)), session: offer() });
    expect((await ask('POST', '/api/webhooks/360dialog', body, TOKEN)).status).toBe(200);
  };
  const rings = (wacid: string) => until('the call', async () => (await ask('GET', `/api/calling/calls/${wacid}`)).status === 200);
  /** A life in which the database learns its number, and the number is proven for the key. */
  const learnOurs = async (): Promise<void> => {
    const first = await start();
    expect((await dial()).status).toBe(201);
    await first.stop();
    dialog360.sent.length = 0;
    dialog360.asked.length = 0;
  };

  it('dials, asks, answers, hangs up, sets and polls nothing, whatever else 360dialog answers', async () => {
    await learnOurs();
    dialog360.health = 'failing';
    await start({ D360_API_KEY: NEW_KEY });
    await ring('wacid.UNPROVEN1');
    await rings('wacid.UNPROVEN1');
    const call_id = 'wacid.UNPROVEN1';
    const to = '5215512359999';
    const commands: Record<string, ReturnType<typeof ask>> = {
      dial: dial(),
      'a parked call': post('/api/calling/make-call', { to: '5215512359998' }),
      request: post('/api/calling/request-permission', { to }),
      'pre-accept': post('/api/calling/pre-accept', { call_id, session: answer() }),
      settings: ask('PATCH', '/api/calling/settings', { calling: { status: 'ENABLED' } }),
      check: post('/api/compliance/check', {}),
    };
    for (const [name, asked] of Object.entries(commands)) {
      const { status, body } = await asked;
      expect([name, status, body.code]).toEqual([name, 503, 'number_unproven']);
      expect(body.detail).toContain('HTTP 503');
    }
    expect(await codeOf(post('/api/calling/accept', { call_id, session: answer() }))).toBe('number_unproven');
    expect(await codeOf(post('/api/calling/reject', { call_id }))).toBe('number_unproven');
    expect(await codeOf(post('/api/calling/terminate', { call_id }))).toBe('number_unproven');
    // What only reads stores nothing of what another number allows or has set.
    await ask('GET', `/api/calling/preflight?to=${to}`);
    await ask('GET', `/api/calling/permissions/${to}`);
    await ask('GET', '/api/calling/status?refresh=true');
    await ask('GET', '/api/calling/settings');
    expect([dialog360.sent, dialog360.asked]).toEqual([[], []]);
    // 360dialog names the number again: everything goes on by itself.
    dialog360.health = null;
    await until('a dial', async () => (await dial()).status === 201);
  });

  it('is refused by 360dialog for its health alone: nothing is sent, and the refusal says what to do', async () => {
    await learnOurs();
    dialog360.health = 'forbidden';
    await start({ D360_API_KEY: NEW_KEY });
    const { status, body } = await dial();
    expect([status, body.code]).toEqual([503, 'number_unproven']);
    expect(body.detail).toContain('Endpoint blocked');
    expect(body.remedy).toContain('npm run diagnose');
    expect(dialog360.sent).toEqual([]);
  });

  it('keeps the proof with a digest of the key: a new start while the health fails dials at once', async () => {
    await learnOurs();
    dialog360.health = 'failing';
    await start();
    expect((await dial()).status).toBe(201);
    expect(dialog360.sent).toEqual(['/calling/calls']);
  });

  it('ends the process when the number of the key changes while it runs, and stores no reading of the other', async () => {
    await learnOurs();
    const running = await start();
    expect((await dial()).status).toBe(201);
    dialog360.number = THEIRS;
    dialog360.sent.length = 0;
    await ask('GET', '/api/calling/status?refresh=true').catch(() => null);
    expect(await running.ended()).toBe(78);
    expect(running.said).toContain(`D360_API_KEY is the key of number ${THEIRS}, but DATABASE_URL points at a database of number ${OURS}`);
    expect(dialog360.sent).toEqual([]);
  });

  it('is taken for the configured number only when 360dialog takes the key and names none', async () => {
    dialog360.health = 'unnamed';
    const first = await start();
    const { status, body } = await dial();
    expect([status, body.code]).toEqual([503, 'number_unproven']);
    expect(body.remedy).toContain('D360_PHONE_NUMBER_ID');
    expect(await codeOf(ask('GET', '/api/calling/status'))).toBe('number_unproven');
    await first.stop();
    await start({ D360_PHONE_NUMBER_ID: OURS });
    expect((await dial()).body.phone_number_id).toBe(OURS);
  });

  it('leaves no number in the database when it is refused, so that the right key starts with the right id', async () => {
    dialog360.number = null;
    const first = await start({ D360_PHONE_NUMBER_ID: THEIRS });
    expect(await codeOf(dial())).toBe('upstream_key_rejected');
    // The diagnosis shows the configured number, with the key as what is wrong.
    const { inbound } = (await ask('GET', '/api/calling/status?refresh=true')).body;
    expect(inbound.gates.find((gate: Body) => gate.name === 'key').code).toBe('upstream_key_rejected');
    await first.stop();
    dialog360.number = OURS;
    await start({ D360_PHONE_NUMBER_ID: OURS });
    expect((await dial()).status).toBe(201);
  });

  it('keeps deliveries unread while a configured id is not proven: a mistyped one loses no call', async () => {
    dialog360.stop();
    const first = await start({ D360_PHONE_NUMBER_ID: THEIRS });
    await ring('wacid.UNPROVEN2');
    await first.stop();
    await dialog360.start();
    await start({ D360_PHONE_NUMBER_ID: OURS });
    await rings('wacid.UNPROVEN2');
  });

  it('learns the number later than the start: what waited is read, and calls go', async () => {
    dialog360.stop();
    await start();
    await ring('wacid.UNPROVEN3');
    expect(await codeOf(dial())).toBe('upstream_unavailable');
    await dialog360.start();
    await rings('wacid.UNPROVEN3');
    expect((await dial()).status).toBe(201);
  });
});
