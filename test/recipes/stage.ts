import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// biome-ignore lint/suspicious/noExplicitAny: answers are read as consumers read them
export type Body = any;

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/main.js');
export const RECIPES = join(ROOT, 'docs/recipes');
const KEY = 'recipes-key-0123456789-abcdefghijklmnop';
/** Only a program that is stuck takes so long, however busy the machine. */
const PATIENCE_MS = 120_000;

/** Waits for a fact, in real time: recipes are programs of their own. */
export async function until<T>(what: string, look: () => Promise<T> | T, patienceMs = PATIENCE_MS): Promise<NonNullable<T>> {
  for (const end = Date.now() + patienceMs; ; ) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A program under test and what it has said. */
export class Program {
  said = '';
  readonly #gone: Promise<unknown>;

  constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.said += text;
      });
    }
    this.#gone = once(child, 'close');
  }

  /** How it ended; null while it runs. */
  get end(): string | null {
    const { exitCode, signalCode } = this.child;
    return exitCode === null && signalCode === null ? null : `ended with ${signalCode ?? exitCode}`;
  }

  /** Resolves once it has said this. @throws Error with all it said, when it ends or takes too long */
  async says(pattern: RegExp): Promise<void> {
    await until(`${this.name} to say ${pattern}; it said: ${this.said}`, () => {
      if (pattern.test(this.said)) return true;
      if (this.child.exitCode !== null)
        throw new Error(`${this.name} ended with ${this.child.exitCode} before it said ${pattern}: ${this.said}`);
      return false;
    }).catch((error: Error) => {
      throw new Error(`${error.message.slice(0, 200)}\nIt said: ${this.said}`);
    });
  }

  /** The exit code, once it has ended by itself. */
  async ended(): Promise<number | null> {
    await Promise.race([this.#gone, until(`${this.name} to end`, () => this.child.exitCode !== null)]);
    await this.#gone;
    return this.child.exitCode;
  }

  async stop(): Promise<void> {
    if (this.end === null) this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    await this.#gone;
    clearTimeout(late);
  }
}

/** One built gateway with its simulator, as `npm start` runs it, and the recipes as programs beside it. */
export class Stage {
  readonly url: string;
  /** The recipes that were run, by their names. */
  readonly run = new Set<string>();
  readonly #programs: Program[] = [];
  #gateway!: Program;

  private constructor(
    readonly folder: string,
    private readonly port: number,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async open(env: Record<string, string>): Promise<Stage> {
    if (!existsSync(MAIN)) throw new Error('there is no build: run these tests by npm test, which makes one');
    const stage = new Stage(await mkdtemp(join(tmpdir(), 'recipes-')), await freePort());
    await stage.#start(env);
    return stage;
  }

  async #start(more: Record<string, string>): Promise<void> {
    const env = {
      PATH: process.env.PATH ?? '',
      PORT: String(this.port),
      API_KEY: KEY,
      DATABASE_URL: `sqlite:${this.folder}/gateway.db`,
      EVENTS_ALLOW_PRIVATE_TARGETS: 'true',
      FIGURE_MAX_AGE_SECONDS: '0',
      PERMISSION_MAX_AGE_SECONDS: '0',
      LOG_LEVEL: 'error',
      D360_TIMEOUT_MS: '60000',
      SIMULATOR_HISTORY: 'none',
      ...more,
    };
    this.#gateway = new Program('the gateway', spawn(process.execPath, [MAIN], { cwd: this.folder, env }));
    await this.#gateway.says(/API key|SIMULATOR/);
    await until('the gateway to know its number', async () => (await this.get('/api/calling/calls')).data);
  }

  async close(): Promise<void> {
    for (const program of this.#programs) await program.stop();
    await this.#gateway.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Runs a recipe with a key that may do no more than its page says. */
  async recipe(name: string, { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {}): Promise<Program> {
    const scopes = scopesOf(name);
    const key = scopes.length ? (await this.post('/api/keys', { name, scopes })).key : '';
    const file = join(RECIPES, `${name}.mjs`);
    const surroundings = { PATH: process.env.PATH ?? '', GATEWAY_URL: this.url, GATEWAY_API_KEY: key, ...env };
    const program = new Program(name, spawn(process.execPath, [file, ...args], { cwd: this.folder, env: surroundings }));
    this.run.add(name);
    this.#programs.push(program);
    return program;
  }

  /** A new person who has just written, so that the gateway may ask them. They act at once and never hang up. */
  async person(number: string, script: object = {}): Promise<string> {
    const quick = { permission_after_seconds: 0, call_after_seconds: 1, hang_up_after_seconds: null, ...script };
    await this.simulator('POST', '/users', { wa_id: number, name: `Person ${number.slice(-2)}`, script: quick });
    await this.simulator('POST', `/users/${number}/message`, {});
    await until('the message to arrive', async () => (await this.get(`/api/calling/preflight?to=${number}`)).user.name);
    return number;
  }

  /** The latest call with that person. */
  async callWith(number: string): Promise<Body> {
    return (await this.get(`/api/calling/calls?user=${number}&limit=1`)).data[0];
  }

  get(path: string): Promise<Body> {
    return this.#ask('GET', path);
  }

  post(path: string, body: unknown): Promise<Body> {
    return this.#ask('POST', path, body);
  }

  simulator(method: string, path: string, body?: unknown): Promise<Body> {
    return this.#ask(method, `/simulator/api${path}`, body);
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Body> {
    const headers = { authorization: `Bearer ${KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(this.url + path, init).catch((cause) => {
      throw new Error(`${method} ${path} failed; the gateway ${this.#gateway.end ?? 'still runs'}, and said: ${this.#gateway.said}`, {
        cause,
      });
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}

/** What the page of a recipe says that its key must be allowed to do. */
export function scopesOf(name: string): string[] {
  const [, line = ''] = /^Scopes of the key: (.*)$/m.exec(readFileSync(join(RECIPES, `${name}.md`), 'utf8')) ?? [];
  return [...line.matchAll(/`([a-z]+:[a-z]+)`/g)].map(([, scope = '']) => scope);
}
