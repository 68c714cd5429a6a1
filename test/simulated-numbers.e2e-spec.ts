import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Body, freePort, Program, until } from './recipes/stage.js';
import { offer } from './sdp.js';

const MAIN = resolve(import.meta.dirname, '../dist/main.js');
const FIRST_RING = resolve(import.meta.dirname, '../scripts/first-ring.mjs');
const KEY = 'simulated-numbers-key-0123456789';
const [FIRST, ANA, HUGO] = ['300000000000001', '5215512340001', '5215512340008'];

describe('a gateway with its simulator and two numbers', () => {
  let folder: string;
  let url: string;
  let env: Record<string, string>;
  let program: Program;
  let b: Body;

  const launch = async (): Promise<void> => {
    program = new Program('the gateway', spawn(process.execPath, [MAIN], { cwd: folder, env }));
    await program.says(/^Console/m);
  };
  const api = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${KEY}`, ...(body && { 'content-type': 'application/json' }) };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as Body };
  };
  const call = async (id: string) => (await api('GET', `/api/calling/calls/${id}`)).body;
  const reaches = (id: string, state: string) => until(`${id} to be ${state}`, async () => (await call(id)).state === state);
  const control = (method: string, path: string, body?: object) => api(method, `/simulator/api${path}`, body);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulated-numbers-'));
    const port = String(await freePort());
    url = `http://127.0.0.1:${port}`;
    env = {
      PATH: process.env.PATH ?? '',
      PORT: port,
      API_KEY: KEY,
      DATABASE_URL: `sqlite:${join(folder, 'gateway.db')}`,
      SECRETS_KEY: randomBytes(32).toString('base64'),
      SIMULATOR_HISTORY: 'none',
      LOG_LEVEL: 'fatal',
      SHUTDOWN_GRACE_MS: '0',
    };
    await launch();
  });
  afterAll(async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('adds a number by a key that the simulator has made, and no other key', async () => {
    const made = await control('POST', '/numbers', { name: 'Sales', waba_id: '200000000000009', portfolio_id: '100000000000009' });
    b = { ...made.body.number, key: made.body.api_key };
    expect(await api('POST', '/api/numbers', { api_key: 'a-key-of-nobody-here' })).toMatchObject({
      status: 422,
      body: { code: 'number_key_rejected' },
    });
    const { status, body } = await api('POST', '/api/numbers', { api_key: b.key, name: 'Sales', webhook: 'register' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      phone_number_id: b.phone_number_id,
      display_phone_number: b.display_phone_number,
      waba_id: '200000000000009',
      portfolio_id: '100000000000009',
      mode: 'simulator',
      source: 'api',
      webhook: { matches: true, register: null, problem: null },
    });
    const { webhook } = (await control('GET', '/numbers')).body.numbers[1];
    expect(webhook).toEqual({ url: `${url}/api/webhooks/360dialog/${b.phone_number_id}`, headers: ['Authorization'] });
  });

  it('dials, rings and is answered on each number, and takes a call on the second', async () => {
    for (const phone_number_id of [FIRST, b.phone_number_id]) {
      await control('POST', '/users/hugo/grant', { silent: true, kind: 'permanent', phone_number_id });
      const { status, body } = await api('POST', '/api/calling/make-call', { to: HUGO, phone_number_id, session: offer() });
      expect([status, body.phone_number_id]).toEqual([201, phone_number_id]);
      await reaches(body.id, 'ringing');
      await reaches(body.id, 'in_progress');
      expect((await api('POST', '/api/calling/terminate', { id: body.id })).body.outcome).toBe('answered');
    }
    await control('POST', '/users/fede/call', { phone_number_id: b.phone_number_id });
    const ringing = await until('Fede to ring', async () => {
      const { data } = (await api('GET', `/api/calling/calls?direction=inbound&phone_number_id=${b.phone_number_id}`)).body;
      return data.find(({ state }: Body) => state === 'ringing');
    });
    expect((await api('POST', '/api/calling/reject', { id: ringing.id })).body.outcome).toBe('rejected');
    expect((await api('GET', `/api/calling/calls?direction=inbound&phone_number_id=${FIRST}`)).body.data).toEqual([]);
  });

  it('asks for permission on the second number', async () => {
    const { status, body } = await api('POST', '/api/calling/make-call', { to: ANA, phone_number_id: b.phone_number_id });
    expect([status, body.state]).toEqual([202, 'awaiting_permission']);
    await reaches(body.id, 'ready');
    await api('POST', '/api/calling/terminate', { id: body.id });
  });

  it('walks the first ring with the number that is named', async () => {
    const args = [FIRST_RING, '--url', url, '--key', KEY, '--number', b.phone_number_id];
    const walk = new Program('first-ring', spawn(process.execPath, args, { cwd: folder }));
    expect([await walk.ended(), walk.said]).toEqual([0, expect.stringContaining('0 failed')]);
    const { data } = (await api('GET', `/api/calling/calls?phone_number_id=${FIRST}`)).body;
    expect(data).toHaveLength(1);
  });

  it('reports a refused key, and takes the new one', async () => {
    const { body } = await control('POST', `/numbers/${b.phone_number_id}/key`);
    const path = `/api/numbers/${b.phone_number_id}`;
    const dialled = await api('POST', '/api/calling/make-call', { to: HUGO, phone_number_id: b.phone_number_id, session: offer() });
    expect(dialled.body.code).toBe('upstream_key_rejected');
    await until('the refusal to be noted', async () => (await api('GET', path)).body.key_rejected_at);
    expect((await api('PATCH', path, { api_key: body.api_key })).body.key_rejected_at).toBeNull();
    b.key = body.api_key;
  });

  it('has the second number after a restart, with its webhook', async () => {
    await program.stop();
    await launch();
    expect((await control('GET', '/numbers')).body.numbers[1]).toMatchObject({
      phone_number_id: b.phone_number_id,
      waba_id: '200000000000009',
      webhook: { url: `${url}/api/webhooks/360dialog/${b.phone_number_id}` },
    });
    await control('POST', '/users/hugo/grant', { silent: true, kind: 'permanent', phone_number_id: b.phone_number_id });
    const { body } = await api('POST', '/api/calling/make-call', { to: HUGO, phone_number_id: b.phone_number_id, session: offer() });
    await reaches(body.id, 'ringing');
    await api('POST', '/api/calling/terminate', { id: body.id });
  });

  it('does not start with an address of the real 360dialog', async () => {
    for (const more of [
      { D360_BASE_URL: 'https://waba-v2.360dialog.io' },
      { D360_PARTNER_ID: 'p', D360_PARTNER_API_KEY: 'a-key-of-a-partner', D360_CLIENT_ID: 'c' },
    ]) {
      const child = spawn(process.execPath, [MAIN], { cwd: folder, env: { ...env, ...more } as Record<string, string> });
      const refused = new Program('the refused gateway', child);
      expect(await refused.ended()).toBe(78);
      expect(refused.said).toContain('real 360dialog');
    }
  });
});
