import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Page } from './browser.js';
import { MailServer, Receiver } from './others.js';
import { type Body, freePort, RECIPES, Stage, scopesOf, until } from './stage.js';

const NAMES = readdirSync(RECIPES)
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -4));
const offer = JSON.parse(readFileSync(join(RECIPES, '../examples/offer.json'), 'utf8'));

jest.setTimeout(600_000);

let stage: Stage;
let phonePort: number;
beforeAll(async () => {
  phonePort = await freePort();
  stage = await Stage.open({ CORS_ORIGINS: `http://127.0.0.1:${phonePort}` });
}, 600_000);
afterAll(() => stage?.close());

/** The two seconds of a bot's message were over before the line was up. */
class NotHeard extends Error {}

/**
 * Calls until a line is up in time. node-datachannel fails to set up a connection now and then, and says so, or needs longer
 * than the message lasts, both the more often the busier the machine.
 */
async function onceTheLineIsUp(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 5 || !(error instanceof NotHeard || String(error).includes('libdatachannel'))) throw error;
    }
  }
}

/** A recipe that listens on a port of its own. */
async function serve(name: string, env: Record<string, string> = {}) {
  const port = await freePort();
  const program = await stage.recipe(name, { env: { PORT: String(port), ...env } });
  await program.says(/Ready/);
  return { program, url: `http://127.0.0.1:${port}/` };
}

const reaches = (number: string, state: string): Promise<Body> =>
  until(`the call with ${number} to be ${state}`, async () => {
    const call = await stage.callWith(number);
    return call?.state === state ? call : null;
  });

/** What came of the message at the phone of this call, whose media are counted until it is over, and still known then. */
const heardIn = async ({ call_id }: Body): Promise<Body> => {
  const path = `/calls/${encodeURIComponent(call_id)}/media`;
  const heard = await until('the message to be heard, or the call to be over', async () => {
    const { calls } = await stage.simulator('GET', '/calls');
    const { state } = calls.find((call: Body) => call.call_id === call_id);
    const media = await stage.simulator('GET', path);
    // Silence has 3 bytes a packet.
    if (media.packets_received > 5 && media.bytes_received > 16 * media.packets_received) return media;
    return state === 'ended' ? 'over' : null;
  });
  if (heard === 'over') throw new NotHeard(call_id);
  return heard;
};

/** Events of these types posted to a consumer, and the secret they are signed with. */
const subscribe = async (port: number, types: string[]): Promise<string> =>
  (await stage.post('/api/subscriptions', { url: `http://127.0.0.1:${port}/`, types, scopes: ['calls:read'] })).secret;

describe('click-to-call', () => {
  const press = (url: string, form: Record<string, string>, origin = new URL(url).origin) =>
    fetch(url, { method: 'POST', headers: { origin }, body: new URLSearchParams(form), redirect: 'manual' });

  it('lands on the softphone with the call open, which is then answered; a second click is the same call', async () => {
    const to = await stage.person('5215500000101');
    const { url } = await serve('click-to-call');
    const form = { to: '+52 1 55 0000 0101', reference: 'deal-42', click: 'a' };
    const answer = await press(url, form);
    const softphone = answer.headers.get('location') ?? '';
    expect([answer.status, softphone]).toEqual([303, expect.stringContaining('/console#/calls/call_')]);
    expect((await fetch(softphone)).headers.get('content-type')).toMatch(/html/);
    expect((await press(url, form)).headers.get('location')).toBe(softphone);
    expect((await press(url, { to, click: 'b' })).headers.get('location')).toBe(softphone);
    const { id } = await reaches(to, 'ready');
    expect(softphone).toContain(id);
    await stage.post('/api/calling/connect', { id, session: offer });
    expect(await reaches(to, 'in_progress')).toMatchObject({ reference: 'deal-42' });
    await stage.post('/api/calling/terminate', { id });
  });

  it('says to an agent why not, and refuses what other pages send', async () => {
    const { url } = await serve('click-to-call', { GATEWAY_LANGUAGE: 'es' });
    const refused = await press(url, { to: '12' });
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringMatching(/\(invalid_request\)\nWhat to do: /)]);
    expect((await press(url, { to: '5215500000102' }, 'https://evil.example')).status).toBe(403);
    expect(await stage.callWith('5215500000102')).toBeUndefined();
  });
});

it('web-phone: its page gets a token, calls across origins, and is answered', async () => {
  const to = await stage.person('5215500000201');
  const program = await stage.recipe('web-phone', { env: { PORT: String(phonePort) } });
  await program.says(/Ready/);
  const origin = `http://127.0.0.1:${phonePort}`;
  expect(await (await fetch(origin)).text()).toContain('src="/web-phone.page.js"');
  expect((await fetch(`${origin}/token`, { method: 'POST' })).status).toBe(403);
  const page = new Page(origin);
  page.call(to);
  await until(`the page to talk, it said: ${page.said}`, () => page.said === 'in_progress');
  expect(page.peers).toEqual([{ remote: { type: 'answer', sdp: expect.stringContaining('a=setup:active') }, closed: false }]);
  page.hangUp();
  await until('the page to hang up', () => page.said === 'ended: answered' && page.peers[0]?.closed);
});

it('voice-bot-inbound: takes a call, is heard, and keeps what it heard', async () => {
  const program = await stage.recipe('voice-bot-inbound', { env: { LISTEN_SECONDS: '1', RECORDINGS: stage.folder } });
  await program.says(/Listening/);
  await onceTheLineIsUp(async () => {
    program.said = '';
    const { call } = await stage.simulator('POST', '/users/fede/call', {});
    await program.says(/: answered/);
    expect(await heardIn(call)).toMatchObject({ peer: 'headless' });
    await program.says(/: answered[\s\S]*: over, \d+ frames heard/);
    const { id, outcome } = await until('the end', async () => {
      const { data } = await stage.get('/api/calling/calls?direction=inbound&limit=1');
      return data[0].state === 'ended' && data[0];
    });
    expect(outcome).toBe('answered');
    const file = await readFile(join(stage.folder, `${id}.ogg`));
    expect([file.subarray(0, 4).toString(), file.length > 1_000]).toEqual(['OggS', true]);
  });
  await program.stop();
});

describe('voice-bot-outbound', () => {
  it('asks, dials, is heard when the person answers, and hangs up', async () => {
    const to = await stage.person('5215500000301');
    await onceTheLineIsUp(async () => {
      const program = await stage.recipe('voice-bot-outbound', { args: [to] });
      await program.says(/in_progress/);
      const call = await stage.callWith(to);
      await heardIn(call);
      expect(await program.ended()).toBe(0);
      expect(await stage.callWith(to)).toMatchObject({ id: call.id, state: 'ended', outcome: 'answered' });
    });
  });

  it('says why it may not call, what to do and when', async () => {
    const program = await stage.recipe('voice-bot-outbound', { args: ['5215512340007'] });
    expect(await program.ended()).toBe(1);
    expect(program.said).toMatch(/\(window_closed\)\nWhat to do: /);
  });
});

it('missed-call-callback: asks whoever was missed, and the call back is answered', async () => {
  const to = await stage.person('5215500000401', { give_up_after_seconds: 1 });
  const program = await stage.recipe('missed-call-callback');
  await program.says(/Listening/);
  await stage.simulator('POST', `/users/${to}/call`, {});
  await program.says(/Call back now, until .*: http:\S+#\/calls\/call_/);
  const call = await stage.callWith(to);
  expect(call).toMatchObject({ direction: 'outbound', reference: expect.stringMatching(/^callback:call_/) });
  await stage.post('/api/calling/connect', { id: call.id, session: offer });
  await reaches(to, 'in_progress');
  await stage.post('/api/calling/terminate', { id: call.id });
  await program.says(/ended: answered/);
  await program.stop();
});

it('missed-call-callback: calls nobody back whose call is long ago', async () => {
  const dialled = async () => (await stage.get('/api/calling/calls?direction=outbound&limit=200')).data.filter(ofRecipe).length;
  const ofRecipe = ({ reference }: Body) => reference?.startsWith('callback:');
  const before = await dialled();
  const program = await stage.recipe('missed-call-callback');
  await program.says(/Listening/);
  await stage.simulator('PUT', '/history', { history: 'stalled' });
  await stage.simulator('POST', '/traffic', { days: 5 });
  await program.says(/was missed at \S+: too long ago to call back/);
  expect(program.said).not.toContain('Call back now');
  expect(await dialled()).toBe(before);
  await stage.simulator('PUT', '/history', { history: 'growing' });
  await program.stop();
});

describe('onboard-client', () => {
  it('lists the channels of the partner, with those that are ours', async () => {
    const program = await stage.recipe('onboard-client');
    expect(await program.ended()).toBe(0);
    expect(program.said).toMatch(/^channel-simulator\t\d+\t.*\tours, active$/m);
    expect(program.said).toMatch(/As of \d{4}-/);
  });

  it('adopts one whose keys may be revoked, and says what keeps it from calling', async () => {
    // Of its own: from the second number on the other recipes would have to name theirs.
    const agency = await Stage.open({ SECRETS_KEY: Buffer.alloc(32, 5).toString('base64') });
    try {
      await agency.simulator('POST', '/numbers', { name: 'Client' });
      const listed = await agency.recipe('onboard-client');
      await listed.ended();
      const [channel = ''] = listed.said.match(/^\S+(?=\t.*\tfree$)/m) ?? [];
      const refused = await agency.recipe('onboard-client', { args: [channel] });
      expect([await refused.ended(), refused.said]).toEqual([1, expect.stringContaining('would_revoke_keys')]);
      const adopted = await agency.recipe('onboard-client', { args: [channel, '--revoke-keys'] });
      expect([await adopted.ended(), adopted.said]).toEqual([0, expect.stringMatching(/^Adopted: 300000000000002 /)]);
      expect(adopted.said).toContain('webhook registered');
    } finally {
      await agency.close();
    }
  });
});

it('campaign: one line for each person, with what to do and when, and asks only when told to', async () => {
  const [free, silent] = [await stage.person('5215500000501'), '5215512340010'];
  const list = join(stage.folder, 'people.txt');
  await writeFile(list, `${free}\n+${silent}\n\n12\n${free}\n`);
  const rows = async (...args: string[]) => {
    const program = await stage.recipe('campaign', { args: [list, ...args] });
    expect(await program.ended()).toBe(0);
    return program.said
      .trim()
      .split('\n')
      .map((line) => line.split(',').slice(0, 3));
  };
  const header = ['to', 'next_step', 'code'];
  expect(await rows()).toEqual([
    header,
    [free, 'ask', 'permission_required'],
    [`+${silent}`, 'dial', ''],
    ['12', 'refused', 'invalid_request'],
  ]);
  expect((await stage.get(`/api/calling/permissions/${free}`)).status).toBe('no_permission');
  expect((await rows('--ask'))[1]).toEqual([free, 'asked', 'sent']);
  await until('the permission', async () => (await stage.get(`/api/calling/permissions/${free}`)).status === 'temporary');
});

describe('what went wrong', () => {
  let failed: Body;
  let chat: Receiver;
  let chatPort: number;
  beforeAll(async () => {
    chat = await Receiver.open();
    chatPort = await freePort();
    const WEBHOOK_SECRET = await subscribe(chatPort, ['call.ended', 'compliance.eligibility_changed']);
    const env = { PORT: String(chatPort), WEBHOOK_SECRET, CHAT_WEBHOOK_URL: chat.url };
    await (await stage.recipe('alerts-to-chat', { env })).says(/Ready/);
    // Luis: the media never arrives.
    const { id } = await stage.post('/api/calling/make-call', { to: '5215512340012', session: offer });
    failed = await reaches('5215512340012', 'ended');
    expect(failed).toMatchObject({ id, outcome: 'failed' });
  });
  afterAll(() => chat?.close());
  const messages = () => chat.posts.map(({ body }) => JSON.parse(body.toString()).text);

  it('alerts-to-chat: the room is notified, again when it did not take the message, and no other sender can post to it', async () => {
    await until('the message', () => messages().some((text) => text.startsWith('A call failed: ')));
    chat.failures = 1;
    await stage.post('/api/compliance/check', {}).catch(() => null);
    await stage.simulator('PATCH', '/number', { calling: { status: 'DISABLED' } });
    await polled();
    await until('the message', () => messages().filter((text) => /outbound calls are blocked/.test(text)).length === 2);
    expect(messages().join()).not.toMatch(/\d{7}/);
    const forged = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1_000)), 'webhook-signature': 'v1,AAAA' };
    expect((await fetch(`http://127.0.0.1:${chatPort}/`, { method: 'POST', headers: forged, body: '{}' })).status).toBe(401);
  });

  it('status-page: says what anybody may know, as it changes', async () => {
    const { url } = await serve('status-page', { CACHE_SECONDS: '0' });
    const page = async () => (await fetch(url)).text();
    expect(await page()).toMatch(/We call customers<td>✗ not available/);
    await stage.simulator('PATCH', '/number', { calling: { status: 'ENABLED' } });
    await until('the page to change', async () => /We call customers<td>(✓|\?)/.test(await page()));
    expect((await page()).replace(/\d{4}-\d\d-\d\dT[^<]*/g, '')).not.toMatch(/\d{7}/);
  });

  it('support-ticket: the help desk gets cause, remedy and bundle, without number and SDP', async () => {
    const desk = await Receiver.open();
    const program = await stage.recipe('support-ticket', { args: [failed.id, 'No sound'], env: { TICKET_URL: desk.url } });
    expect([await program.ended(), program.said]).toEqual([0, expect.stringContaining('/tickets/1')]);
    const [{ headers, body } = { headers: {}, body: Buffer.from('') }] = desk.posts;
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': String(headers['content-type']) } }).formData();
    expect(form.get('subject')).toBe(`WhatsApp call ${failed.id}: failed (138021)`);
    expect(form.get('description')).toMatch(/^No sound\r\nCall: call_\w+, at Meta wacid\..*\r\nCause: .+\r\nWhat to do: .+/);
    const bundle = await (form.get('attachment') as File).text();
    expect(JSON.parse(bundle)).toMatchObject({ redacted: true, call: { id: failed.id } });
    expect(bundle).not.toMatch(/5215512340012|a=fingerprint/);
    desk.close();
  });

  it('support-ticket: an id that does not exist is explained in words', async () => {
    const program = await stage.recipe('support-ticket', { args: ['call_none'], env: { TICKET_URL: 'http://127.0.0.1:9/' } });
    expect(await program.ended()).toBe(1);
    expect(program.said).toMatch(/\(call_not_found\)\nWhat to do: /);
  });
});

it('serverless-webhook: takes what is signed, and nothing else', async () => {
  const port = await freePort();
  const WEBHOOK_SECRET = await subscribe(port, ['call.ended']);
  const program = await stage.recipe('serverless-webhook', { env: { PORT: String(port), WEBHOOK_SECRET } });
  await program.says(/Ready/);
  const to = await stage.person('5215500000601', { on_call: 'reject' });
  await stage.simulator('POST', `/users/${to}/grant`, { kind: 'permanent', silent: true });
  await stage.post('/api/calling/make-call', { to, session: offer, reference: 'order-7' });
  await program.says(/"outcome":"rejected".*"reference":"order-7"/);
  const post = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: '{"type":"call.ended"}' });
  expect([(await post({})).status, (await fetch(`http://127.0.0.1:${port}/`)).status]).toEqual([401, 405]);
});

it('bi-export: writes the calls of a day as a file', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const program = await stage.recipe('bi-export', { args: [today], env: { EXPORTS: stage.folder } });
  expect(await program.ended()).toBe(0);
  const [header = '', ...lines] = (await readFile(join(stage.folder, `calls-${today}.csv`), 'utf8')).trim().split('\r\n');
  expect(header).toMatch(/^id,call_id,direction,state,outcome,/);
  expect(lines.filter((line) => /^call_\w+,wacid\./.test(line)).length).toBeGreaterThanOrEqual(6);
  expect(program.said).toContain(`${lines.length} calls`);
});

it('nightly-report: the mail arrives, with the report as a page', async () => {
  const server = await MailServer.open();
  await until('the first report', () => stage.get('/api/compliance/reports/latest').catch(() => null));
  const env = { SMTP_URL: server.url, MAIL_FROM: 'gateway@example.com', MAIL_TO: 'a@example.com, b@example.com' };
  const program = await stage.recipe('nightly-report', { env });
  expect([await program.ended(), program.said]).toEqual([0, expect.stringContaining('was sent to a@example.com')]);
  expect(server.commands).toEqual(expect.arrayContaining(['MAIL FROM:<gateway@example.com>', 'RCPT TO:<b@example.com>']));
  const [head = '', text = ''] = server.mails[0]?.split('\r\n\r\n') ?? [];
  expect(head).toMatch(/^Subject: =\?utf-8\?B\?V2hhdHNBcHAgY2FsbH/m);
  expect(Buffer.from(text, 'base64').toString()).toMatch(/^<!doctype html>/i);
  const refused = await stage.recipe('nightly-report', { env: { ...env, SMTP_URL: 'smtp://user:secret@127.0.0.1:9' } });
  expect([await refused.ended(), refused.said.includes('secret')]).toEqual([1, false]);
  server.close();
});

async function polled(): Promise<void> {
  const { id } = await until('a poll', () => stage.post('/api/compliance/check', {}).catch(() => null));
  await until('the poll to end', async () => (await stage.get(`/api/compliance/snapshots/${id}`)).state !== 'running');
}

describe('every recipe', () => {
  /** Neither blank nor a comment. */
  const codeOf = (file: string) =>
    readFileSync(join(RECIPES, file), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(\/\/.*|\/\*\*.*\*\/)?$/.test(line));
  const index = readFileSync(join(RECIPES, 'README.md'), 'utf8');

  it('was run here', () => {
    expect(NAMES).toHaveLength(13);
    expect([...stage.run].sort()).toEqual([...NAMES].sort());
  });

  it('has at most 40 lines of code, and so has each of the parts that several share', () => {
    const files = readdirSync(RECIPES, { recursive: true, encoding: 'utf8' }).filter((file) => /\.m?js$/.test(file));
    expect(files.length).toBeGreaterThan(12);
    expect(files.map((file) => [file, codeOf(file).length] as const).filter(([, lines]) => lines > 40)).toEqual([]);
  });

  it.each(NAMES)('%s has a page in both languages with scopes, every variable and its limits, and stands in the index', (name) => {
    const page = readFileSync(join(RECIPES, `${name}.md`), 'utf8');
    expect(page).toMatch(/^# .+ · .+\n/);
    for (const heading of ['## En español', '## Needs', '## Limits', '## Refusals']) expect(page).toContain(heading);
    const variables = new Set(
      codeOf(`${name}.mjs`)
        .join('\n')
        .match(/\b[A-Z][A-Z0-9]+_[A-Z0-9_]+\b(?=[^']*\} = process\.env)|\bPORT\b/g),
    );
    for (const variable of variables) expect(page).toContain(`\`${variable}\``);
    expect(scopesOf(name).length > 0 || page.includes('Scopes of the key: none')).toBe(true);
    expect(index).toContain(`(${name}.md)`);
  });
});
