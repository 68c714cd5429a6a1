import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { diagnoseCommand } from '#cli/diagnosis/diagnose.command.js';
import { keysCommand } from '#cli/keys/keys.command.js';
import { reportCommand } from '#cli/report/report.command.js';
import { BesideGateway } from '#cli/terminal/beside-gateway.fixture.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { testCallCommand } from '#cli/walk/test-call.command.js';
import type { SimulatedLine } from '#simulator/line.js';
import { numbersCommand } from './numbers.command.js';

const FIRST = '300000000000001';

describe('npm run numbers', () => {
  let beside: BesideGateway;
  let b: SimulatedLine;
  const id = () => b.identity.phoneNumberId;
  beforeEach(async () => {
    beside = await BesideGateway.open({ SECRETS_KEY: randomBytes(32).toString('base64') });
    b = beside.world.simulator.addNumber({ name: 'Sales' });
  });
  afterEach(() => beside.close());

  const type = async (args: string[], { stdin = '', env = {} }: { stdin?: string; env?: Record<string, string> } = {}) => {
    const terminal = beside.terminal(env);
    terminal.stdin = stdin;
    return { exit: await terminal.type(numbersCommand, ...args), terminal };
  };
  const add = (...more: string[]) => type(['add', '--name', 'Sales', ...more], { stdin: `${b.apiKey}\n` });

  it('adds the number of a key from stdin, shows its webhook once, and lists it', async () => {
    const { exit, terminal } = await add();
    expect(exit).toBe(0);
    expect(terminal.out).toContain(`Number ${id()} (+${b.identity.displayPhoneNumber}) was added.`);
    expect(terminal.out).toMatch(/Authorization: Bearer \S{43}/);
    expect(terminal.out + terminal.err).not.toContain(b.apiKey);
    const listed = await type(['list']);
    expect(listed.exit).toBe(0);
    expect(listed.terminal.out).toMatch(new RegExp(`^${FIRST} .*active \\(environment\\)`, 'm'));
    expect(listed.terminal.out).toMatch(new RegExp(`^${id()} .*Sales  active`, 'm'));
    expect(listed.terminal.out).not.toMatch(/Bearer/);
    const json = await type(['list', '--json']);
    expect(json.terminal.document<{ phone_number_id: string }[]>().map((one) => one.phone_number_id)).toEqual([FIRST, id()]);
  });

  it('takes the key from the environment, never from the arguments', async () => {
    const refused = await type(['add', b.apiKey]);
    expect(refused.exit).toBe(64);
    expect(refused.terminal.out + refused.terminal.err).not.toContain(b.apiKey);
    expect((await type(['add'])).exit).toBe(64);
    expect((await type(['add'], { env: { NUMBER_API_KEY: b.apiKey } })).exit).toBe(0);
    const again = await type(['add', '--json'], { env: { NUMBER_API_KEY: b.apiKey } });
    expect([again.exit, again.terminal.document()]).toMatchObject([1, { code: 'number_exists' }]);
  });

  it('pauses, resumes, gives a new key and removes', async () => {
    await add();
    const stateOf = async () => (await beside.world.get(`/api/numbers/${id()}`)).body.state;
    expect((await type(['pause', id()])).exit).toBe(0);
    expect(await stateOf()).toBe('paused');
    expect((await type(['resume', id()])).exit).toBe(0);
    expect(await stateOf()).toBe('active');
    expect((await type(['new-key', id()], { stdin: 'not-a-key-of-it' })).exit).toBe(1);
    expect((await type(['new-key', id()], { stdin: b.renewKey() })).exit).toBe(0);
    const asked = await type(['remove', id()]);
    expect([asked.exit, await stateOf()]).toEqual([1, 'active']);
    expect(asked.terminal.err).toContain('--yes');
    expect((await type(['remove', id(), '--yes'])).exit).toBe(0);
    expect([undefined, 'removing']).toContain(await stateOf());
  });

  it('registers the webhook, and renews its token', async () => {
    await add();
    b.registerWebhook('https://chat.example.com/in');
    const occupied = await type(['webhook', id()]);
    expect(occupied.terminal.out).toContain('webhook_occupied');
    const dry = await type(['webhook', id(), '--dry-run']);
    expect([dry.exit, b.delivery.target?.url]).toEqual([0, 'https://chat.example.com/in']);
    expect(dry.terminal.out).toContain('--replaces https://chat.example.com/in');
    const rotated = await type(['rotate-token', id()]);
    expect([rotated.exit, rotated.terminal.out]).toEqual([0, expect.stringMatching(/Authorization: Bearer \S{43}/)]);
  });

  it('refuses what is no verb or no id, before asking', async () => {
    for (const args of [
      ['sing'],
      ['pause'],
      ['pause', 'x'],
      ['pause', FIRST, FIRST],
      ['adopt'],
      ['list', FIRST],
      ['add', '--webhook', 'maybe'],
    ])
      expect([args, (await type(args)).exit]).toEqual([args, 64]);
    expect((await type(['pause', '--number', FIRST])).exit).toBe(64);
    expect(await new FakeTerminal({ GATEWAY_URL: 'http://127.0.0.1:9', GATEWAY_API_KEY: 'k' }).type(numbersCommand, 'list')).toBe(69);
  });

  it('says it in Spanish, too', async () => {
    await add();
    const { terminal } = await type(['list', '--lang', 'es']);
    expect(terminal.out).toContain('última entrega');
    expect(terminal.out).toContain('entorno');
  });

  it('lets other commands name the number', async () => {
    await add();
    const run = async (command: Parameters<FakeTerminal['type']>[0], ...args: string[]) => {
      const terminal = beside.terminal();
      return { exit: await terminal.type(command, ...args), out: terminal.out, err: terminal.err };
    };
    for (const [command, ...args] of [
      [diagnoseCommand] as const,
      [testCallCommand, '--to', '5215512340008', '--dry-run'] as const,
      [reportCommand, '--latest'] as const,
    ]) {
      const { exit, err } = await run(command, ...args);
      expect([exit, err]).toEqual([64, expect.stringContaining('--number')]);
    }
    b.permissionSimulation.setSilently(b.context.users.find('hugo') ?? never(), 'permanent');
    const dry = await run(testCallCommand, '--to', '5215512340008', '--dry-run', '--number', id());
    expect(dry.exit).toBe(0);
    const called = await run(testCallCommand, '--to', '5215512340008', '--number', id(), '--wait', '5', '--json');
    expect(called.exit).not.toBe(64);
    expect(b.context.calls.all()).toHaveLength(1);
    expect(beside.world.simulator.context.calls.all()).toHaveLength(0);
    const diagnosed = await run(diagnoseCommand, '--number', id(), '--json');
    expect([0, 1, 2]).toContain(diagnosed.exit);
    expect((await run(diagnoseCommand, '--number', 'Sales')).exit).toBe(64);
    expect((await run(diagnoseCommand, '--number', id(), '--alone')).exit).toBe(64);
  });

  it('makes keys for numbers', async () => {
    await add();
    const create = async (...args: string[]) => {
      const terminal = beside.terminal();
      const exit = await terminal.type(keysCommand, 'create', '--name', 'k', '--scopes', 'calls:read', '--json', ...args);
      return { exit, body: terminal.out === '' ? {} : terminal.document<{ numbers?: unknown }>() };
    };
    expect((await create()).exit).toBe(1);
    expect(await create('--number', `${FIRST},${id()}`)).toMatchObject({ exit: 0, body: { numbers: [FIRST, id()] } });
    expect(await create('--all-numbers')).toMatchObject({ exit: 0, body: { numbers: null } });
    expect((await create('--all-numbers', '--number', FIRST)).exit).toBe(64);
    await create('--number', FIRST);
    const listed = beside.terminal();
    await listed.type(keysCommand, 'list', '--number', id());
    expect(listed.out).toContain(`(${FIRST} ${id()})`);
    expect(listed.out).not.toContain(`(${FIRST})`);
  });
});

describe('npm run numbers -- adopt', () => {
  const asked: { method: string; url: string; body: string }[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    asked.push({ method: String(request.method), url: String(request.url), body });
    const isList = request.method === 'GET';
    const channel = { id: 'ch1', phone_number_id: null, display_phone_number: '5215500000009', name: 'Client', status: 'running' };
    const number = {
      phone_number_id: '300000000000009',
      display_phone_number: '5215500000009',
      webhook: { register: null, matches: true },
    };
    const answer = isList ? { data: [channel], next_cursor: null } : { ...number, pinned: ['key_1'] };
    response.writeHead(isList ? 200 : 201, { 'content-type': 'application/json', 'x-gateway-mode': 'live' }).end(JSON.stringify(answer));
  });
  beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)));
  afterAll(() => new Promise<void>((done) => server.close(() => done())));
  beforeEach(() => {
    asked.length = 0;
  });

  const type = async (...args: string[]) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const terminal = new FakeTerminal({ GATEWAY_URL: url, GATEWAY_API_KEY: 'key' });
    return { exit: await terminal.type(numbersCommand, ...args), terminal };
  };

  it('revokes keys only when that is said', async () => {
    const { exit, terminal } = await type('adopt', 'ch/1');
    expect([exit, asked]).toEqual([1, []]);
    expect(terminal.err).toContain('--revoke-existing-keys');
    const adopted = await type('adopt', 'ch/1', '--revoke-existing-keys', '--webhook', 'register');
    expect(adopted.exit).toBe(0);
    expect(asked).toMatchObject([{ method: 'POST', url: '/api/partner/channels/ch%2F1/adopt' }]);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ revoke_existing_keys: true, webhook: 'register' });
    expect(adopted.terminal.out).toContain('keep it: key_1');
  });

  it('lists the channels with what the gateway has of them', async () => {
    const { exit, terminal } = await type('channels');
    expect([exit, terminal.out]).toEqual([0, 'ch1  5215500000009  Client  running  (not here)\n']);
  });
});

const never = (): never => {
  throw new Error('no such user');
};
