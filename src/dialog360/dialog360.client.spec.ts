import { AnsweringServer, dialled, done, json, KEY, WACID } from './answering-server.fixture.js';
import type { Dialog360Client } from './dialog360.client.js';
import type { Session } from './fact.js';

const offer: Session = { sdp_type: 'offer', sdp: 'v=0\r\n' };
const answer: Session = { sdp_type: 'answer', sdp: 'v=0\r\n' };
const ana = { waId: '5215512345678' };
const beto = { userId: 'MX.1000000000001' };

describe('Dialog360Client asks', () => {
  const server = new AnsweringServer();
  let client: Dialog360Client;

  beforeAll(() => server.start());
  beforeEach(() => {
    client = server.client();
  });
  afterAll(() => server.stop());
  const request = () => ({ method: server.seen[0]?.method, path: server.seen[0]?.path, body: server.seen[0]?.body });

  const call = (body: object) => ({ method: 'POST', path: '/calling/calls', body: { messaging_product: 'whatsapp', ...body } });

  it('connect dials by number', async () => {
    server.answering(dialled);
    expect(await client.connect(ana, offer, 'call_1')).toMatchObject({ outcome: 'accepted', value: { wacid: WACID } });
    expect(request()).toEqual(call({ to: '5215512345678', action: 'connect', session: offer, biz_opaque_callback_data: 'call_1' }));
    expect(server.seen[0]?.headers).toMatchObject({ 'd360-api-key': KEY, 'content-type': 'application/json' });
  });

  it('connect dials a BSUID as recipient, without to', async () => {
    server.answering(dialled);
    await client.connect(beto, offer, 'call_1');
    expect(request()).toEqual(call({ recipient: beto.userId, action: 'connect', session: offer, biz_opaque_callback_data: 'call_1' }));
  });

  it('connect refuses opaque data that Meta would not take, before sending', () => {
    expect(() => client.connect(ana, offer, 'x'.repeat(513))).toThrow(RangeError);
    expect(server.seen).toEqual([]);
  });

  it.each([
    ['pre_accept', () => client.preAccept(WACID, answer), { call_id: WACID, action: 'pre_accept', session: answer }],
    [
      'accept',
      () => client.accept(WACID, answer, 'call_1'),
      { call_id: WACID, action: 'accept', session: answer, biz_opaque_callback_data: 'call_1' },
    ],
    ['reject', () => client.reject(WACID), { call_id: WACID, action: 'reject' }],
    ['terminate', () => client.terminate(WACID), { call_id: WACID, action: 'terminate' }],
  ])('%s says what the documents say', async (_, send, body) => {
    server.answering(done);
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(request()).toEqual(call(body));
  });

  it('a permission is asked for free-form, with and without words', async () => {
    server.answering(json({ messages: [{ id: 'wamid.1' }], contacts: [{ input: '+52', wa_id: '5215512345678', user_id: 'MX.1' }] }));
    const head = { messaging_product: 'whatsapp', recipient_type: 'individual', to: ana.waId, type: 'interactive' };
    const interactive = { type: 'call_permission_request', action: { name: 'call_permission_request' } };
    expect(await client.requestPermission(ana, {})).toMatchObject({
      value: { messageId: 'wamid.1', contact: { waId: '5215512345678', userId: 'MX.1' } },
    });
    await client.requestPermission(ana, { body: 'May we call?' });
    expect(server.seen.map(({ path, body }) => ({ path, body }))).toEqual([
      { path: '/messages', body: { ...head, interactive } },
      { path: '/messages', body: { ...head, interactive: { ...interactive, body: { text: 'May we call?' } } } },
    ]);
  });

  it('a permission is asked for with a template, which passes untouched', async () => {
    server.answering(json({ messages: [{ id: 'wamid.1' }] }));
    const template = {
      name: 'call_permission_v1',
      language: { code: 'es' },
      components: [{ type: 'body', parameters: [{ type: 'text', text: '1001' }] }],
    };
    expect(await client.requestPermission(beto, { template })).toMatchObject({ outcome: 'accepted', value: { contact: null } });
    expect(request().body).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      recipient: beto.userId,
      type: 'template',
      template,
    });
  });

  it('readings ask by GET and without a body', async () => {
    server.answering(
      json({
        permission: { status: 'permanent' },
        actions: [],
        calling: { status: 'ENABLED' },
        health_status: {},
        url: 'https://a.example.com',
        headers: { Authorization: 'x' },
      }),
    );
    expect(await client.readPermission({ userId: 'MX.1/2' })).toMatchObject({ status: 'permanent' });
    expect(await client.readSettings()).toMatchObject({ calling: { status: 'ENABLED' } });
    expect(await client.readHealth()).toMatchObject({ phoneNumberId: null });
    expect(await client.readWebhook()).toEqual({ url: 'https://a.example.com', headerNames: ['Authorization'] });
    expect(server.seen.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['GET', '/calling/permissions/MX.1%2F2', undefined],
      ['GET', '/calling/settings', undefined],
      ['GET', '/health_status', undefined],
      ['GET', '/v1/configs/webhook', undefined],
    ]);
  });

  it('settings are written', async () => {
    server.answering(json({ success: true }));
    await client.writeSettings({ status: 'ENABLED' });
    expect(server.seen.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/calling/settings', { calling: { status: 'ENABLED' } }],
    ]);
  });

  it('dials and messages take a fresh socket each, the rest share one', async () => {
    server.answering(dialled);
    await client.connect(ana, offer, 'a');
    await client.connect(ana, offer, 'b');
    server.answering(done);
    await client.terminate(WACID);
    await client.terminate(WACID);
    expect(new Set(server.seen.slice(0, 2).map(({ port }) => port)).size).toBe(2);
    expect(server.seen[3]?.port).toBe(server.seen[2]?.port);
  });

  it('an exchange shows neither SDP, number, words nor key', async () => {
    server.answering(dialled, json({ messages: [{ id: 'wamid.1' }] }));
    const sent = [await client.connect(ana, offer, 'call_1'), await client.requestPermission(ana, { body: 'Dear Ana' })];
    expect(sent[0]?.exchange).toMatchObject({
      operation: 'connect',
      status: 200,
      upstream: null,
      request: {
        action: 'connect',
        addressee: 'phone',
        biz_opaque_callback_data: 'call_1',
        session: { sdp_type: 'offer', sdp_length: 5 },
      },
    });
    expect(JSON.stringify(sent.map(({ exchange }) => exchange))).not.toMatch(/v=0|5215512345678|Dear|key-of/);
  });
});
