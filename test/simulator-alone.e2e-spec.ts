import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort, Program } from './recipes/stage.js';

const MAIN = resolve(import.meta.dirname, '../dist/simulator/main.js');

describe('npm run simulator', () => {
  let program: Program;
  afterEach(() => program.stop());

  const launch = async (env: Record<string, string>) => {
    const port = String(await freePort());
    program = new Program(
      'the simulator',
      spawn(process.execPath, [MAIN], { cwd: tmpdir(), env: { PATH: process.env.PATH, PORT: port, ...env } }),
    );
    return `http://127.0.0.1:${port}`;
  };
  const said = (label: string): string => new RegExp(`^ *${label} +(.*)$`, 'm').exec(program.said)?.[1] ?? '';

  it('prints where it answers as Meta, and that answers', async () => {
    const origin = await launch({});
    await program.says(/app secret .*\n/);
    expect(said('base URL')).toBe(`${origin}/simulator/graph`);
    const headers = { authorization: `Bearer ${said('access token')}` };
    const answer = await fetch(`${said('base URL')}/v23.0/${said('phone number')}`, { headers });
    expect(await answer.json()).toMatchObject({ id: said('phone number'), verified_name: 'Simulated business' });
    const ofApp = { authorization: `Bearer ${said('app')}|${said('app secret')}` };
    expect((await fetch(`${said('base URL')}/${said('app')}/subscriptions`, { headers: ofApp })).status).toBe(200);
    expect(program.said).not.toContain('SIMULATOR_CLIENTS');
  });

  it('in the image answers the health check, and on the network this machine and the named clients alone', async () => {
    const origin = await launch({ NODE_ENV: 'production', HOST: '0.0.0.0', SIMULATOR_API_KEY: 'token', SIMULATOR_CLIENTS: '192.0.2.0/24' });
    await program.says(/Answers this machine, 192\.0\.2\.0\/24;/);
    expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
    const headers = { authorization: 'Bearer token' };
    expect((await fetch(`${origin}/simulator/graph/300000000000001`, { headers })).status).toBe(200);
    for (const path of ['graph/300000000000001', 'api/state', '360dialog/health_status'])
      expect((await fetch(`${origin}/simulator/${path}`, { headers: { ...headers, 'x-forwarded-for': '203.0.113.7' } })).status).toBe(403);
  });

  it('has the same secret with the same seed, and ends with 78 and one sentence when it is set wrong', async () => {
    await launch({ SIMULATOR_SEED: 'a' });
    await program.says(/app secret .*\n/);
    const secret = said('app secret');
    await program.stop();
    await launch({ SIMULATOR_SEED: 'a' });
    await program.says(/app secret .*\n/);
    expect([said('app secret'), secret]).toEqual([secret, expect.stringMatching(/^[0-9a-f]{32}$/)]);
    await program.stop();
    await launch({ SIMULATOR_CLIENTS: 'anybody' });
    expect([await program.ended(), program.said]).toEqual([78, 'SIMULATOR_CLIENTS must list addresses or networks such as 10.0.0.0/8\n']);
  });
});
