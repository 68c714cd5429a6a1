import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import { tracingNow } from '#telemetry/traces.js';
import { offer } from './sdp.js';
import { type Body, World } from './world.js';

const ANA = '5215512340001';
const KINDS = ['', 'internal', 'server', 'client', 'producer', 'consumer'];
/** What must never be told: a number in any writing, a name, SDP, keys, secrets, Meta's ids. */
const CANARIES = [
  /(55)?1234\s?00\d\d/,
  /\bAna\b/,
  /a=fingerprint|v=0|ice-ufrag/,
  /world-key|world-webhook-token|simulator-key|whsec_|canary-token/,
  /wacid\.|wamid\./,
];

interface Seen {
  name: string;
  kind: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  failed: boolean;
  attributes: Record<string, Body>;
  events: string[];
}

/** A collector of OpenTelemetry (OTLP over HTTP, JSON), and an endpoint of a consumer. */
class Collector {
  readonly bodies: Body[] = [];
  readonly hooks: Array<Record<string, string | string[] | undefined>> = [];
  readonly #server: Server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (request.url === '/v1/traces') this.bodies.push(JSON.parse(body));
    else this.hooks.push(request.headers);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });

  async open(): Promise<this> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get spans(): Seen[] {
    const plain = ({ value }: Body) => value.stringValue ?? value.boolValue ?? Number(value.intValue ?? value.doubleValue);
    return this.bodies
      .flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }: Body) => scopeSpans.flatMap(({ spans }: Body) => spans)))
      .map(({ name, kind, traceId, spanId, parentSpanId = '', status, attributes, events }: Body) => ({
        name,
        kind: KINDS[kind] ?? '',
        traceId,
        spanId,
        parentSpanId,
        failed: status?.code === 2,
        attributes: Object.fromEntries(attributes.map((one: Body) => [one.key, plain(one)])),
        events: events.map((event: Body) => event.name),
      }));
  }
}

/** Everything of time but the time limits. */
const REAL = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const;

let world: World;
let collector: Collector;
beforeEach(async () => {
  collector = await new Collector().open();
});
afterEach(async () => {
  await world.close();
  collector.close();
});

/** One call from the wish to the end, told to a consumer. @returns its id */
async function oneCall(headers?: Record<string, string>): Promise<string> {
  await world.greet();
  world.allow(ANA);
  await world.post('/api/subscriptions', { url: `${collector.url}/hook?token=canary-token`, scopes: ['calls:read'] });
  const { body } = await world.do('make-call', { to: ANA, session: offer(), reference: 'canary-token' }, headers);
  await world.pass(40);
  await world.get(`/api/calling/permissions/${ANA}`);
  await world.get('/api/calling/calls/canary-token');
  await world.app.get(DeliveriesService).flush();
  return body.id;
}

/** Ends the gateway, which has all the time it wants to send what is left. */
async function stopInPeace(): Promise<void> {
  const { setTimeout } = globalThis;
  const stretched = (act: () => void, ms = 0) => setTimeout(act, ms < 1_000 ? ms : ms * 100);
  const timers = jest.spyOn(globalThis, 'setTimeout').mockImplementation(stretched as typeof setTimeout);
  await world.stop();
  timers.mockRestore();
}

/** How many ms something waits for timers, which here run as fast as the machine lets them. */
async function timeOf(work: Promise<void>): Promise<number> {
  let [waited, going] = [0, true];
  const done = work.finally(() => {
    going = false;
  });
  for (; going; waited += 10) {
    await new Promise(setImmediate);
    jest.advanceTimersByTime(10);
  }
  await done;
  return waited;
}

describe('with a collector', () => {
  const open = async () => {
    world = await World.open({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, EVENTS_ALLOW_PRIVATE_TARGETS: 'true' } });
  };

  it('one call is traced from the request to its delivery, in traces that hang together', async () => {
    await open();
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const id = await oneCall({ traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    // What is left is sent when the gateway ends.
    await stopInPeace();
    const { spans } = collector;
    const of = (name: string) => spans.filter((span) => span.name === name);
    const parentOf = ({ parentSpanId }: Seen) => spans.find(({ spanId }) => spanId === parentSpanId);

    const [request] = of('POST /api/calling/make-call');
    expect(request).toMatchObject({ kind: 'server', traceId: trace, parentSpanId: '00f067aa0ba902b7', failed: false });
    expect(request?.attributes).toMatchObject({
      'http.response.status_code': 201,
      'http.route': '/api/calling/make-call',
      'wac.call_id': id,
    });
    const [dial] = of('360dialog connect');
    expect(dial).toMatchObject({ kind: 'client', parentSpanId: request?.spanId, attributes: { 'wac.outcome': 'accepted' } });

    const told = of('inbox apply').filter(({ attributes }) => attributes['wac.call_id'] === id);
    expect(told.flatMap(({ events }) => events)).toEqual(expect.arrayContaining(['call.connected', 'call.answered', 'call.ended']));
    for (const span of told)
      expect(parentOf(span)).toMatchObject({ name: 'POST /api/webhooks/360dialog', kind: 'server', parentSpanId: '' });

    const [delivered] = of('deliver call.answered');
    expect(delivered).toMatchObject({ kind: 'producer', attributes: { 'wac.call_id': id, 'http.response.status_code': 200 } });
    expect(delivered && parentOf(delivered)).toMatchObject({ name: 'inbox apply', events: expect.arrayContaining(['call.answered']) });
    expect(collector.hooks.map(({ traceparent }) => traceparent)).toContain(`00-${delivered?.traceId}-${delivered?.spanId}-01`);
    await world.start();
  });

  it('hangs together also when a body comes long after its head', async () => {
    await open();
    await world.greet();
    world.allow(ANA);
    const headers = { authorization: `Bearer ${World.KEY}`, 'content-type': 'application/json' };
    const sent = httpRequest(`${world.url}/api/calling/make-call`, { method: 'POST', headers });
    const arrived = once(world.app.getHttpServer(), 'request');
    sent.flushHeaders();
    await arrived;
    await new Promise(setImmediate);
    sent.end(JSON.stringify({ to: ANA, session: offer() }));
    const [answer] = await once(sent, 'response');
    expect(answer.statusCode).toBe(201);
    await answer.resume().toArray();
    await stopInPeace();
    const request = collector.spans.find(({ name }) => name === 'POST /api/calling/make-call');
    const dial = collector.spans.find(({ name }) => name === '360dialog connect');
    expect(dial?.parentSpanId).toBe(request?.spanId);
    await world.start();
  });

  it('no number, name, SDP, secret or id of Meta’s is in any span', async () => {
    await open();
    const id = await oneCall();
    const { phone_number_id: ours } = await world.call(id);
    world.allow('hugo');
    world.fault('connect', { instead: 'drop' });
    await world.do('make-call', { to: '5215512340008', session: offer() });
    await stopInPeace();
    expect(collector.spans.length).toBeGreaterThan(20);
    expect(collector.spans.some(({ failed }) => failed)).toBe(true);
    const text = collector.spans.map(({ traceId: _, spanId: __, parentSpanId: ___, ...rest }) => JSON.stringify(rest)).join('\n');
    expect([ours.length > 5, text.includes(ours)]).toEqual([true, false]);
    for (const canary of CANARIES) expect(canary.exec(text)?.[0]).toBeUndefined();
    const resources = JSON.stringify(collector.bodies.map(({ resourceSpans }) => resourceSpans.map(({ resource }: Body) => resource)));
    expect(resources).toContain('whatsapp-calling-gateway');
    expect(resources).not.toMatch(/host\.name|process\.|world/);
    await world.start();
  });

  it('a collector that is away costs no request anything', async () => {
    await open();
    collector.close();
    await world.greet();
    world.allow(ANA);
    expect((await world.do('make-call', { to: ANA, session: offer() })).status).toBe(201);
    jest.useFakeTimers({ doNotFake: [...REAL] });
    const waited = await timeOf(world.stop());
    jest.useRealTimers();
    expect(waited).toBeLessThanOrEqual(8_000);
    collector = await new Collector().open();
    await world.start();
  });
});

it('without a collector nothing is traced, and nothing of OpenTelemetry is added to what consumers get', async () => {
  world = await World.open({ env: { EVENTS_ALLOW_PRIVATE_TARGETS: 'true' } });
  await oneCall({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' });
  expect(tracingNow()).toBeNull();
  expect(collector.bodies).toEqual([]);
  expect(collector.hooks.length).toBeGreaterThan(3);
  expect(collector.hooks.filter((headers) => 'traceparent' in headers)).toEqual([]);
});
