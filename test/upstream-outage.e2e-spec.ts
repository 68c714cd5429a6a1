import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { answer, offer } from './sdp.js';
import { World } from './world.js';

const HUGO = '5215512340008';
const ANA = '5215512340001';

describe.each(engines)('while 360dialog fails, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    world.allow(HUGO);
    world.allow(ANA);
  });
  afterEach(() => world.close());

  /** Five writes, each one request that fails: a reading in between would show that 360dialog answers. */
  const failInARow = async () => {
    world.fault('settings.write', { times: 5, instead: { status: 503, text: '<html>down</html>' } });
    const client = world.line;
    for (let n = 0; n < 5; n += 1) await expect(client.writeSettings({})).rejects.toMatchObject({ code: 'upstream_error' });
  };
  const dial = (to: string, headers?: Record<string, string>) =>
    world.do('make-call', { to, session: offer(), permission_request: { mode: 'never' } }, headers);
  const metric = async (name: string) => ((await world.get('/metrics')).body as string).split('\n').filter((line) => line.startsWith(name));

  it('a dial is refused after five failures in a row: nothing is sent, and the answer says why, what to do and when', async () => {
    const before = (await world.get('/api/calling/status')).body.upstream;
    expect(before).toMatchObject({ circuit: 'closed', retry_at: null, under_way: 0, waiting: 0 });
    await failInARow();
    const refused = await dial(HUGO, { 'accept-language': 'es' });
    expect(refused).toMatchObject({
      status: 503,
      body: { code: 'upstream_circuit_open', retryable: true, upstream: null, title: expect.stringMatching(/en pausa/) },
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const english = await dial(ANA);
    expect(english.body).toMatchObject({ title: expect.stringMatching(/paused/), remedy: expect.stringContaining('retry_at') });
    expect(Date.parse(english.body.retry_at) - world.clock.now()).toBeLessThanOrEqual(10_000);
    const { upstream } = (await world.get('/api/calling/status')).body;
    expect(upstream).toMatchObject({ circuit: 'open', retry_at: expect.any(String) });
    expect(await metric('wac_upstream_circuit_state')).toEqual(['wac_upstream_circuit_state 2']);
    expect((await metric('wac_upstream_not_sent_total')).join()).toMatch(/operation="connect",reason="upstream_circuit_open"\} 2/);
    expect((await world.get('/api/calling/calls')).body.data.map((call: { state: string }) => call.state)).toEqual(['ended', 'ended']);
  });

  it('the same Idempotency-Key dials once 360dialog works again: a refusal that sent nothing is not kept', async () => {
    const call = await world.ring('hugo');
    await failInARow();
    const key = { 'idempotency-key': 'outage-1' };
    expect((await dial(ANA, key)).status).toBe(503);
    // The rejection is sent all the same, and shows that 360dialog works again.
    expect((await world.do('reject', { call_id: call.call_id })).status).toBe(200);
    expect(await dial(ANA, key)).toMatchObject({ status: 201, body: { state: 'dialing', outcome_known: true } });
  });

  it('ten seconds later one dial is sent to find out, and the others follow it', async () => {
    await failInARow();
    expect((await dial(ANA)).status).toBe(503);
    world.clock.time += 10_000;
    expect((await dial(ANA)).status).toBe(201);
    expect((await dial(HUGO)).status).toBe(201);
    expect((await world.get('/api/calling/status')).body.upstream).toMatchObject({ circuit: 'closed', retry_at: null });
  });

  it('a hang-up is sent although the circuit is open', async () => {
    const call = await world.ring('hugo');
    await world.do('accept', { call_id: call.call_id, session: answer() });
    await world.pass(2);
    await failInARow();
    expect((await dial(ANA)).status).toBe(503);
    expect(await world.do('terminate', { call_id: call.call_id })).toMatchObject({ status: 200, body: { state: 'ended' } });
    expect((await world.get('/api/calling/status')).body.upstream.circuit).toBe('closed');
  });
});
