import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStreamParser } from '#cli/listen/event-stream.js';
import { ReportsService } from '#compliance/reports/reports.service.js';
import { ForwardingWorker } from '#delivery/forwarding/forwarding.worker.js';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import { ALL_EVENT_TYPES } from '#events/event.js';
import { OutboxService } from '#events/outbox.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { DAY } from '#kernel/clock.js';
import { RemovalJob } from '#onboarding/removal/removal.job.js';
import { engines } from '#store/temporary-database.fixture.js';
import { NumbersAt360dialog } from './numbers-at-360dialog.js';
import { AnswerComparison } from './openapi-answers.js';
import { PartnerAt360dialog } from './partner-at-360dialog.js';
import { answer, offer } from './sdp.js';
import { type Body, World } from './world.js';

const [ANA, BETO, HUGO] = ['5215512340001', '5215512340002', '5215512340008'];
const OURS = '300000000000001';
const REFUSED = 'what the target of forwarding refuses';
const WINDOW = 'window-0123456789';
const OUR_PAGE = { 'x-requested-with': 'console', 'sec-fetch-site': 'same-origin' };

describe.each(engines)('the description of the API and what is sent, on %s', (engine) => {
  let world: World;
  let compared: AnswerComparison;
  let endpoint: Server;
  let hosted: NumbersAt360dialog;
  let partner: PartnerAt360dialog;
  let url: string;
  const streamed: string[] = [];
  const leave = new AbortController();

  beforeAll(async () => {
    await listen();
    const env = { EVENTS_ALLOW_PRIVATE_TARGETS: 'true', EVENTS_CHALLENGE: 'true', WEBHOOK_FORWARD_URL: `${url}/forward` };
    hosted = await NumbersAt360dialog.open();
    partner = await PartnerAt360dialog.open(hosted);
    world = await World.open({
      engine,
      env: { ...env, D360_BASE_URL: hosted.url, SECRETS_KEY: randomBytes(32).toString('base64'), ...partner.environment },
      prepare: ({ simulatorUrl }) => {
        hosted.fallback = simulatorUrl;
      },
    });
    compared = new AnswerComparison((await world.get('/openapi.json')).body);
    world.onReply = (method, path, body, reply) => compared.reply(method, path, body, reply);
    await subscribe();
    await world.greet();
    world.allow(HUGO);
    await theCalls();
    await theNumber();
    await theForwards();
    await theAccess();
    await theDeliveries();
    await theRefusals();
    await theDays();
    await theNumbers();
    await allStreamed();
  });

  afterAll(async () => {
    leave.abort();
    endpoint.closeAllConnections();
    endpoint.close();
    await world.close();
    partner.close();
    hosted.close();
  });

  /** An endpoint that wants events until its path says `gone`, and refuses one forwarded delivery. */
  async function listen(): Promise<void> {
    endpoint = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const text = Buffer.concat(parts).toString();
      if (request.url === '/forward') return void response.writeHead(text.includes(REFUSED) ? 422 : 200).end();
      const event = JSON.parse(text);
      compared.delivery(request.headers, event);
      if (request.url === '/gone' && event.type !== 'endpoint.verify') return void response.writeHead(410).end();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ challenge: event.data.challenge }));
    });
    await new Promise<void>((listening) => endpoint.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`;
  }

  async function subscribe(): Promise<void> {
    const { body, headers, status } = await fetch(`${world.url}/api/events`, {
      headers: { authorization: `Bearer ${World.KEY}` },
      signal: leave.signal,
    });
    compared.reply('GET', '/api/events', undefined, {
      status,
      headers: new Headers([...headers].filter(([name]) => name !== 'content-type')),
      body: '',
    });
    const parser = new EventStreamParser();
    const decoder = new TextDecoder();
    (async () => {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        for (const { data, event } of parser.push(decoder.decode(chunk, { stream: true }))) {
          if (!data || event) continue;
          const shown = JSON.parse(data);
          compared.event(shown);
          streamed.push(shown.type);
        }
      }
    })().catch(() => undefined);
    const created = await world.post(
      '/api/subscriptions',
      { url: `${url}/hook?token=secret`, scopes: ['calls:control'], description: null },
      once('subscription'),
    );
    await world.post(
      '/api/subscriptions',
      { url: `${url}/hook?token=secret`, scopes: ['calls:control'], description: null },
      once('subscription'),
    );
    await world.post(`/api/subscriptions/${created.body.id}/test`);
  }

  const once = (key: string) => ({ 'idempotency-key': key });

  async function theCalls(): Promise<void> {
    await world.get(`/api/calling/preflight?to=${ANA}`);
    const asked = await world.do(
      'make-call',
      { to: ANA, reference: 'crm-4711', permission_request: { body: '¿Podemos llamarle?' } },
      once('call'),
    );
    await world.do('make-call', { to: ANA, reference: 'crm-4711', permission_request: { body: '¿Podemos llamarle?' } }, once('call'));
    const { id } = asked.body;
    await world.do('make-call', { to: ANA });
    await world.pass(5);
    await world.do('connect', { id, session: offer() });
    await world.put(`/api/calling/calls/${id}/lease`, { holder: WINDOW });
    await world.pass(4);
    await world.call(id);
    await world.pass(4);
    await world.delete(`/api/calling/calls/${id}/lease?holder=${WINDOW}`);
    await world.get('/api/users?search=ana');
    await world.get(`/api/users/${ANA}/export`);
    await world.delete(`/api/users/${ANA}`);
    await world.do('terminate', { id });
    await world.pass(3);
    await world.do('make-call', { recipient: null, to: HUGO, session: offer() });
    await world.pass(60);
    const ringing = await world.ring('fede');
    await world.do('pre-accept', { call_id: ringing.call_id, session: answer() });
    await world.do('release', { id: ringing.id });
    await world.do('pre-accept', { call_id: ringing.call_id, session: answer() });
    await world.do('accept', { id: ringing.id });
    await world.do('terminate', { id: ringing.id });
    await world.pass(2);
    const second = await world.ring('fede');
    await world.do('reject', { id: second.id });
    await world.do('request-permission', { to: BETO });
    await world.pass(10);
    await world.get(`/api/calling/permissions/${ANA}`);
    await world.get(`/api/calling/permissions/${BETO}`);
    await world.get(`/api/calling/preflight?to=${BETO}&session=false`);
    await world.get('/api/calling/calls?limit=2');
    await world.get('/api/calling/calls?format=csv');
    await world.get(`/api/calling/calls/${id}/timeline`);
    await world.get(`/api/calling/calls/${id}/bundle`);
    await world.get('/api/calling/ice-servers');
  }

  async function theNumber(): Promise<void> {
    await world.get('/api/calling/status?refresh=true');
    await world.get('/api/calling/settings');
    await world.patch('/api/calling/settings', { calling: { callback_permission_status: 'ENABLED' } }, once('settings'));
    await world.get('/api/calling/conversation-requirements');
    await world.get('/api/compliance/eligibility');
    await check();
    world.simulator.settings.apply({ status: 'DISABLED' });
    await world.settle();
    await check();
    world.simulator.settings.apply({ status: 'ENABLED' });
    await world.settle();
    const change = { event: 'ACCOUNT_RESTRICTION', restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_CALLING' }] };
    await world.deliver({
      object: 'whatsapp_business_account',
      entry: [{ id: '200000000000001', changes: [{ field: 'account_update', value: change }] }],
    });
    await world.get('/api/calling/status');
    await world.get('/api/compliance/snapshots');
    await world.put('/api/compliance/declarations', { messaging_limit: 'TIER_2K', business_verification: null });
    await world.get('/api/compliance/declarations');
    await world.get('/api/calling/errors?limit=3');
    await world.get('/api/calling/errors/138006');
    await world.post('/api/calling/errors/explain', { error: { message: 'No approved call permission', code: 138006, fbtrace_id: 'A' } });
    await world.post('/api/calling/errors/explain', { text: 'nonsense' });
    for (const path of ['/health/live', '/health/ready', '/metrics', '/api/webhooks/360dialog']) await world.get(path);
    await world.post(
      '/api/webhooks/360dialog',
      { object: 'whatsapp_business_account', entry: [] },
      { authorization: 'Bearer world-webhook-token-0123456789' },
    );
  }

  async function check(): Promise<void> {
    const { headers } = await world.post('/api/compliance/check');
    let state = 'running';
    while (state === 'running') ({ state } = (await world.get(headers.get('location') ?? '')).body);
  }

  async function theForwards(): Promise<void> {
    await world.deliver({ note: REFUSED });
    for (let second = 0; second < 30; second += 1) {
      await world.pass(1);
      await world.app.get(ForwardingWorker).drain();
    }
    const { data } = (await world.get('/api/forwarding/set-aside')).body;
    await world.post('/api/forwarding/replay', { ids: [data[0].id] });
    await world.get('/health/ready');
    await world.get('/api/calling/status');
  }

  async function theAccess(): Promise<void> {
    await world.get('/api/keys?limit=1');
    const { id } = (await world.post('/api/keys', { name: 'consumer', scopes: ['calls:read'] }, once('key'))).body;
    await world.patch(`/api/keys/${id}`, { numbers: null });
    await world.delete(`/api/keys/${id}`);
    await world.post('/api/tokens', { scopes: ['calls:read'], ttl_seconds: null });
    const { headers } = await world.post('/api/session', { key: World.KEY, name: 'Ana' }, OUR_PAGE);
    const cookie = String(headers.get('set-cookie')).split(';', 1)[0] ?? '';
    await world.get('/api/session', { cookie });
    await world.delete('/api/session', { cookie, ...OUR_PAGE });
    await world.get('/api/audit?limit=5');
  }

  /** Last: from the second number on, most requests must name theirs. */
  async function theNumbers(): Promise<void> {
    const { phoneNumberId } = hosted.host('2', 'the-key-of-another');
    const path = `/api/numbers/${phoneNumberId}`;
    await world.post(
      '/api/numbers',
      { api_key: 'the-key-of-another', webhook: 'register', forward: { url: `${url}/forward` } },
      once('number'),
    );
    await world.get('/api/numbers?limit=1');
    await world.get(path);
    await world.patch(path, { name: 'Ventas', settings: { retention_days: 30 } });
    await fetch(`${world.url}/api/webhooks/360dialog/${phoneNumberId}`);
    await world.get(`/api/webhooks/360dialog/${phoneNumberId}`);
    const number = hosted.numbers.get('the-key-of-another');
    await world.post(
      `/api/webhooks/360dialog/${phoneNumberId}`,
      { object: 'whatsapp_business_account', entry: [] },
      { authorization: String(number?.webhook.headers.Authorization) },
    );
    await world.post(`${path}/rotate-webhook-token`);
    if (number) number.webhook = { url: 'https://chat.example.com/in', headers: {} };
    await world.post(`${path}/webhook`, { replaces: 'https://chat.example.com/in' });
    await world.delete(`${path}/webhook`);
    const channel = partner.host(hosted.host('3', 'the-key-before'), 'client1');
    await world.get('/api/partner/channels?limit=1');
    await world.post(`/api/partner/channels/${channel.id}/adopt`, { revoke_existing_keys: true }, once('channel'));
    hosted.numbers.delete('the-key-of-another');
    hosted.fallback = null;
    await world.get(`/api/calling/status?refresh=true&phone_number_id=${phoneNumberId}`);
    while (!(await world.events()).some(({ type }) => type === 'number.key_rejected')) await turn();
    await world.delete(path);
    await world.app.get(RemovalJob).advance();
  }

  /** Events that were committed are delivered, whatever else still writes. */
  async function delivered(): Promise<void> {
    await world.app.get(DeliveriesService).flush();
  }

  async function theDeliveries(): Promise<void> {
    await delivered();
    const [{ id }] = (await world.get('/api/subscriptions')).body.data;
    await world.get(`/api/subscriptions/${id}`);
    await world.get(`/api/subscriptions/${id}/deliveries?limit=3`);
    await world.post(`/api/subscriptions/${id}/replay`, { since: new Date(world.clock.now() - DAY).toISOString() });
    await world.post(`/api/subscriptions/${id}/rotate-secret`);
    await world.patch(`/api/subscriptions/${id}`, { paused: true });
    const gone = (await world.post('/api/subscriptions', { url: `${url}/gone`, types: ['settings.updated'] })).body.id;
    world.simulator.settings.apply({ call_icon_visibility: 'DISABLE_ALL' });
    await world.settle();
    await delivered();
    let state = 'active';
    for (let rounds = 0; state === 'active' && rounds < 500; rounds += 1) {
      await delivered();
      state = (await world.get(`/api/subscriptions/${gone}`)).body.state;
    }
    await world.delete(`/api/subscriptions/${gone}`);
    const reports = '/api/compliance/report-deliveries';
    await world.post(reports, { to: 'mailto:ana@example.com', every: 'day' });
    const made = (await world.post(reports, { to: `${url}/gone`, every: 'week', language: 'es' })).body.id;
    await world.get(reports);
    await world.get(`${reports}/${made}`);
    await world.delete(`${reports}/${made}`);
  }

  async function theRefusals(): Promise<void> {
    await world.get('/api/calling/calls', { authorization: 'Bearer nonsense' });
    const { key } = (await world.post('/api/keys', { name: 'reader', scopes: ['status:read'] })).body;
    await world.get('/api/calling/calls', { authorization: `Bearer ${key}` });
    await world.get('/api/calling/calls/call_none', { 'accept-language': 'es' });
    await world.get('/api/calling/calls?limit=1000');
    await world.do('make-call', {});
    await world.do('make-call', { to: ANA }, once('key'));
    await world.do('make-call', { to: BETO, permission_request: { mode: 'never' } });
    await world.get(`/api/calling/status?phone_number_id=1`);
    await world.post('/api/webhooks/360dialog', {}, { authorization: 'Bearer nonsense' });
    world.fault('connect', { instead: '429' as never });
    await world.do('make-call', { to: HUGO, session: offer() });
  }

  /** Days later: a report, silence, and a subscription that has lost events. */
  async function theDays(): Promise<void> {
    world.clock.time += 9 * DAY;
    await world.app.get(OutboxService).purge(world.clock.now() - 7 * DAY);
    const [{ id }] = (await world.get('/api/subscriptions')).body.data;
    await world.patch(`/api/subscriptions/${id}`, { paused: false });
    await check();
    await world.app.get(ReportsService).writeDue(await world.app.get(NumbersService).require({ numbers: null }, OURS), () => true);
    const { data } = (await world.get('/api/compliance/reports?limit=2')).body;
    await world.get(`/api/compliance/reports/${data[0].id}`);
    for (const which of ['latest', 'overview', 'periods'])
      for (const format of ['json', 'csv', 'html']) await world.get(`/api/compliance/reports/${which}?format=${format}`);
    await delivered();
    await world.delete(`/api/users/${ANA}`);
    await world.delete(`/api/subscriptions/${id}`);
  }

  async function allStreamed(): Promise<void> {
    const lacking = () => ALL_EVENT_TYPES.filter((type) => !streamed.includes(type));
    while (lacking().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  it('agree, in every answer, header and event', () => expect([...compared.faults].sort()).toEqual([]));

  it('were compared for every operation', () => expect(compared.names.filter((name) => !compared.answered.has(name)).sort()).toEqual([]));

  it.each(['property', 'header', 'event'])('else a %s is found', (what) => {
    const less: Body = structuredClone(JSON.parse(JSON.stringify(compared.document)));
    if (what === 'property') delete less.components.schemas.Lease.properties.fence;
    if (what === 'header') delete less.paths['/api/calling/ice-servers'].get.responses[200].headers['X-Gateway-Mode'];
    if (what === 'event') delete less.components.schemas.WebhookSilent.properties.silent;
    const found = new AnswerComparison(less);
    const headers = new Headers({ 'content-type': 'application/json', 'x-gateway-mode': 'live' });
    const lease = { id: 'call_1', holder: WINDOW, fence: 1, expires_at: '2026-11-23T12:00:00Z', renew_after_seconds: 5 };
    found.reply('PUT', '/api/calling/calls/call_1/lease', { holder: WINDOW }, { status: 200, headers, body: lease });
    found.reply('GET', '/api/calling/ice-servers', undefined, { status: 200, headers, body: { ice_servers: [], expires_at: null } });
    const data = { phone_number_id: OURS, silent: true, last_delivery_at: null };
    found.event({ id: 'e', type: 'webhook.silent', occurred_at: '2026-11-23T12:00:00Z', sequence: 1, phone_number_id: OURS, data });
    expect(found.faults.size).toBeGreaterThan(0);
  });
});
