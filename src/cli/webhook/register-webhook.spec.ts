import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '#cli/terminal/exit.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { registerWebhookCommand } from './register-webhook.command.js';

const TOKEN = 'a-token-of-the-owner-0123';
const FORMER = { url: 'https://crm.example.com/in?token=s3cret', headers: { 'X-Crm': 'former-s3cret' } };

describe('npm run register-webhook', () => {
  let folder: string;
  let dialog360: Server;
  let registered: object;
  let env: Record<string, string>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gateway-'));
    registered = FORMER;
    dialog360 = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const known = request.headers['d360-api-key'] === 'the-number-key' && request.url === '/v1/configs/webhook';
      if (known && request.method === 'POST') registered = JSON.parse(body);
      response
        .writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
        .end(JSON.stringify(known ? registered : { error: 'no' }));
    });
    await new Promise<void>((resolve) => dialog360.listen(0, '127.0.0.1', resolve));
    env = {
      D360_API_KEY: 'the-number-key',
      D360_BASE_URL: `http://127.0.0.1:${(dialog360.address() as AddressInfo).port}`,
      D360_WEBHOOK_TOKEN: TOKEN,
      PUBLIC_URL: 'https://gateway.example.com',
      DATABASE_URL: `sqlite:${join(folder, 'gateway.db')}`,
    };
  });
  afterEach(async () => {
    dialog360.close();
    await rm(folder, { recursive: true });
  });

  const ours = { url: 'https://gateway.example.com/api/webhooks/360dialog', headers: { Authorization: `Bearer ${TOKEN}` } };
  const type = async (...args: string[]) => {
    const terminal = new FakeTerminal(env);
    return { end: await terminal.type(registerWebhookCommand, ...args), terminal };
  };

  it('shows what it would replace, without a secret, and changes nothing unasked', async () => {
    const { end, terminal } = await type();
    expect(end).toBe(EXIT.refused);
    expect(terminal.out).toContain('https://crm.example.com/in?token=[redacted]');
    expect(terminal.out).not.toContain('s3cret');
    expect(terminal.err).toContain('--yes');
    expect(registered).toEqual(FORMER);
  });

  it('registers, keeps the former registration for its owner only, and offers to forward to it', async () => {
    const { end, terminal } = await type('--yes');
    expect(end).toBe(EXIT.ok);
    expect(registered).toEqual(ours);
    expect(terminal.out).toContain('WEBHOOK_FORWARD_URL=https://crm.example.com/in?token=[redacted]');
    expect(terminal.out).toContain('WEBHOOK_FORWARD_HEADERS={"X-Crm":"[redacted]"}');
    expect(terminal.out).not.toContain('s3cret');
    expect(terminal.out).toContain(join(folder, 'former-webhook.json'));
    const file = join(folder, 'former-webhook.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(FORMER);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('prints secrets of the former registration only when it is asked to, in JSON, too', async () => {
    const { terminal } = await type('--yes', '--json');
    expect(terminal.out).not.toContain('s3cret');
    await type('--undo', '--yes');
    const open = await type('--yes', '--show-secrets');
    expect(open.terminal.out).toContain(`WEBHOOK_FORWARD_URL=${FORMER.url}`);
    expect(open.terminal.out).toContain('WEBHOOK_FORWARD_HEADERS={"X-Crm":"former-s3cret"}');
  });

  it('forgets nothing when it is run again, also with a new token', async () => {
    await type('--yes');
    const again = await type('--yes', '--json');
    expect(again.terminal.document()).toMatchObject({ registered: true, changed: false });
    env.D360_WEBHOOK_TOKEN = 'another-token-of-the-owner';
    expect((await type('--yes', '--json')).terminal.document()).toMatchObject({ changed: true, forward: null });
    await type('--undo', '--yes');
    expect(registered).toEqual(FORMER);
  });

  it('restores what was registered before, once', async () => {
    await type('--yes');
    expect((await type('--undo', '--yes')).end).toBe(EXIT.ok);
    expect(registered).toEqual(FORMER);
    expect(existsSync(join(folder, 'former-webhook.json'))).toBe(false);
    expect((await type('--undo', '--yes')).end).toBe(EXIT.refused);
  });

  it('says what is wrong: no token, a refused key, no answer', async () => {
    delete env.D360_WEBHOOK_TOKEN;
    expect((await type('--yes')).end).toBe(EXIT.usage);
    env.D360_WEBHOOK_TOKEN = TOKEN;
    env.D360_API_KEY = 'another-number-key';
    expect((await type('--yes')).end).toBe(EXIT.refused);
    env.D360_BASE_URL = 'http://127.0.0.1:1';
    expect((await type('--yes')).end).toBe(EXIT.unreachable);
  });
});
