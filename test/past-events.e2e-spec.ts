import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import { Endpoint } from '#delivery/subscriptions/delivery.fixture.js';
import type { PublicEvent } from '#events/event.js';
import { Reader } from '#events/stream-reader.fixture.js';
import { DAY, HOUR } from '#kernel/clock.js';
import { engines } from '#store/temporary-database.fixture.js';
import { World } from './world.js';

describe.each(engines)('the calls of a past that is loaded on %s', (engine) => {
  let world: World;
  let hook: Endpoint;
  let stream: Reader;
  beforeEach(async () => {
    world = await World.open({ engine, env: { EVENTS_ALLOW_PRIVATE_TARGETS: 'true' } });
    hook = await new Endpoint().open();
    expect((await world.post('/api/subscriptions', { url: hook.url, types: ['call.ended', 'call.incoming'] })).status).toBe(201);
    const { port, hostname } = new URL(world.url);
    const options = {
      port,
      hostname,
      path: '/api/events?types=call.incoming,call.updated,call.answered,call.ended',
      agent: false as const,
    };
    const headers = { authorization: `Bearer ${World.KEY}` };
    stream = new Reader(await new Promise<IncomingMessage>((resolve, reject) => get({ ...options, headers }, resolve).on('error', reject)));
  });
  afterEach(async () => {
    stream.leave();
    hook.close();
    await world.close();
  });

  const ended = () => stream.events.filter(({ type }) => type === 'call.ended');

  it('are no news: each event says that it is of the past and when it happened, and none rings', async () => {
    const { traffic } = world.simulator;
    traffic.load('reached');
    const until = world.clock.time - 3 * HOUR;
    const { days } = await traffic.replay({ from: until - DAY, until, only: 'calls', pattern: { duplicates: 0, late: 0 } });
    await world.settle();
    const calls = days.reduce((sum, { callsIn, callsOut }) => sum + callsIn + callsOut, 0);
    expect(calls).toBeGreaterThan(5);
    await stream.until(() => ended().length >= calls || stream.closed);
    const isPast = ({ past, occurred_at }: PublicEvent) => past === true && Date.parse(occurred_at) < world.clock.time - 2 * HOUR;
    expect(stream.events.filter((event) => !isPast(event))).toEqual([]);
    expect(stream.events.map(({ type }) => type)).not.toContain('call.incoming');
    const calling = ended().map(({ occurred_at, data }) => [occurred_at, (data as { ended_at: string }).ended_at]);
    for (const [at, endedAt] of calling) expect(at).toBe(endedAt);
    await world.app.get(DeliveriesService).flush();
    expect(hook.got.length).toBeGreaterThan(0);
    expect(hook.got.filter(({ event }) => !isPast(event as unknown as PublicEvent))).toEqual([]);
  });

  it('leave the calls of now as they are', async () => {
    await world.ring('fede');
    await world.pass(70);
    await stream.until(() => ended().length > 0 || stream.closed);
    expect(stream.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['call.incoming', 'call.ended']));
    expect(stream.events.filter((event) => 'past' in event)).toEqual([]);
  });
});
