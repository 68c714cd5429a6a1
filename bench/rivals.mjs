import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask } from '../prove/ask.mjs';
import { pause } from '../prove/pause.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMPILED = join(ROOT, 'node_modules/.cache/bench');
const START_MS = 30_000;

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A program to compare with: a process of its own that takes `POST /webhook` on a free port of loopback. */
export class Rival {
  path = '/webhook';
  headers = {};

  constructor(script, environment = {}) {
    Object.assign(this, { script, environment });
  }

  /** Fastify alone. */
  static bareFastify() {
    return new Rival(join(ROOT, 'bench/bare-fastify.mjs'));
  }

  /** Nest on Express, compiled first as its author would. @param {string} database a file */
  static plainNest(database) {
    const swc = join(ROOT, 'node_modules/.bin/swc');
    const { status, stderr } = spawnSync(swc, ['bench/plain', '-d', COMPILED, '--strip-leading-paths'], { cwd: ROOT, encoding: 'utf8' });
    const main = join(COMPILED, 'plain/main.js');
    if (status !== 0 || !(existsSync(main) || existsSync(join(COMPILED, 'main.js'))))
      throw new Error(`bench/plain does not compile: ${stderr}`);
    return new Rival(existsSync(main) ? main : join(COMPILED, 'main.js'), { DATABASE: database });
  }

  async start() {
    this.port = await freePort();
    const env = { PATH: process.env.PATH, PORT: String(this.port), ...this.environment };
    this.child = spawn(process.execPath, [this.script], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    running.add(this.child);
    for (const until = Date.now() + START_MS; Date.now() < until && this.child.exitCode === null; await pause(20)) {
      const up = await ask({ port: this.port, method: 'POST', path: '/', body: '{}', timeoutMs: 1_000 }).catch(() => null);
      if (up) return this;
    }
    throw new Error(`${this.script} did not start`);
  }

  async kill() {
    const gone = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await gone;
    running.delete(this.child);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
