import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const [ANA, BETO, CARLA, DIEGO, HUGO, INES] = [
  '5215512340001',
  '5215512340002',
  '5215512340003',
  '5215512340004',
  '5215512340008',
  '5215512340009',
];

describe.each(engines)('an outbound call on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  const types = async (id: string) => (await world.events()).filter(({ subject }) => subject === id).map(({ type }) => type);

  it('asks, is granted, dials, rings, is answered and ends, and every step is published', async () => {
    const asked = await world.do('make-call', { to: ANA, reference: 'crm-4711' });
    expect(asked).toMatchObject({
      status: 202,
      body: { state: 'awaiting_permission', permission_request: { status: 'sent' }, reference: 'crm-4711' },
    });
    const { id } = asked.body;
    await world.pass(5);
    expect(await world.call(id)).toMatchObject({ state: 'ready', permission_request: { status: 'read' } });
    const dialled = await world.do('connect', { id, session: offer() });
    expect(dialled).toMatchObject({ status: 201, body: { state: 'dialing', outcome_known: true } });
    await world.pass(2);
    expect(await world.call(id)).toMatchObject({ state: 'ringing', answered_at: null, session: { sdp_type: 'answer' } });
    await world.pass(5);
    expect(await world.call(id)).toMatchObject({ state: 'in_progress' });
    const ended = await world.do('terminate', { call_id: dialled.body.call_id });
    expect(ended).toMatchObject({ status: 200, body: { state: 'ended', outcome: 'answered', session: null } });
    await world.pass(2);
    expect((await world.call(id)).duration_seconds).toBeGreaterThan(0);
    const told = await types(id);
    expect(told.filter((type) => type !== 'call.updated')).toEqual(['call.ready', 'call.connected', 'call.answered', 'call.ended']);
    const timeline = (await world.get(`/api/calling/calls/${id}/timeline`)).body.data;
    expect(JSON.stringify(timeline)).not.toContain('ice-pwd');
    expect(timeline.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['request_permission', 'connect', 'RINGING', 'ACCEPTED', 'terminate']),
    );
  });

  it('to a user who refuses permission ends without a dial', async () => {
    const { body } = await world.do('make-call', { to: BETO });
    await world.pass(10);
    expect(await world.call(body.id)).toMatchObject({ state: 'ended', outcome: 'permission_denied', dialed_at: null });
  });

  it('that waits for an answer for seven days expires', async () => {
    const { body } = await world.do('make-call', { to: INES });
    await world.pass(7 * 86_400 + 60);
    expect(await world.call(body.id)).toMatchObject({ state: 'ended', outcome: 'expired', outcome_source: 'inferred' });
  });

  it.each([
    [CARLA, 'no_answer', 'inferred'],
    [DIEGO, 'rejected', 'wire'],
  ])('to %s ends as %s', async (to, outcome, outcome_source) => {
    const asked = await world.do('make-call', { to });
    await world.pass(10);
    await world.do('connect', { id: asked.body.id, session: offer() });
    await world.pass(90);
    expect(await world.call(asked.body.id)).toMatchObject({ state: 'ended', outcome, outcome_source, answered_at: null });
  });

  it('that is not answered within the ring timeout is given up', async () => {
    const { body } = await world.do('make-call', { to: INES, give_up_after_seconds: 30 });
    await world.pass(31);
    expect(await world.call(body.id)).toMatchObject({ state: 'ended', outcome: 'expired' });
  });

  it('is one per person: the second finds the first, also under a twin of the number, and twenty at once make one', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, i) => world.do('make-call', { to: i % 2 ? HUGO : HUGO.replace(/^521/, '52'), session: offer() })),
    );
    const [placed, ...others] = all.filter(({ status }) => status === 201);
    expect(others).toEqual([]);
    for (const { status, body } of all.filter((reply) => reply.status !== 201)) {
      expect([status, body.code, body.call.id]).toEqual([409, 'call_in_progress', placed?.body.id]);
    }
  });

  it('to a user who has just hung up is not refused for the call that their webhook ends', async () => {
    const user = world.simulator.context.users.meet(HUGO);
    if (!user) throw new Error('the simulator has no such user');
    const incoming = world.simulator.callSimulation.callIn(user, { giveUpAfterSeconds: 50 });
    await world.settle();
    // The webhook is kept, and nothing has applied it yet; on SQLite it is applied in the same commit.
    const worker = jest.spyOn(world.app.get(InboxWorker), 'wake').mockResolvedValueOnce();
    world.simulator.callSimulation.hangUp(incoming);
    await world.simulator.settle();
    const { status, body } = await world.do('make-call', { to: HUGO, session: offer() });
    worker.mockRestore();
    expect([status, body.code]).toEqual([201, undefined]);
  });

  it('whose dial got no response is reported as unknown, never repeated, and found again by its callback data', async () => {
    world.fault('connect', { afterwards: 'drop' });
    const lost = await world.do('make-call', { to: HUGO, session: offer() }, { 'idempotency-key': 'lost-1' });
    expect(lost).toMatchObject({ status: 202, body: { state: 'dialing', outcome_known: false, call_id: null } });
    const again = await world.do('make-call', { to: HUGO, session: offer() }, { 'idempotency-key': 'lost-1' });
    expect([again.status, again.body.id, again.headers.get('idempotency-replayed')]).toEqual([202, lost.body.id, 'true']);
    await world.pass(8);
    expect(await world.call(lost.body.id)).toMatchObject({
      state: 'in_progress',
      outcome_known: true,
      call_id: expect.stringMatching(/^wacid\./),
    });
  });

  it('that was hung up before its wacid was known is hung up as soon as it is', async () => {
    world.fault('connect', { afterwards: 'drop' });
    const lost = await world.do('make-call', { to: HUGO, session: offer() });
    const hungUp = await world.do('terminate', { id: lost.body.id });
    expect(hungUp).toMatchObject({ status: 202, body: { state: 'dialing' } });
    await world.pass(10);
    expect(await world.call(lost.body.id)).toMatchObject({ state: 'ended', outcome: 'canceled' });
  });

  it('whose outcome is never reported ends as unknown', async () => {
    world.fault('connect', { instead: 'drop' });
    const lost = await world.do('make-call', { to: HUGO, session: offer() });
    await world.pass(130);
    expect(await world.call(lost.body.id)).toMatchObject({ state: 'ended', outcome: 'unknown', outcome_known: false });
  });

  it('survives a restart at any moment', async () => {
    const made = await world.do('make-call', { to: HUGO, session: offer() });
    await world.stop();
    await world.start();
    await world.pass(10);
    expect(await world.call(made.body.id)).toMatchObject({ state: 'in_progress' });
  });
});
