import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ask } from './ask.mjs';
import { pause } from './pause.mjs';
import { claimPort } from './port.mjs';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const FAULTY_MAIN = fileURLToPath(new URL('./faulty/main.mjs', import.meta.url));
/** Long, for machines that do much else. */
const START_MS = 60_000;
/** EX_TEMPFAIL of sysexits.h: the gateway's word for a port that is taken. */
const EXIT_LATER = 75;
export const WEBHOOK_TOKEN = 'prove-webhook-token-0001';
export const API_KEY = 'prove-api-key-0000000001';

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The gateway under proof: a process of its own, live mode, on a free port of loopback, its 360dialog played by the proof. */
export class Gateway {
  /**
   * @param {{ folder: string, databaseUrl: string, upstream: string, environment?: Record<string, string>, fault?: string, log?: string }} options
   *   `fault` names a promise that it breaks, see faulty/faults.mjs; `log` takes what it writes to stdout
   */
  constructor({ folder, databaseUrl, upstream, environment = {}, fault, log }) {
    this.entry = fault === undefined ? [MAIN] : [FAULTY_MAIN, fault];
    this.folder = folder;
    this.log = log;
    this.child = null;
    this.said = '';
    this.environment = {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      D360_API_KEY: 'prove-key-of-the-number',
      D360_BASE_URL: upstream,
      D360_WEBHOOK_TOKEN: WEBHOOK_TOKEN,
      API_KEY,
      LOG_LEVEL: 'fatal',
      RATE_LIMIT_PER_MINUTE: '1000000',
      ...environment,
    };
  }

  /** Starts and waits until it answers. @throws Error with what it said, when it ends instead */
  async start() {
    for (let attempt = 1; ; attempt += 1) {
      await this.#launch();
      if (await this.#comesUp()) return;
      await this.kill();
      // Somebody else on this machine was given the port meanwhile.
      this.port = undefined;
      if (this.child.exitCode !== EXIT_LATER || attempt === 3) throw new Error(`the gateway did not start: ${this.#lastWords()}`);
    }
  }

  async #launch() {
    this.port ??= await claimPort();
    mkdirSync(this.folder, { recursive: true });
    const env = { ...this.environment, PORT: String(this.port) };
    const stdout = this.log === undefined ? 'ignore' : openSync(this.log, 'a', 0o600);
    const child = spawn(process.execPath, this.entry, { cwd: this.folder, env, stdio: ['ignore', stdout, 'pipe'] });
    if (stdout !== 'ignore') closeSync(stdout);
    running.add(child);
    this.said = '';
    child.stderr.on('data', (data) => {
      this.said = `${this.said}${data}`.slice(-4_000);
    });
    this.child = child;
    this.gone = once(child, 'close').then(() => running.delete(child));
  }

  async #comesUp() {
    const until = Date.now() + START_MS;
    while (this.child.exitCode === null && this.child.signalCode === null && Date.now() < until) {
      if (await this.#answers()) return true;
      await pause(15);
    }
    return false;
  }

  #lastWords() {
    return `${this.child.signalCode ?? `exit code ${this.child.exitCode}`} ${this.said}`;
  }

  /** As the kernel does it when memory runs out: no handler of the process runs. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.gone;
  }

  /** @returns {Promise<import('./ask.mjs').Answer>} */
  api(method, path, { body, headers = {}, timeoutMs } = {}) {
    const authorization = `Bearer ${API_KEY}`;
    return ask({ port: this.port, method, path, body, headers: { authorization, ...headers }, timeoutMs });
  }

  #answers() {
    const probe = ask({ port: this.port, method: 'GET', path: '/health/live', timeoutMs: 1_000 });
    return probe.then(({ status }) => status === 200).catch(() => false);
  }
}
