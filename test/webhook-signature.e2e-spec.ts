import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { diagnoseCommand } from '#cli/diagnosis/diagnose.command.js';
import type { DiagnosisReport } from '#cli/diagnosis/finding.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { World } from './world.js';

const TOKEN = 'world-webhook-token-0123456789';
const SECRET = 'signing-secret-0123456789';
const HOOK = '/api/webhooks/360dialog';
const BODY = '{"object":"page", "text":"\\u00e9 \\/ "}';

const sign = (body: string | Uint8Array, secret = SECRET): string => createHmac('sha256', secret).update(body).digest('hex');

describe.each(engines)('the signature of deliveries, on %s,', (engine) => {
  let world: World;
  afterEach(() => world.close());

  const open = async (env: Record<string, string> = {}) => {
    world = await World.open({ engine, env });
  };
  const withSecret = (mode?: string) => open({ D360_WEBHOOK_SIGNING_SECRET: SECRET, ...(mode ? { D360_WEBHOOK_SIGNATURE: mode } : {}) });

  const deliver = async (signature: string | null, body: string | Uint8Array = BODY, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${world.url}${HOOK}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        ...(signature === null ? {} : { 'x-360dialog-signature': signature }),
        ...headers,
      },
      body: body as BodyInit,
    });
    const text = await answer.text();
    return { status: answer.status, code: text.startsWith('{') ? JSON.parse(text).code : null };
  };
  const kept = async () => (await world.app.get(Store).read.selectFrom('deliveries').select('id').execute()).length;
  const shown = async () => (await world.get('/api/calling/status')).body.webhook.signature;
  const diagnosed = async (): Promise<DiagnosisReport> => {
    const terminal = new FakeTerminal({ GATEWAY_URL: world.url, API_KEY: World.KEY });
    terminal.clock = world.clock;
    await terminal.type(diagnoseCommand, '--json');
    return terminal.document<DiagnosisReport>();
  };
  const finding = async () => (await diagnosed()).findings.find(({ name }) => name === 'webhook_signature');

  it('is asked for with a secret, and proven over the bytes as they came', async () => {
    await withSecret();
    const upper = sign(BODY).toUpperCase();
    for (const right of [sign(BODY), `sha256=${sign(BODY)}`, upper, ` ${sign(BODY)} `])
      expect([right, (await deliver(right)).status]).toEqual([right, 200]);
    expect(await kept()).toBe(4);
    expect(await shown()).toMatchObject({ mode: 'require', unsigned: 0, invalid: 0, last_signed_at: expect.stringMatching(/Z$/) });
    expect(await finding()).toMatchObject({ verdict: 'pass' });
  });

  it.each([
    ['none', null, 'webhook_signature_missing'],
    ['an empty one', '', 'webhook_signature_missing'],
    ['one of another secret', sign(BODY, 'another-secret-0123456789'), 'webhook_signature_invalid'],
    ['one of another body', sign('{}'), 'webhook_signature_invalid'],
    ['one of the body written anew', sign(JSON.stringify(JSON.parse(BODY))), 'webhook_signature_invalid'],
    ['a short one', sign(BODY).slice(0, 63), 'webhook_signature_invalid'],
    ['words', 'nonsense', 'webhook_signature_invalid'],
    ['another prefix', `sha1=${sign(BODY)}`, 'webhook_signature_invalid'],
  ])('with %s is refused, and nothing is kept', async (_, signature, code) => {
    await withSecret();
    expect(await deliver(signature)).toEqual({ status: 401, code });
    expect(await kept()).toBe(0);
    expect(await shown()).toMatchObject(code === 'webhook_signature_missing' ? { unsigned: 1, invalid: 0 } : { unsigned: 0, invalid: 1 });
    expect((await world.get('/metrics')).body).toContain(`wac_webhook_received_total{result="${code.slice('webhook_'.length)}"} 1`);
    expect(await finding()).toMatchObject({ verdict: 'fail', code, remedy: expect.stringMatching(/D360_WEBHOOK_SIGNATURE/) });
  });

  it('never stands for the registered token', async () => {
    await withSecret();
    expect(await deliver(sign(BODY), BODY, { authorization: 'Bearer wrong-token-0123456789' })).toEqual({
      status: 401,
      code: 'webhook_unauthorized',
    });
  });

  it('of a compressed body may be over the bytes sent or over their content', async () => {
    await withSecret();
    const body = gzipSync(BODY);
    for (const signature of [sign(body), sign(BODY)])
      expect((await deliver(signature, body, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect((await deliver(sign('x'), body, { 'content-encoding': 'gzip' })).code).toBe('webhook_signature_invalid');
  });

  it('is only counted while it is observed', async () => {
    await withSecret('observe');
    for (const signature of [null, 'nonsense', sign(BODY)]) expect((await deliver(signature)).status).toBe(200);
    expect(await kept()).toBe(3);
    expect(await shown()).toMatchObject({ mode: 'observe', unsigned: 1, invalid: 1, last_signed_at: expect.any(String) });
    const { body } = await world.get('/metrics');
    expect(body).toContain('wac_webhook_signature_total{result="missing"} 1');
    expect(body).toContain('wac_webhook_signature_total{result="invalid"} 1');
    expect(body).toContain('wac_webhook_signature_total{result="valid"} 1');
    expect(await finding()).toMatchObject({ verdict: 'warning', remedy: expect.stringMatching(/observe/) });
  });

  it('is noticed without a secret, too', async () => {
    await open();
    expect(await shown()).toMatchObject({ mode: 'off', header_seen: null, last_signed_at: null, unsigned: 0, invalid: 0 });
    await deliver(null);
    expect(await shown()).toMatchObject({ mode: 'off', header_seen: false, unsigned: 1 });
    await deliver('anything');
    expect(await shown()).toMatchObject({ mode: 'off', header_seen: true, invalid: 0 });
    expect(await finding()).toMatchObject({ verdict: 'warning', remedy: expect.stringMatching(/D360_WEBHOOK_SIGNING_SECRET/) });
  });

  it('is written by the simulator where it has the secret', async () => {
    await withSecret();
    world.simulator.delivery.signingSecret = SECRET;
    await world.greet();
    expect(await kept()).toBeGreaterThan(0);
    expect(await shown()).toMatchObject({ unsigned: 0, invalid: 0 });
  });
});
