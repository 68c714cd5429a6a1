import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { diagnoseCommand } from '#cli/diagnosis/diagnose.command.js';
import type { DiagnosisReport } from '#cli/diagnosis/finding.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { engines } from '#store/temporary-database.fixture.js';
import { answer, offer } from './sdp.js';
import { type Body, World } from './world.js';

const [ANA, HUGO] = ['5215512340001', '5215512340008'];
const DAY = 86_400;

/** Since October 2026 only the Call primary of a number may act on its calls; others get 138038. */
describe.each(engines)('a number whose calls Meta routes to another partner, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine, env: { FIGURE_MAX_AGE_SECONDS: '0' } });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  const route = (elsewhere: boolean) => void Object.assign(world.simulator.context.number, { callPrimary: !elsewhere });
  const gate = async (direction = 'outbound'): Promise<Body> =>
    (await world.get('/api/calling/status')).body[direction].gates.find(({ name }: Body) => name === 'call_primary');
  const REFUSED = { status: 409, body: { code: 'not_call_primary', upstream: { code: 138038 }, remedy: expect.stringMatching(/Call/) } };
  const dial = () => world.do('make-call', { to: HUGO, session: offer() });
  const preflight = async (to: string): Promise<Body> => (await world.get(`/api/calling/preflight?to=${to}`)).body;
  const diagnosed = async (): Promise<DiagnosisReport> => {
    const terminal = new FakeTerminal({ GATEWAY_URL: world.url, API_KEY: World.KEY });
    terminal.clock = world.clock;
    await terminal.type(diagnoseCommand, '--json', '--to', HUGO);
    return terminal.document<DiagnosisReport>();
  };

  it('is unknown until it is learnt, and blocks nothing meanwhile', async () => {
    for (const direction of ['inbound', 'outbound']) expect(await gate(direction)).toMatchObject({ verdict: 'unknown', code: null });
    expect((await preflight(HUGO)).verdict).toBe('available');
  });

  it('is learnt by a refused dial, and told alike by status, preflight, make-call and diagnose', async () => {
    route(true);
    expect(await dial()).toMatchObject(REFUSED);
    for (const direction of ['inbound', 'outbound'])
      expect(await gate(direction)).toMatchObject({
        verdict: 'fail',
        value: 'another_partner',
        required: 'this_partner',
        source: '360dialog',
        code: 'not_call_primary',
        remedy: expect.stringMatching(/Meta Business Suite/),
        retry_at: expect.stringMatching(/Z$/),
      });
    expect(await preflight(HUGO)).toMatchObject({ verdict: 'blocked', code: 'not_call_primary' });
    expect(await dial()).toMatchObject(REFUSED);
    const diagnosis = await diagnosed();
    expect(diagnosis.verdict).toBe('blocked');
    expect(diagnosis.findings.find(({ name }) => name === 'call_primary')).toMatchObject({ verdict: 'fail', code: 'not_call_primary' });
    expect(diagnosis.recent_refusals).toMatchObject([{ code: 'not_call_primary', upstream_code: 138038, count: 2 }]);
    const { body } = await world.post('/api/calling/errors/explain', { text: '(#138038) x' });
    expect(body.entry.code).toBe('not_call_primary');
  });

  it.each(['pre-accept', 'accept', 'reject', 'terminate'])('is learnt by a refused %s', async (verb) => {
    const call = await world.ring(HUGO);
    if (verb === 'terminate') await world.do('accept', { call_id: call.call_id, session: answer() });
    route(true);
    const session = verb === 'accept' || verb === 'pre-accept' ? { session: answer() } : {};
    expect(await world.do(verb, { call_id: call.call_id, ...session })).toMatchObject(REFUSED);
    expect(await gate('inbound')).toMatchObject({ verdict: 'fail', code: 'not_call_primary' });
    expect((await world.get('/api/calling/status')).body.recent_refusals).toMatchObject([{ code: 'not_call_primary' }]);
  });

  it('asks nobody for a permission whose reply would go to another partner', async () => {
    route(true);
    await dial();
    const asked = () => world.simulator.context.users.meet(ANA)?.askedAt.length;
    expect(await preflight(ANA)).toMatchObject({ verdict: 'blocked', code: 'not_call_primary' });
    for (const refused of [await world.do('make-call', { to: ANA }), await world.do('request-permission', { to: ANA })])
      expect(refused).toMatchObject({ status: 409, body: { code: 'not_call_primary', retry_at: expect.stringMatching(/Z$/) } });
    expect(asked()).toBe(0);
  });

  it('is lifted by a call action that Meta takes', async () => {
    route(true);
    await dial();
    route(false);
    await world.pass(1);
    expect((await dial()).status).toBe(201);
    expect(await gate()).toMatchObject({ verdict: 'pass', value: 'this_partner', code: null });
    expect((await world.do('make-call', { to: ANA })).status).toBe(202);
  });

  it.each(['accept', 'reject', 'terminate'])('is lifted by %s', async (verb) => {
    route(true);
    await dial();
    route(false);
    await world.pass(1);
    const call = await world.ring(HUGO);
    const session = verb === 'accept' ? { session: answer() } : {};
    expect((await world.do(verb, { call_id: call.call_id, ...session })).status).toBe(200);
    expect(await gate()).toMatchObject({ verdict: 'pass' });
  });

  it('is lifted by a call of a user: only the Call primary receives those', async () => {
    route(true);
    await dial();
    route(false);
    await world.pass(1);
    await world.ring(ANA);
    expect(await gate()).toMatchObject({ verdict: 'pass', source: 'webhook' });
  });

  it('warns after a day without a new refusal, and is unknown again after a week', async () => {
    route(true);
    await dial();
    await world.pass(DAY + 60);
    expect(await gate()).toMatchObject({ verdict: 'warning', code: 'not_call_primary' });
    await world.pass(7 * DAY);
    expect(await gate()).toMatchObject({ verdict: 'unknown' });
  });

  it('receives neither webhooks of calls nor replies to permission requests', async () => {
    route(true);
    const before = (await world.events()).length;
    expect(await world.ring(ANA)).toBeUndefined();
    world.simulator.permissionSimulation.grant(world.simulator.context.users.meet(ANA) as never, 'permanent');
    await world.pass(2);
    expect((await world.events()).length).toBe(before);
    const settings = await fetch(`${world.simulatorUrl.replace('/360dialog', '/api')}/number`);
    expect(await settings.json()).toMatchObject({ number: { call_primary: false } });
  });
});
