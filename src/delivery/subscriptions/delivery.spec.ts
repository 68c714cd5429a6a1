import type { ServerResponse } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { HOUR, MINUTE, SECOND } from '#kernel/clock.js';
import { signatureHeaders } from '#outbound-http/signature.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type Endpoint, type Gateway, OWNER, type Received, TestBed } from './delivery.fixture.js';
import { secretOf } from './subscription.js';

const verify = (secret: string, { headers, body }: Pick<Received, 'body' | 'headers'>) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
const range = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe.each(engines)('a delivery worker on %s', (engine) => {
  let bed: TestBed;
  let gateway: Gateway;
  let hook: Endpoint;

  beforeEach(async () => {
    bed = new TestBed((store) => new OutboxService(new OutboxStore(store), store));
    gateway = await bed.open(engine);
    hook = await bed.endpoint();
  });
  afterEach(() => bed.close());

  it('delivers what was chosen, once, with the id of the event', async () => {
    await gateway.publish({ sequence: 1 });
    await gateway.subscribe(hook.url, { types: ['call.ended'], phoneNumberId: '1' });
    await gateway.publish(
      { type: 'call.ended', phoneNumberId: '1', sequence: 2 },
      { type: 'call.updated', phoneNumberId: '1', sequence: 3 },
      { type: 'call.ended', phoneNumberId: '2', sequence: 4 },
    );
    await gateway.pass(HOUR, MINUTE);
    expect(hook.got.map(({ event }) => event.sequence)).toEqual([2]);
    expect(hook.got[0]?.event.id).toBe(hook.ids[0]);
    expect(hook.got[0]?.headers['content-type']).toBe('application/json');
  });

  it('sets an event aside that it cannot write, and delivers those after it', async () => {
    const { id } = await gateway.subscribe(hook.url);
    const present = gateway.presenter.present.bind(gateway.presenter);
    gateway.presenter.present = async (event, scopes) => {
      if (event.sequence === 1) throw new TypeError('a fault of this event');
      return present(event, scopes);
    };
    await gateway.publish({ sequence: 1 }, { sequence: 2 }, { subject: 'call_2', sequence: 3 });
    await gateway.workers.flush();
    expect(hook.got.map(({ event }) => event.sequence).sort()).toEqual([2, 3]);
    expect((await gateway.log(id)).map(({ state, error }) => [state, error])).toEqual([
      ['exhausted', 'the gateway cannot write this event'],
      ['delivered', null],
      ['delivered', null],
    ]);
  });

  it('waits with an event while the database fails, and counts nothing', async () => {
    const { id } = await gateway.subscribe(hook.url);
    const present = gateway.presenter.present.bind(gateway.presenter);
    gateway.presenter.present = () => Promise.reject(Object.assign(new Error('as the driver says it'), { code: '57014' }));
    await gateway.publish({ sequence: 1 });
    for (let round = 0; round < 5; round += 1) await gateway.pass(SECOND);
    expect([hook.got.length, await gateway.log(id)]).toEqual([0, []]);
    gateway.presenter.present = present;
    await gateway.pass(SECOND);
    expect(hook.got.map(({ event }) => event.sequence)).toEqual([1]);
  });

  it('of a process that stood still begins nothing before its leases are renewed', async () => {
    if (engine === 'sqlite') return;
    await gateway.subscribe(hook.url);
    await gateway.workers.flush();
    gateway.clock.pass(16 * SECOND);
    const other = await bed.gateway();
    gateway.clock.pass(16 * SECOND);
    await other.workers.flush();
    // The other reads the event by itself, and cannot send it meanwhile.
    const present = other.presenter.present.bind(other.presenter);
    other.presenter.present = () => Promise.reject(Object.assign(new Error('as the driver says it'), { code: '57014' }));
    await gateway.publish({ sequence: 1 });
    // It wakes up with the event in front of it, and knows nothing of the other yet.
    await gateway.feed.flush();
    await gateway.feed.flush();
    expect(hook.got).toEqual([]);
    other.presenter.present = present;
    await other.pass(SECOND);
    await gateway.workers.flush();
    expect(hook.got.map(({ event }) => event.sequence)).toEqual([1]);
  });

  it('signs so that the official library verifies it, and nothing that was altered', async () => {
    bed.clock.pass(Date.now() - bed.clock.now());
    const secret = secretOf(await gateway.subscribe(hook.url));
    await gateway.publish({ data: { id: 'call_1', session: null, name: 'Añá 🎉 \u2028"' } });
    await gateway.workers.flush();
    const [got] = hook.got as [Received];
    expect(verify(secret, got)).toEqual(got.event);
    const bare = secret.replace(/^whsec_/, '');
    expect(verify(bare, got)).toEqual(got.event);
    const headers = signatureHeaders('evt_1', Date.now(), Buffer.from('{}'), [bare]);
    expect(verify(secret, { headers, body: '{}' })).toEqual({});
    expect(() => verify(secret, { ...got, body: `${got.body} ` })).toThrow(WebhookVerificationError);
    expect(() => verify(secret, { ...got, headers: { ...got.headers, 'webhook-id': 'evt_other' } })).toThrow(WebhookVerificationError);
    expect(() => verify('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', got)).toThrow(WebhookVerificationError);
    const old = signatureHeaders('evt_1', Date.now() - 6 * MINUTE, Buffer.from('{}'), [secret]);
    expect(() => verify(secret, { headers: old, body: '{}' })).toThrow(/too old/);
  });

  it('keeps the order of each subject in first attempts, independent of other subjects', async () => {
    hook.answer = (_request, response) => {
      setImmediate(() => response.writeHead(204).end());
    };
    await gateway.subscribe(hook.url);
    await gateway.publish(
      ...range(400).map((sequence) => ({ subject: `call_${sequence % 7}`, sequence, data: { id: `call_${sequence % 7}` } })),
    );
    await gateway.workers.flush();
    expect(hook.got).toHaveLength(400);
    for (const got of Map.groupBy(hook.got, ({ event }) => event.data.id).values()) {
      const numbers = got.map(({ event }) => event.sequence);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  });

  it('delivers everything with the same ids after a day of outage, and no other endpoint waits for it', async () => {
    const other = await bed.endpoint();
    const { id } = await gateway.subscribe(hook.url);
    await gateway.subscribe(other.url);
    hook.status = 503;
    for (const hour of range(24)) {
      const from = (hour - 1) * 209;
      await gateway.publish(...range(209).map((n) => ({ subject: `call_${from + n}`, sequence: from + n })));
      await gateway.pass(HOUR, 10 * MINUTE);
      expect(other.got).toHaveLength(hour * 209);
    }
    expect(hook.got).toHaveLength(0);
    expect(hook.attempts).toBeLessThan(1_000);
    hook.status = 204;
    await gateway.pass(30 * MINUTE, 5 * MINUTE);
    expect(hook.got.length).toBeGreaterThanOrEqual(24 * 209);
    expect([...new Set(hook.ids)].sort()).toEqual([...other.ids].sort());
    expect((await gateway.service.require(OWNER, id)).failures).toBe(0);
    expect(await gateway.deliveries.list({ id, phoneNumberId: null, numbers: null }, 'retrying', 10, null)).toEqual([]);
  }, 600_000);

  it('does not let an endpoint that hangs delay another', async () => {
    const slow = await bed.endpoint();
    const held: ServerResponse[] = [];
    slow.answer = (_request, response) => void held.push(response);
    await gateway.subscribe(slow.url);
    await gateway.subscribe(hook.url);
    await gateway.publish(...range(50).map((sequence) => ({ subject: `call_${sequence}`, sequence })));
    await gateway.feed.flush();
    while (hook.got.length < 50) await new Promise(setImmediate);
    // All this while the other has not let go of a single attempt.
    expect(held.length).toBeGreaterThan(0);
    expect(slow.got).toEqual([]);
    slow.answer = (_request, response) => response.writeHead(204).end();
    for (const response of held) response.writeHead(204).end();
    await gateway.workers.flush();
    expect(slow.got).toHaveLength(50);
  });

  it('asks an endpoint four times at once at most, and less often when it is busy', async () => {
    let [open, most] = [0, 0];
    hook.answer = (_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        response.writeHead(204).end();
      });
    };
    await gateway.subscribe(hook.url);
    await gateway.publish(...range(60).map((sequence) => ({ subject: `call_${sequence}`, sequence })));
    await gateway.workers.flush();
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('still delivers a perishable event that is late, with the time at which it perished', async () => {
    await gateway.subscribe(hook.url);
    hook.status = 500;
    const expiresAt = bed.clock.now() + MINUTE;
    await gateway.publish({ type: 'call.incoming', expiresAt });
    await gateway.workers.flush();
    hook.status = 204;
    await gateway.pass(2 * HOUR);
    expect(hook.got[0]?.event.expires_at).toBe(new Date(expiresAt).toISOString());
  });

  it('goes on after a restart with what was not written as delivered', async () => {
    const { id } = await gateway.subscribe(hook.url);
    hook.status = 500;
    await gateway.publish({ sequence: 1 });
    await gateway.workers.flush();
    await gateway.stop();
    hook.status = 204;
    await gateway.publish({ subject: 'call_2', sequence: 2 });
    const successor = await bed.gateway();
    await successor.pass(MINUTE);
    expect(hook.got.map(({ event }) => event.sequence).sort()).toEqual([1, 2]);
    expect((await successor.log(id)).map(({ attempts }) => attempts)).toEqual([2, 1]);
  });

  if (engine === 'postgres') {
    it('delivers once with two replicas, and goes on with the other when one is killed', async () => {
      const { id } = await gateway.subscribe(hook.url);
      const other = await bed.gateway();
      await other.publish(...range(100).map((sequence) => ({ subject: `call_${sequence % 5}`, sequence })));
      await Promise.all([gateway.workers.flush(), other.workers.flush()]);
      await gateway.workers.flush();
      expect(new Set(hook.ids).size).toBe(100);
      expect(hook.ids).toHaveLength(100);
      // A killed process leaves its lease behind, and no process renews it.
      gateway.workers.refresh = async () => undefined;
      bed.clock.pass(31 * SECOND);
      await other.publish({ sequence: 101 });
      await other.workers.flush();
      expect(hook.got.at(-1)?.event.sequence).toBe(101);
      expect((await other.log(id)).at(-1)).toMatchObject({ state: 'delivered' });
    });
  }
});
