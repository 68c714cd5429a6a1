import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { answer } from './sdp.js';
import { type Body, World } from './world.js';

describe.each(engines)('an inbound call on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  /** Somebody calls in; the call as the gateway shows it. */
  const ring = async (who = 'fede'): Promise<Body> => {
    const user = world.simulator.context.users.meet(who);
    if (!user) throw new Error(`nobody is called ${who}`);
    world.simulator.callSimulation.callIn(user, { giveUpAfterSeconds: 50 });
    await world.settle();
    const { body } = await world.get('/api/calling/calls?state=ringing');
    return body.data[0];
  };
  const keyOf = async (name: string) => (await world.post('/api/keys', { name, scopes: ['calls:control', 'calls:read'] })).body.key;
  const as = (key: string) => ({ authorization: `Bearer ${key}` });

  it('rings, is warmed up, accepted with the same SDP, and ends answered', async () => {
    const call = await ring();
    expect(call).toMatchObject({ direction: 'inbound', session: { sdp_type: 'offer' }, user: { name: 'Fede' } });
    expect(await world.do('pre-accept', { call_id: call.call_id, session: answer() })).toMatchObject({
      status: 200,
      body: { state: 'ringing', claimed_by: 'API_KEY' },
    });
    expect(await world.do('accept', { call_id: call.call_id })).toMatchObject({ status: 200, body: { state: 'in_progress' } });
    await world.pass(9);
    await world.do('terminate', { id: call.id });
    await world.pass(2);
    expect(await world.call(call.id)).toMatchObject({
      state: 'ended',
      outcome: 'answered',
      duration_seconds: expect.any(Number),
      claimed_by: 'API_KEY',
    });
    const told = (await world.events()).filter(({ subject }) => subject === call.id).map(({ type }) => type);
    expect(told.filter((type) => type !== 'call.updated')).toEqual(['call.incoming', 'call.claimed', 'call.answered', 'call.ended']);
  });

  it('from a user without a visible number is answered alike', async () => {
    const call = await ring('elena');
    expect(call.user).toMatchObject({ wa_id: null, user_id: expect.stringMatching(/^MX\./) });
    expect((await world.do('accept', { call_id: call.call_id, session: answer() })).status).toBe(200);
  });

  it('that no client takes is missed', async () => {
    const call = await ring();
    await world.pass(70);
    expect(await world.call(call.id)).toMatchObject({ state: 'ended', outcome: 'missed', session: null });
  });

  it('that we decline is rejected', async () => {
    const call = await ring();
    expect(await world.do('reject', { id: call.id })).toMatchObject({ status: 200, body: { state: 'ended', outcome: 'rejected' } });
  });

  it('belongs to the client that claims it first, until the claim lapses or is given up', async () => {
    const call = await ring();
    const [one, two] = [await keyOf('one'), await keyOf('two')];
    const session = answer();
    expect((await world.do('pre-accept', { call_id: call.call_id, session }, as(one))).status).toBe(200);
    const refused = await world.do('accept', { call_id: call.call_id, session }, as(two));
    expect(refused).toMatchObject({ status: 409, body: { code: 'call_claimed' } });
    expect((await world.do('release', { call_id: call.call_id }, as(one))).body.claimed_by).toBeNull();
    expect((await world.do('pre-accept', { call_id: call.call_id, session }, as(two))).body.claimed_by).toBe('two');
    await world.pass(31);
    expect((await world.do('accept', { call_id: call.call_id, session }, as(one))).status).toBe(200);
  });

  it('two operators race: one answers, the other gets a refusal', async () => {
    const call = await ring();
    const keys = [await keyOf('one'), await keyOf('two')];
    const replies = await Promise.all(keys.map((key) => world.do('accept', { call_id: call.call_id, session: answer() }, as(key))));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('whose accept got no response is reported as accepting, and a second accept finds out', async () => {
    const call = await ring();
    world.fault('accept', { afterwards: 'drop' });
    const lost = await world.do('accept', { call_id: call.call_id, session: answer() });
    expect(lost).toMatchObject({ status: 202, body: { state: 'accepting', outcome_known: false } });
    const again = await world.do('accept', { call_id: call.call_id, session: answer() });
    expect(again).toMatchObject({ status: 200, body: { state: 'in_progress', outcome_known: true } });
  });

  it('refuses another SDP than the pre-accept had', async () => {
    const call = await ring();
    await world.do('pre-accept', { call_id: call.call_id, session: answer('1') });
    expect(await world.do('accept', { call_id: call.call_id, session: answer('2') })).toMatchObject({
      status: 409,
      body: { code: 'answer_mismatch' },
    });
  });

  it('delivered hours late is in the log and never rings', async () => {
    const call = await ring();
    const [{ body }] = [await world.get(`/api/calling/calls/${call.id}`)];
    const seconds = Math.floor(world.clock.now() / 1000) - 7_200;
    await world.deliver({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '200000000000001',
          changes: [
            {
              field: 'calls',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '5215500000001', phone_number_id: body.phone_number_id },
                contacts: [{ profile: { name: 'Late' }, wa_id: '5215512349999' }],
                calls: [
                  {
                    id: 'wacid.LATE',
                    from: '5215512349999',
                    to: '5215500000001',
                    event: 'connect',
                    direction: 'USER_INITIATED',
                    timestamp: String(seconds),
                    session: { sdp_type: 'offer', sdp: 'v=0\r\n' },
                  },
                ],
              },
            },
          ],
        },
      ],
    });
    const late = await world.call('wacid.LATE');
    // It belongs to the day on which it was made, not to the one on which we heard of it.
    expect(late).toMatchObject({ state: 'ended', outcome: 'missed', created_at: new Date(seconds * 1_000).toISOString() });
    const told = (await world.events()).filter(({ subject }) => subject === late.id).map(({ type }) => type);
    expect(told).toEqual(['call.ended']);
  });
});
