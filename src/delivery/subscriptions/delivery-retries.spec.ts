import { Webhook } from 'standardwebhooks';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { DAY, MINUTE, SECOND } from '#kernel/clock.js';
import { RETRY_DELAYS_MS } from '#outbound-http/retry.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type Endpoint, type Gateway, OWNER, type Received, TestBed } from './delivery.fixture.js';

const _verify = (secret: string, { headers, body }: Pick<Received, 'body' | 'headers'>) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
const range = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe.each(engines)('a delivery worker whose endpoint fails, on %s', (engine) => {
  let bed: TestBed;
  let gateway: Gateway;
  let hook: Endpoint;

  beforeEach(async () => {
    bed = new TestBed((store) => new OutboxService(new OutboxStore(store), store));
    gateway = await bed.open(engine);
    hook = await bed.endpoint();
  });
  afterEach(() => bed.close());

  it('follows the schedule of retries, under one id, and keeps an exhausted delivery for a replay', async () => {
    const { id } = await gateway.subscribe(hook.url);
    hook.status = 500;
    await gateway.publish({});
    await gateway.workers.flush();
    for (const [index, delay] of RETRY_DELAYS_MS.entries()) {
      expect(hook.attempts).toBe(index + 1);
      await gateway.pass(delay - 1);
      expect(hook.attempts).toBe(index + 1);
      await gateway.pass(1);
    }
    expect(hook.attempts).toBe(12);
    expect(await gateway.log(id)).toMatchObject([{ state: 'exhausted', attempts: 12, nextAttemptAt: null, responseStatus: 500 }]);
    hook.status = 200;
    await gateway.pass(DAY);
    expect(hook.got).toHaveLength(0);
    expect(await gateway.service.replay(OWNER, id, { since: null, until: null, eventIds: null })).toBe(1);
    await gateway.workers.flush();
    expect(hook.got).toHaveLength(1);
    expect(await gateway.log(id)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
  });

  it('measures every attempt by its result', async () => {
    await gateway.subscribe(hook.url);
    hook.answer = (request) => void request.socket.destroy();
    await gateway.publish({});
    await gateway.workers.flush();
    hook.answer = (_, response) => response.writeHead(hook.status).end();
    hook.status = 500;
    await gateway.pass(5 * SECOND);
    hook.status = 204;
    await gateway.pass(30 * SECOND);
    const { values } = await gateway.metrics.attempts.get();
    expect(Object.fromEntries(values.map(({ labels, value }) => [labels.result, value]))).toEqual({
      unreachable: 1,
      refused: 1,
      delivered: 1,
    });
    expect((await gateway.metrics.attemptSeconds.get()).values.find(({ metricName }) => metricName?.endsWith('_count'))?.value).toBe(3);
  });

  it.each([
    ['a redirect', 302],
    ['a 404', 404],
    ['a 500', 500],
  ])('takes %s for a failure', async (_, status) => {
    const elsewhere = await bed.endpoint();
    hook.answer = (_request, response) => response.writeHead(status, { location: elsewhere.url }).end();
    const { id } = await gateway.subscribe(hook.url);
    await gateway.publish({});
    await gateway.workers.flush();
    expect(await gateway.log(id)).toMatchObject([{ state: 'retrying', attempts: 1, responseStatus: status, error: null }]);
    expect(elsewhere.attempts).toBe(0);
  });

  it.each([
    ['never answers', () => undefined, 'no answer in time', 50],
    ['hangs up', (response: { destroy(): void }) => response.destroy(), 'ECONNRESET', 60_000],
  ])('takes an endpoint that %s for a failure', async (_, behave, error, timeoutMs) => {
    hook.answer = (_request, response) => behave(response);
    gateway.timeoutMs = timeoutMs;
    const { id } = await gateway.subscribe(hook.url);
    await gateway.publish({});
    await gateway.workers.flush();
    expect(await gateway.log(id)).toMatchObject([{ state: 'retrying', responseStatus: null, error }]);
  });

  it('cuts an endless answer and a huge head, and goes on', async () => {
    const { id } = await gateway.subscribe(hook.url);
    hook.answer = (_request, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    };
    await gateway.publish({});
    await gateway.workers.flush();
    expect(await gateway.log(id)).toMatchObject([{ state: 'delivered' }]);
    hook.answer = (_request, response) => response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end();
    await gateway.publish({});
    await gateway.workers.flush();
    expect((await gateway.log(id))[1]).toMatchObject({ state: 'retrying', error: 'HPE_HEADER_OVERFLOW' });
  });

  it('waits as long as the endpoint asks, with everything', async () => {
    const { id } = await gateway.subscribe(hook.url);
    hook.answer = (_request, response) => response.writeHead(429, { 'retry-after': '600' }).end();
    await gateway.publish({});
    await gateway.workers.flush();
    hook.answer = (_request, response) => response.writeHead(204).end();
    await gateway.publish({ subject: 'call_2', sequence: 2 });
    await gateway.pass(10 * MINUTE - SECOND, MINUTE);
    expect(hook.attempts).toBe(1);
    await gateway.pass(SECOND);
    expect(hook.got).toHaveLength(2);
    expect((await gateway.log(id)).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });

  it('delivers a call that rings at once, whatever the endpoint refused before it', async () => {
    const { id } = await gateway.subscribe(hook.url);
    hook.reply = (body) => [body.includes('compliance.snapshot') ? 422 : 204, ''];
    // A snapshot each quarter of an hour, for half a day, that the endpoint does not like.
    for (const sequence of range(48)) {
      await gateway.publish({ type: 'compliance.snapshot', subject: 'snapshots', sequence });
      await gateway.pass(15 * MINUTE, MINUTE);
    }
    expect((await gateway.log(id)).every(({ state }) => state === 'retrying')).toBe(true);
    await gateway.publish({ type: 'compliance.snapshot', subject: 'snapshots', sequence: 49 });
    await gateway.workers.flush();
    await gateway.publish({ type: 'call.incoming', subject: 'call_9', sequence: 1 });
    await gateway.workers.flush();
    expect(hook.got.map(({ event }) => event.type)).toEqual(['call.incoming']);
  });
});
