import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { OneKey } from './one-key.js';
import { type Body, freePort, Program, until } from './recipes/stage.js';
import { offer } from './sdp.js';

const MAIN = resolve(import.meta.dirname, '../dist/main.js');
const KEY = 'other-number-key-0123456789-abcdefghijklmnop';
const TOKEN = 'other-number-webhook-token-0123456789';
const [OURS, THEIRS] = [OneKey.OURS, OneKey.THEIRS];

describe.each(engines)('the number of D360_API_KEY, with %s', (engine) => {
  let database: TemporaryDatabase;
  let dialog360: OneKey;
  let url = '';
  let gateway: Program | null = null;

  beforeEach(async () => {
    database = await emptyDatabase(engine);
    dialog360 = new OneKey(await freePort());
  });
  afterEach(async () => {
    await gateway?.stop();
    dialog360.stop();
    await database.erase();
  });

  /** A start as its owner makes it, `npm start` without npm. */
  async function launch(env: Record<string, string | undefined> = {}): Promise<Program> {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const { database: where } = database;
    const all = {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: where.kind === 'sqlite' ? `sqlite:${where.path}` : where.url.reveal(),
      API_KEY: KEY,
      D360_API_KEY: 'key-of-the-environment',
      D360_BASE_URL: `http://127.0.0.1:${dialog360.port}`,
      D360_WEBHOOK_TOKEN: TOKEN,
      LOG_LEVEL: 'fatal',
      SHUTDOWN_GRACE_MS: '0',
      ...env,
    };
    gateway = new Program('the gateway', spawn(process.execPath, [MAIN], { cwd: tmpdir(), env: all }));
    return gateway;
  }
  const start = async (env: Record<string, string | undefined> = {}): Promise<Program> => {
    const program = await launch(env);
    await program.says(/^Console/m);
    return program;
  };
  const post = async (path: string, body: object, key = KEY): Promise<{ status: number; body: Body }> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  };
  let person = 5_215_512_340_000;
  /** Each call is of another person, whom no earlier one keeps busy. */
  const call = () => {
    person += 1;
    return post('/api/calling/make-call', { to: String(person), session: offer() });
  };
  /** A life in which the database learns its number. */
  const learnOurs = async (): Promise<void> => {
    dialog360.number = OURS;
    await dialog360.start();
    const first = await start();
    expect((await call()).status).toBe(201);
    await first.stop();
    dialog360.sent.length = 0;
  };
  const SENTENCE = `D360_API_KEY is the key of number ${THEIRS}, but DATABASE_URL points at a database of number ${OURS}: set D360_API_KEY to the key of number ${OURS}, give number ${THEIRS} a database of its own, or put it in that one's place with \`npm run numbers -- replace-environment\`\n`;

  it('must be that of the database: the start ends with 78 and one sentence, before it listens', async () => {
    await learnOurs();
    dialog360.number = THEIRS;
    const second = await launch();
    expect([await second.ended(), second.said]).toEqual([78, SENTENCE]);
    dialog360.number = OURS;
    await start();
    expect((await call()).body.phone_number_id).toBe(OURS);
  });

  it('must be that of D360_PHONE_NUMBER_ID, and a mistyped id leaves nothing in the database', async () => {
    await dialog360.start();
    const mistyped = await launch({ D360_PHONE_NUMBER_ID: THEIRS });
    expect(await mistyped.ended()).toBe(78);
    expect(mistyped.said).toBe(
      `D360_API_KEY is the key of number ${OURS}, but D360_PHONE_NUMBER_ID is ${THEIRS}: set D360_API_KEY to the key of number ${THEIRS}, or correct D360_PHONE_NUMBER_ID\n`,
    );
    dialog360.stop();
    const early = await start({ D360_PHONE_NUMBER_ID: THEIRS });
    await dialog360.start();
    expect(await early.ended()).toBe(78);
    await start({ D360_PHONE_NUMBER_ID: OURS });
    expect((await call()).status).toBe(201);
  });

  it('is compared later when 360dialog cannot be reached at the start: deliveries are kept meanwhile, and nothing is dialled', async () => {
    await learnOurs();
    dialog360.stop();
    const second = await start();
    expect((await post('/api/webhooks/360dialog', { object: 'whatsapp_business_account', entry: [] }, TOKEN)).status).toBe(200);
    const refused = await call();
    // After several attempts in a row the circuit is open: nothing was sent either way.
    expect([refused.status, refused.body.code]).toEqual([503, expect.stringMatching(/^upstream_(unavailable|circuit_open)$/)]);
    dialog360.number = THEIRS;
    await dialog360.start();
    // A command may be what finds it out; it is not sent either.
    await call().catch(() => null);
    expect(await second.ended()).toBe(78);
    expect(second.said.endsWith(SENTENCE)).toBe(true);
    expect(dialog360.sent).toEqual([]);
  });

  it('is compared in the background, too, when nothing is asked of the gateway', async () => {
    await learnOurs();
    dialog360.stop();
    const second = await start();
    dialog360.number = THEIRS;
    await dialog360.start();
    expect(await second.ended()).toBe(78);
    expect(second.said.endsWith(SENTENCE)).toBe(true);
  });

  it('changes nothing when it is the same: calls go on as soon as 360dialog is back', async () => {
    await learnOurs();
    dialog360.stop();
    await start();
    await dialog360.start();
    await until('a call', async () => (await call()).status === 201);
    expect(dialog360.sent).toEqual(['/calling/calls']);
  });

  it('is not known from a refusal: the refusal of the command says what is wrong with the key', async () => {
    await learnOurs();
    dialog360.number = null;
    await start();
    const refused = await call();
    expect([refused.status, refused.body.code]).toEqual([502, 'upstream_key_rejected']);
  });
});

it('the simulator goes on with its own database, whatever D360_PHONE_NUMBER_ID says', async () => {
  const database = await emptyDatabase('sqlite');
  try {
    for (const id of ['', THEIRS]) {
      const env = {
        PORT: String(await freePort()),
        D360_PHONE_NUMBER_ID: id,
        SIMULATOR_HISTORY: 'none',
        LOG_LEVEL: 'fatal',
        SHUTDOWN_GRACE_MS: '0',
      };
      const path = database.database.kind === 'sqlite' ? database.database.path : '';
      const program = new Program(
        'the simulator',
        spawn(process.execPath, [MAIN], { cwd: tmpdir(), env: { ...env, DATABASE_URL: `sqlite:${path}` } }),
      );
      await program.says(/^Console/m);
      await program.stop();
      expect(program.said).toContain('SIMULATOR');
    }
  } finally {
    await database.erase();
  }
});
