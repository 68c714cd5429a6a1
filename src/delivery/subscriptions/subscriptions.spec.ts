import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { ListenersService } from '#events/listeners.service.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { DAY, HOUR, MINUTE, rfc3339 } from '#kernel/clock.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type Endpoint, type Gateway, OWNER, type Received, TestBed } from './delivery.fixture.js';
import { SubscribersObserver } from './subscribers.observer.js';
import { secretOf } from './subscription.js';
import { SubscriptionsStore } from './subscriptions.store.js';

const verify = (secret: string, { headers, body }: Pick<Received, 'body' | 'headers'>) =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
const _range = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe.each(engines)('a subscription on %s', (engine) => {
  let bed: TestBed;
  let gateway: Gateway;
  let hook: Endpoint;

  beforeEach(async () => {
    bed = new TestBed((store) => new OutboxService(new OutboxStore(store), store));
    gateway = await bed.open(engine);
    hook = await bed.endpoint();
  });
  afterEach(() => bed.close());

  it('signs with both secrets for a day after a rotation, then with the new one only', async () => {
    bed.clock.pass(Date.now() - DAY - bed.clock.now());
    const made = await gateway.subscribe(hook.url);
    const rotated = await gateway.service.rotate(OWNER, made.id);
    const sent = async () => {
      await gateway.publish({});
      await gateway.workers.flush();
      return String(hook.got.at(-1)?.headers['webhook-signature']);
    };
    const [first, second] = (await sent()).split(' ');
    expect([first, second]).toEqual([expect.stringMatching(/^v1,/), expect.stringMatching(/^v1,/)]);
    bed.clock.pass(DAY);
    expect((await sent()).split(' ')).toHaveLength(1);
    verify(secretOf(rotated), hook.got.at(-1) as Received);
    expect(() => verify(secretOf(made), hook.got.at(-1) as Received)).toThrow(WebhookVerificationError);
  });

  it('counts as a listener of inbound calls while it is active, for that number and wants them', async () => {
    const subscriptions = new SubscriptionsStore(gateway.store, gateway.secrets);
    const listeners = new ListenersService({ engine });
    new SubscribersObserver(subscriptions, listeners, gateway.settings).onModuleInit();
    const none = engine === 'sqlite' ? 0 : null;
    await gateway.subscribe(hook.url, { types: ['call.ended'] });
    await gateway.subscribe(hook.url, { phoneNumberId: '2' });
    expect(await listeners.count('1')).toBe(none);
    const { id } = await gateway.subscribe(hook.url);
    expect(await listeners.count('1')).toBe(1);
    await gateway.service.change(OWNER, id, { paused: true });
    expect(await listeners.count('1')).toBe(none);
  });

  it('is disabled by a 410 at once, publishes that, and resumes from there when it is enabled again', async () => {
    const other = await bed.endpoint();
    await gateway.subscribe(other.url, { types: ['subscription.disabled'] });
    const { id } = await gateway.subscribe(hook.url);
    hook.status = 410;
    await gateway.publish({ sequence: 1 });
    await gateway.workers.flush();
    await gateway.publish({ sequence: 2 });
    await gateway.pass(DAY, HOUR);
    expect(hook.attempts).toBe(1);
    expect(await gateway.service.require(EVERY_NUMBER, id)).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
    expect(other.got.map(({ event }) => event)).toMatchObject([{ type: 'subscription.disabled', data: { id, disabled_reason: 'gone' } }]);
    hook.status = 204;
    await gateway.service.change(OWNER, id, { paused: false });
    await gateway.workers.flush();
    expect(
      hook.got
        .filter(({ event }) => event.type === 'call.updated')
        .map(({ event }) => event.sequence)
        .sort(),
    ).toEqual([1, 2]);
  });

  it('is disabled after five days of failures alone, and not by sporadic ones', async () => {
    const { id } = await gateway.subscribe(hook.url);
    hook.status = 500;
    const live = async (hours: number) => {
      for (let hour = 0; hour < hours; hour += 4) {
        await gateway.publish({ sequence: hour });
        await gateway.pass(4 * HOUR, HOUR);
      }
    };
    await live(4 * 24);
    hook.status = 200;
    await live(4);
    hook.status = 500;
    await live(5 * 24);
    expect((await gateway.service.require(EVERY_NUMBER, id)).state).toBe('active');
    await live(12);
    expect(await gateway.service.require(EVERY_NUMBER, id)).toMatchObject({ state: 'disabled', disabledReason: 'failing' });
  });

  it('shows the session of a call only with the scope for it', async () => {
    gateway.presenter.sessions = { sessionsOf: async ([id]) => new Map([[String(id), { sdp_type: 'offer', sdp: 'v=0' }]]) };
    const open = await bed.endpoint();
    await gateway.subscribe(hook.url);
    await gateway.subscribe(open.url, { scopes: ['calls:control'] });
    await gateway.publish({ type: 'call.incoming' });
    await gateway.workers.flush();
    expect(hook.got[0]?.event.data.session).toBeNull();
    expect(open.got[0]?.event.data.session).toEqual({ sdp_type: 'offer', sdp: 'v=0' });
  });

  it('replays events by span and by id under their ids, delivered or not', async () => {
    const { id } = await gateway.subscribe(hook.url, { types: ['call.updated'] });
    await gateway.publish({ sequence: 1 }, { sequence: 2 }, { type: 'call.ended', sequence: 3 });
    await gateway.pass(HOUR);
    await gateway.publish({ sequence: 4 });
    await gateway.workers.flush();
    const [first, second, third] = hook.ids as [string, string, string];
    const since = bed.clock.now() - MINUTE;
    expect(await gateway.service.replay(OWNER, id, { since: null, until: since, eventIds: null })).toBe(2);
    await gateway.workers.flush();
    expect(hook.ids).toEqual([first, second, third, first, second]);
    expect(await gateway.service.replay(OWNER, id, { since: null, until: null, eventIds: [third] })).toBe(1);
    await gateway.workers.flush();
    expect(hook.ids.at(-1)).toBe(third);
    await expect(gateway.service.replay(OWNER, id, { since: null, until: null, eventIds: ['evt_1'] })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('stops at once when it is paused or deleted, and resumes at its cursor', async () => {
    const { id } = await gateway.subscribe(hook.url);
    await gateway.service.change(OWNER, id, { paused: true });
    await gateway.publish({ sequence: 1 });
    await gateway.pass(HOUR);
    expect(hook.attempts).toBe(0);
    await gateway.service.change(OWNER, id, { paused: false, types: ['call.updated'] });
    await gateway.workers.flush();
    expect(hook.got).toHaveLength(1);
    await gateway.service.delete(EVERY_NUMBER, id);
    await gateway.publish({ sequence: 2 });
    await gateway.pass(HOUR);
    expect(hook.got).toHaveLength(1);
    expect(gateway.faults).toEqual([]);
  });

  it('reports how many events it has lost when it was paused for longer than they are kept', async () => {
    const other = await bed.endpoint();
    await gateway.subscribe(other.url, { types: ['subscription.gap'] });
    const { id } = await gateway.subscribe(hook.url, { types: ['call.updated'], phoneNumberId: '1' });
    await gateway.publish({ sequence: 1, phoneNumberId: '1' });
    await gateway.workers.flush();
    await gateway.service.change(OWNER, id, { paused: true });
    const from = bed.clock.now();
    await gateway.publish(
      { sequence: 2, phoneNumberId: '1' },
      { sequence: 3, phoneNumberId: '2' },
      { type: 'call.ended', phoneNumberId: '1' },
    );
    await gateway.pass(DAY);
    await gateway.outbox.purge(bed.clock.now() - 7 * DAY);
    await gateway.publish({ sequence: 4, phoneNumberId: '1' });
    await gateway.pass(6 * DAY + HOUR, DAY);
    await gateway.outbox.purge(bed.clock.now() - 7 * DAY);
    const lost = { events: 1, from, until: from };
    expect(await gateway.service.require(EVERY_NUMBER, id)).toMatchObject({ gap: { ...lost, reportedAt: null } });
    await gateway.pass(DAY);
    await gateway.publish({ sequence: 5, phoneNumberId: '1' });
    await gateway.outbox.purge(bed.clock.now() - 7 * DAY);
    const both = { events: 2, from, until: from + DAY };
    expect(other.got).toEqual([]);
    expect(await gateway.service.change(OWNER, id, { paused: false })).toMatchObject({ gap: { ...both, reportedAt: bed.clock.now() } });
    await gateway.workers.flush();
    expect(hook.got.map(({ event }) => event.sequence)).toEqual([1, 5]);
    const data = {
      id,
      events: 2,
      from: rfc3339(from),
      until: rfc3339(from + DAY),
      calls: expect.stringMatching(/^\/api\/calling\/calls\?since=/),
    };
    expect(other.got.map(({ event }) => event)).toMatchObject([{ type: 'subscription.gap', data }]);
    await gateway.service.change(OWNER, id, { paused: true });
    await gateway.service.change(OWNER, id, { paused: false });
    await gateway.workers.flush();
    expect(other.got).toHaveLength(1);
  });

  it('reports a loss after it was disabled, begins another gap with the next one, and none without a loss', async () => {
    const { id } = await gateway.subscribe(hook.url);
    hook.status = 410;
    await gateway.publish({ sequence: 1 });
    await gateway.workers.flush();
    const old = async (sequence: number) => {
      await gateway.pass(8 * DAY, DAY);
      await gateway.publish({ sequence });
      await gateway.outbox.purge(bed.clock.now() - 7 * DAY);
    };
    await old(2);
    // Its first attempt failed, the notice that it is disabled was never tried: both are gone.
    hook.status = 204;
    expect(await gateway.service.change(OWNER, id, { paused: false })).toMatchObject({ gap: { events: 2 } });
    await gateway.workers.flush();
    // An event may come twice, under its one id.
    expect([...new Set(hook.got.map(({ event }) => event.type))].sort()).toEqual(['call.updated', 'subscription.gap']);
    await old(3);
    await gateway.workers.flush();
    expect(await gateway.service.require(EVERY_NUMBER, id)).toMatchObject({ gap: { events: 2 } });
    await gateway.service.change(OWNER, id, { paused: true });
    await old(4);
    await old(5);
    expect(await gateway.service.require(EVERY_NUMBER, id)).toMatchObject({ gap: { events: 1, reportedAt: null } });
  });

  it('reports a loss at once while it is active and behind', async () => {
    const { id } = await gateway.subscribe(hook.url);
    hook.answer = (_, response) => response.writeHead(429, { 'retry-after': '86400' }).end();
    await gateway.publish({ sequence: 1 });
    await gateway.workers.flush();
    await gateway.publish({ sequence: 2 });
    await gateway.pass(HOUR);
    await gateway.publish({ sequence: 3 });
    await gateway.outbox.purge(bed.clock.now());
    expect(await gateway.service.require(EVERY_NUMBER, id)).toMatchObject({
      state: 'active',
      gap: { events: 2, reportedAt: bed.clock.now() },
    });
    hook.answer = (_, response) => response.writeHead(204).end();
    await gateway.pass(2 * DAY, DAY);
    // An event reported as lost is not delivered after all, although it waited in memory.
    const got = new Set(hook.got.map(({ event }) => `${event.type} ${event.sequence}`));
    expect([...got].sort()).toEqual(['call.updated 3', 'subscription.gap 2']);
    expect(gateway.faults).toEqual([]);
  });

  it('is not changed by a key that lacks one of its scopes', async () => {
    const { id } = await gateway.subscribe(hook.url, { scopes: ['calls:control'] });
    const narrow = { ...OWNER, scopes: new Set(['subscriptions:write'] as const) };
    const refused = { code: 'insufficient_scope' };
    const wish = { url: hook.url, description: null, types: null, scopes: ['calls:control'] as const, phoneNumberId: null };
    await expect(gateway.service.create(narrow, wish)).rejects.toMatchObject(refused);
    await expect(gateway.service.change(narrow, id, { url: 'http://127.0.0.1:1/' })).rejects.toMatchObject(refused);
    await expect(gateway.service.rotate(narrow, id)).rejects.toMatchObject(refused);
    await expect(gateway.service.test(narrow, id)).rejects.toMatchObject(refused);
    await gateway.service.delete(EVERY_NUMBER, id);
    await expect(gateway.service.require(EVERY_NUMBER, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is tested with a signed event, of which nothing is kept', async () => {
    bed.clock.pass(Date.now() - bed.clock.now());
    const { id, secret } = await gateway.subscribe(hook.url);
    const { result } = await gateway.service.test(OWNER, id);
    expect(result).toMatchObject({ status: 204, error: null });
    expect(verify(secretOf({ secret }), hook.got[0] as Received)).toMatchObject({ type: 'subscription.test', data: { id } });
    expect(await gateway.log(id)).toEqual([]);
  });
});
