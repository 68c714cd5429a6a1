import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { type Body, freePort, Program } from '../recipes/stage.js';

/** An API in Meta's shape, and the simulated people who are called through it. */
export interface GraphTarget {
  name: string;
  /** What clients use in place of https://graph.facebook.com. */
  baseUrl: string;
  token: string;
  phoneNumberId: string;
  /** The secret with which webhooks are signed. */
  appSecret: string;
  /** Sends webhooks of these fields to a callback from now on, signed with the secret; the callback is asked for the challenge first. */
  subscribe(callbackUrl: string, verifyToken: string, fields: readonly string[]): Promise<void>;
  /** Begins anew: the same people, and the same ids by the same seed where the target has them. */
  reset(seed: string): Promise<void>;
  /** A request to the control API of the simulator. */
  people(method: string, path: string, body?: object): Promise<Body>;
  /** Lets time pass for the people. */
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

const APP_SECRET = 'app-secret-0123456789abcdef';

const MAIN = resolve(import.meta.dirname, '../../dist/simulator/main.js');
const KEY = 'simulated-token-0123456789';
const APP = '900000000000001';

/** A request with a JSON body. @throws Error with what was answered, unless it is a success */
export async function ask(url: string, method: string, body?: object, headers: Record<string, string> = {}): Promise<Body> {
  const sent = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
  const response = await fetch(url, { method, headers, ...sent });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** The simulator alone as a program of its own, as Meta itself; its clock is held, so that a run can be repeated. */
export async function simulatorTarget(): Promise<GraphTarget> {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH ?? '',
    SIMULATOR_PORT: String(port),
    SIMULATOR_API_KEY: KEY,
    SIMULATOR_APP_SECRET: APP_SECRET,
    SIMULATOR_SEED: 'graph-clients',
  };
  const program = new Program('the simulator', spawn(process.execPath, [MAIN], { cwd: tmpdir(), env }));
  await program.says(/app secret/);
  const origin = `http://127.0.0.1:${port}/simulator`;
  const people: GraphTarget['people'] = (method, path, body) => ask(`${origin}/api${path}`, method, body);
  return {
    name: 'simulator',
    baseUrl: `${origin}/graph`,
    token: KEY,
    phoneNumberId: '300000000000001',
    appSecret: APP_SECRET,
    people,
    subscribe: async (callbackUrl, verifyToken, fields) => {
      const subscription = { object: 'whatsapp_business_account', callback_url: callbackUrl, verify_token: verifyToken, fields };
      await ask(`${origin}/graph/v23.0/${APP}/subscriptions`, 'POST', subscription, { authorization: `Bearer ${APP}|${APP_SECRET}` });
    },
    reset: async (seed) => {
      await people('POST', '/reset', { seed, hold: true });
    },
    pass: async (seconds) => {
      await people('POST', '/clock', { advance_seconds: seconds });
    },
    close: () => program.stop(),
  };
}
