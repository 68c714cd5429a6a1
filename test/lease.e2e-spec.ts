import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CallsService } from '#calling/call/calls.service.js';
import { CallWatchdogJob } from '#calling/lifecycle/call-watchdog.job.js';
import { HangUpService } from '#calling/lifecycle/hang-up.service.js';
import { LeasesService } from '#calling/lifecycle/leases.service.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { engines } from '#store/temporary-database.fixture.js';
import { answer, offer } from './sdp.js';
import { type Body, type Reply, World } from './world.js';

const HUGO = '5215512340008';
const ANA = '5215512340001';
const [WINDOW, OTHER] = ['window-0123456789', 'window-9876543210'];
/** `CALL_LEASE_SECONDS` */
const TERM = 15;

describe.each(engines)("a softphone's lease on %s", (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  const put = async (id: string, body: object, key?: string): Promise<Reply> => {
    const response = await fetch(`${world.url}/api/calling/calls/${encodeURIComponent(id)}/lease`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key ?? World.KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const drop = (id: string, holder: string) =>
    fetch(`${world.url}/api/calling/calls/${id}/lease?holder=${holder}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${World.KEY}` },
    });
  const keyOf = async (name: string) => (await world.post('/api/keys', { name, scopes: ['calls:control', 'calls:read'] })).body.key;
  const as = (key: string) => ({ authorization: `Bearer ${key}` });

  /** Hugo answers a call that a softphone has dialled, or a server. */
  const talk = async (more: object = { lease_holder: WINDOW }): Promise<Body> => {
    const { body } = await world.do('make-call', { to: HUGO, session: offer(), ...more });
    await world.pass(8);
    expect(await world.call(body.id)).toMatchObject({ state: 'in_progress' });
    return body;
  };
  const hangUps = async (id: string): Promise<number> => {
    const { body } = await world.get(`/api/calling/calls/${id}/timeline`);
    return body.data.filter(({ kind, name }: Body) => kind === 'request' && name === 'terminate').length;
  };
  /** The published events of its end. */
  const ends = async (id: string) => (await world.events()).filter(({ type, subject }) => type === 'call.ended' && subject === id);

  it('keeps the call while it is renewed, and says how often that must be', async () => {
    const { id } = await talk();
    for (let turn = 0; turn < 4; turn += 1) {
      expect(await put(id, { holder: WINDOW, fence: 1 })).toMatchObject({
        status: 200,
        body: { id, holder: WINDOW, fence: 1, renew_after_seconds: 5 },
      });
      await world.pass(TERM - 1);
    }
    expect(await world.call(id)).toMatchObject({ state: 'in_progress' });
  });

  it('ends the call once when it lapses, and says why', async () => {
    const { id } = await talk();
    await put(id, { holder: WINDOW, fence: 1 });
    await world.pass(TERM - 1);
    expect(await world.call(id)).toMatchObject({ state: 'in_progress', error: null });
    await world.pass(3);
    expect(await world.call(id)).toMatchObject({ state: 'ended', outcome: 'answered', error: { code: 'lease_lapsed', upstream: null } });
    await world.pass(60);
    expect([await hangUps(id), (await ends(id)).length]).toEqual([1, 1]);
    expect((await ends(id))[0]?.data).toMatchObject({ error: { code: 'lease_lapsed' }, duration_seconds: null });
    expect((await world.call(id)).duration_seconds).toBeGreaterThan(TERM);
    expect((await put(id, { holder: WINDOW, fence: 1 })).body.code).toBe('call_ended');
    expect((await world.get('/api/calling/errors/lease_lapsed')).body).toMatchObject({ code: 'lease_lapsed' });
  });

  it('begins with the dial, so that a window that dies before it knows the call leaves no phone ringing', async () => {
    const { body } = await world.do('make-call', { to: HUGO, session: offer(), lease_holder: WINDOW });
    await world.pass(8 + TERM - 2);
    expect((await world.call(body.id)).state).toBe('in_progress');
    await world.pass(4);
    expect(await world.call(body.id)).toMatchObject({ state: 'ended', error: { code: 'lease_lapsed' } });
  });

  it('is none of a call that a server makes: it is never ended by this', async () => {
    const { id } = await talk({});
    await world.pass(TERM * 3);
    expect((await world.call(id)).state).toBe('in_progress');
  });

  it('is none of a call that a server takes', async () => {
    const { id, call_id } = await world.ring('hugo');
    await world.do('accept', { call_id, session: answer() });
    await world.pass(TERM * 3);
    expect((await world.call(id)).state).toBe('in_progress');
  });

  it('is as persistent as the call: after a restart it has one full term, and then lapses', async () => {
    const { id } = await talk();
    await put(id, { holder: WINDOW, fence: 1 });
    await world.stop();
    world.clock.time += 120_000;
    await world.start();
    await world.pass(TERM - 2);
    expect((await world.call(id)).state).toBe('in_progress');
    expect((await put(id, { holder: WINDOW, fence: 1 })).status).toBe(200);
    await world.pass(TERM - 2);
    expect((await world.call(id)).state).toBe('in_progress');
    await world.pass(4);
    expect(await world.call(id)).toMatchObject({ state: 'ended', error: { code: 'lease_lapsed' } });
  });

  it('after a restart, lapses as well when the window died in between', async () => {
    const { id } = await talk();
    await world.stop();
    world.clock.time += 120_000;
    await world.start();
    await world.pass(TERM + 3);
    expect(await world.call(id)).toMatchObject({ state: 'ended', error: { code: 'lease_lapsed' } });
    expect(await hangUps(id)).toBe(1);
  });

  it('gives every lease a term after the gateway itself stood still', async () => {
    const { id } = await talk();
    await put(id, { holder: WINDOW, fence: 1 });
    world.clock.time += 60_000;
    await world.pass(TERM - 2);
    expect((await world.call(id)).state).toBe('in_progress');
    await world.pass(4);
    expect((await world.call(id)).state).toBe('ended');
  });

  it('passes to another window of the same operator, and refuses the former one', async () => {
    const { id } = await talk();
    expect(await put(id, { holder: OTHER })).toMatchObject({ status: 200, body: { fence: 2, holder: OTHER } });
    expect(await put(id, { holder: WINDOW, fence: 1 })).toMatchObject({
      status: 409,
      body: { code: 'lease_lost', remedy: expect.stringContaining('fence'), retryable: false },
    });
    await drop(id, WINDOW);
    await world.pass(TERM - 2);
    expect((await put(id, { holder: OTHER, fence: 2 })).status).toBe(200);
    // A first take whose answer was lost is taken again, and is the same lease.
    expect((await put(id, { holder: OTHER })).body.fence).toBe(2);
  });

  it('of one operator is not taken by another, and is renewed by the token that replaces theirs', async () => {
    const [mine, theirs] = [await keyOf('mine'), await keyOf('theirs')];
    const { id } = await talk({});
    const token = async () => (await world.post('/api/tokens', { scopes: ['calls:control'] }, as(mine))).body.token;
    expect((await put(id, { holder: WINDOW }, await token())).body.fence).toBe(1);
    expect(await put(id, { holder: OTHER }, theirs)).toMatchObject({
      status: 409,
      body: { code: 'lease_held', retry_at: expect.any(String) },
    });
    expect((await put(id, { holder: WINDOW, fence: 1 }, theirs)).body.code).toBe('lease_lost');
    expect((await put(id, { holder: WINDOW, fence: 1 }, await token())).status).toBe(200);
  });

  it('given up leaves the call to itself', async () => {
    const { id } = await talk();
    expect((await drop(id, WINDOW)).status).toBe(204);
    await world.pass(60);
    expect((await world.call(id)).state).toBe('in_progress');
  });

  it('of a call that rings goes with its claim, and another operator answers', async () => {
    const [one, two] = [await keyOf('one'), await keyOf('two')];
    const call = await world.ring('hugo');
    expect((await put(call.id, { holder: WINDOW }, one)).status).toBe(200);
    const session = answer();
    await world.do('pre-accept', { call_id: call.call_id, session }, as(one));
    expect((await put(call.id, { holder: OTHER }, two)).body.code).toBe('call_claimed');
    await world.pass(TERM + 2);
    expect(await world.call(call.id)).toMatchObject({ state: 'ringing', claimed_by: null });
    expect((await put(call.id, { holder: WINDOW, fence: 1 }, one)).body.code).toBe('lease_lost');
    expect((await world.do('accept', { call_id: call.call_id, session }, as(two))).status).toBe(200);
    await world.pass(TERM + 10);
    expect((await world.call(call.id)).state).toBe('in_progress');
    expect(await hangUps(call.id)).toBe(0);
  });

  it('of a client that did not answer passes to no one: a client that answers without one keeps the call', async () => {
    const [one, two] = [await keyOf('one'), await keyOf('two')];
    const call = await world.ring('hugo');
    await put(call.id, { holder: WINDOW }, one);
    expect((await world.do('accept', { call_id: call.call_id, session: answer() }, as(two))).status).toBe(200);
    expect((await put(call.id, { holder: WINDOW }, one)).body.code).toBe('call_claimed');
    await world.pass(TERM * 3);
    expect((await world.call(call.id)).state).toBe('in_progress');
  });

  it('that lapses while a call waits for permission or its offer ends nothing', async () => {
    const { body } = await world.do('make-call', { to: ANA, lease_holder: WINDOW });
    expect(body.state).toBe('awaiting_permission');
    await world.pass(60);
    expect((await world.call(body.id)).state).toBe('ready');
  });

  it('hangs up again, once at a time, while 360dialog does not confirm', async () => {
    const { id } = await talk();
    await put(id, { holder: WINDOW, fence: 1 });
    world.fault('terminate', { instead: 'drop', times: 2 });
    await world.pass(TERM + 2);
    expect(await world.call(id)).toMatchObject({ state: 'in_progress' });
    await world.pass(30);
    expect(await world.call(id)).toMatchObject({ state: 'ended', error: { code: 'lease_lapsed' } });
    // Each attempt asks 360dialog twice within its time limit, so the second one gets through.
    expect(await hangUps(id)).toBe(2);
  });

  it('renewed in the very moment in which it was found lapsed is kept', async () => {
    const { id } = await talk();
    const [calls, leases] = [world.app.get(CallsService), world.app.get(LeasesService)];
    await world.pass(TERM - 2);
    const found = await calls.require(EVERY_NUMBER, id);
    await put(id, { holder: WINDOW, fence: 1 });
    await leases.lapse(found);
    expect((await world.call(id)).state).toBe('in_progress');
  });

  it('lasts as long as the window asks, a minute at most', async () => {
    const { id } = await talk();
    expect((await put(id, { holder: WINDOW, fence: 1, ttl_seconds: 61 })).status).toBe(422);
    expect((await put(id, { holder: 'me', fence: 1 })).body.errors).toMatchObject([{ field: 'holder' }]);
    expect((await put(id, { holder: WINDOW, fence: 1, ttl_seconds: 60 })).status).toBe(200);
    await world.pass(58);
    expect((await world.call(id)).state).toBe('in_progress');
    await world.pass(4);
    expect((await world.call(id)).state).toBe('ended');
  });

  it('of a key without calls:write is refused, and of an unknown call is not found', async () => {
    const { key } = (await world.post('/api/keys', { name: 'reader', scopes: ['calls:read'] })).body;
    const { id } = await talk();
    expect((await put(id, { holder: WINDOW, fence: 1 }, key)).status).toBe(403);
    expect((await put('call_nobody', { holder: WINDOW })).status).toBe(404);
  });

  // SQLite is of one process.
  const replicas = engine === 'postgres' ? it : () => undefined;
  replicas('ends the call once whatever the number of gateways', async () => {
    const others = [await world.startAnother(), await world.startAnother()];
    const watchdogs = [world.app, ...others].map((app) => app.get(CallWatchdogJob));
    try {
      const { id } = await talk();
      const look = () => Promise.all(watchdogs.map((watchdog) => watchdog.tick()));
      for (let second = 0; second < TERM * 2; second += 1) {
        world.clock.time += 1_000;
        // While one of them speaks with 360dialog the others go on looking.
        for (let turn = 0; turn < 3; turn += 1) await look();
        if (world.simulator.context.calls.all().at(-1)?.state === 'ended') break;
      }
      while ((await world.call(id)).state !== 'ended') await look();
      expect(await world.call(id)).toMatchObject({ state: 'ended', error: { code: 'lease_lapsed' } });
      await world.pass(30);
      expect([await hangUps(id), (await ends(id)).length]).toEqual([1, 1]);
    } finally {
      for (const app of others) await app.close();
    }
  });

  replicas('hangs up again from one gateway when the first attempt was lost', async () => {
    const another = await world.startAnother();
    try {
      const { id } = await talk();
      world.fault('terminate', { instead: 'drop', times: 2 });
      while ((await hangUps(id)) === 0) await world.pass(1);
      world.clock.time += 6_000;
      const everybody = [world.app, another, world.app, another].map((app) => app.get(HangUpService).finish(id));
      await Promise.all(everybody);
      while ((await world.call(id)).state !== 'ended') await world.settle();
      expect(await hangUps(id)).toBe(2);
    } finally {
      await another.close();
    }
  });
});
