import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { offer } from '../sdp.js';
import { type Body, World } from '../world.js';
import { deliveriesOf } from './deliveries.js';

const HIDDEN = 'MX.10000000000000777';
const FORMER = 'MX.10000000000000888';
const PRESENT = 'MX.20000000000000888';

describe.each(engines)('who a webhook is about on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  /** A call that waits for the permission of a person who is asked now. */
  const waitingFor = async (user: { to?: string; recipient?: string }): Promise<Body> => {
    const id = user.to ?? user.recipient ?? '';
    const simulated = world.simulator.context.users.meet(id);
    if (!simulated) throw new Error(`${id} is no user`);
    simulated.script.on_permission_request = 'ignore';
    world.simulator.messageSimulation.write(simulated, 'Hello');
    await world.settle();
    const { status, body } = await world.do('make-call', user);
    expect({ status, state: body.state }).toEqual({ status: 202, state: 'awaiting_permission' });
    return body;
  };
  const deliverAll = async (bodies: readonly string[]): Promise<void> => {
    for (const body of bodies) expect(await world.deliver(body)).toBe(200);
  };
  const idsWith = async (user: string): Promise<string[]> => {
    const { body } = await world.get(`/api/calling/calls?user=${encodeURIComponent(user)}`);
    return body.data.map(({ id }: Body) => id);
  };

  it('a BSUID in from, wa_id and recipient_id names the person, in calls and in replies', async () => {
    const waiting = await waitingFor({ recipient: HIDDEN });
    await deliverAll(deliveriesOf('bsuid-where-a-number-stands', world));
    expect(await world.call('wacid.FIELD1')).toMatchObject({
      state: 'ringing',
      direction: 'inbound',
      user: { user_id: HIDDEN, wa_id: null, name: 'Ana' },
    });
    expect(await world.call('wacid.FIELD2')).toMatchObject({ state: 'ringing', user: { user_id: HIDDEN, wa_id: null } });
    expect((await world.call(waiting.id)).state).toBe('ready');
  });

  it('a BSUID in to and recipient_id reports the answer, the statuses and the end of our call', async () => {
    world.allow(HIDDEN);
    world.fault('connect', { afterwards: 'drop' });
    const dialled = (await world.do('make-call', { recipient: HIDDEN, session: offer() })).body;
    expect(dialled).toMatchObject({ state: 'dialing', outcome_known: false });
    const about = { id: 'wacid.HIDDEN', timestamp: String(Math.floor(world.clock.now() / 1000)) };
    const ours = '5215500000001';
    const connect = { ...about, from: ours, to: HIDDEN, event: 'connect', direction: 'BUSINESS_INITIATED' };
    const session = { sdp_type: 'answer', sdp: offer().sdp.replace('actpass', 'active') };
    await world.deliver(delivery('calls', { calls: [{ ...connect, session }] }));
    await world.deliver(delivery('calls', { statuses: [{ ...about, type: 'call', status: 'ACCEPTED', recipient_id: HIDDEN }] }));
    expect(await world.call(dialled.id)).toMatchObject({
      call_id: 'wacid.HIDDEN',
      state: 'in_progress',
      session: { sdp_type: 'answer' },
      user: { user_id: HIDDEN, wa_id: null },
    });
    await world.deliver(delivery('calls', { calls: [{ ...about, from: ours, to: HIDDEN, event: 'terminate', status: 'COMPLETED' }] }));
    expect(await world.call('wacid.HIDDEN')).toMatchObject({ id: dialled.id, state: 'ended' });
    expect((await world.get('/api/calling/calls')).body.data).toHaveLength(1);
  });

  it('another contact beside the end of a call makes no two people one', async () => {
    const [dialledTo, other] = ['5215512349905', '5215512349906'];
    world.allow(dialledTo);
    world.simulator.messageSimulation.write(world.simulator.context.users.meet(other) ?? never(), 'Hello');
    await world.settle();
    const { body: call } = await world.do('make-call', { to: dialledTo, session: offer() });
    await world.pass(5);
    const bodies = deliveriesOf('another-contact-beside-the-call', world);
    await deliverAll(bodies.map((body) => body.replaceAll('wacid.FIELD50', call.call_id)));
    expect(await world.call(call.id)).toMatchObject({ state: 'ended', outcome: 'answered', user: { wa_id: dialledTo } });
    expect(await idsWith(dialledTo)).toEqual([call.id]);
    expect(await idsWith(other)).toEqual([]);
    // Nor does one that stands beside a call whose webhook names nobody.
    await world.deliver(
      bodies.join('').replaceAll('wacid.FIELD50', call.call_id).replace(`"to":"${dialledTo}",`, '').replace('COMPLETED', 'FAILED'),
    );
    expect((await world.call(call.id)).user.wa_id).toBe(dialledTo);
    expect(await idsWith(other)).toEqual([]);
  });

  const forms: Array<[string, (message: Body) => void]> = [
    ['previous_user_id', () => undefined],
    ['from_user_id', (message) => Object.assign(message, { from_user_id: take(message.system, 'previous_user_id') })],
    ['from', (message) => Object.assign(message, { from: take(message.system, 'previous_user_id') })],
    ['the body alone', (message) => delete message.system.previous_user_id],
    [
      'the body alone, both ids',
      (message) => {
        delete message.system.previous_user_id;
        delete message.system.user_id;
      },
    ],
  ];
  it.each(forms)('a changed BSUID is the same person when its former id stands in %s', async (_form, change) => {
    const waiting = await waitingFor({ recipient: FORMER });
    const [changed, reply] = deliveriesOf('user-changed-user-id', world).map((body) => JSON.parse(body));
    change(changed.entry[0].changes[0].value.messages[0]);
    await deliverAll([changed, reply].map((body) => JSON.stringify(body)));
    expect(await world.call(waiting.id)).toMatchObject({ state: 'ready', user: { user_id: PRESENT } });
    expect(await idsWith(FORMER)).toEqual([waiting.id]);
    expect(await idsWith(PRESENT)).toEqual([waiting.id]);
    world.allow(PRESENT);
    expect((await world.do('connect', { id: waiting.id, session: offer() })).status).toBe(201);
    expect(world.simulator.context.calls.all().at(-1)?.user.userId).toBe(PRESENT);
  });

  it('a reply under the new BSUID that overtakes its change makes the call ready when the change arrives', async () => {
    const waiting = await waitingFor({ recipient: FORMER });
    await deliverAll(deliveriesOf('user-changed-user-id', world).reverse());
    expect(await world.call(waiting.id)).toMatchObject({ state: 'ready', user: { user_id: PRESENT } });
  });

  describe.each(['previous', 'sender', 'body'] as const)('told in the form %s', (form) => {
    it('a changed number takes permission, limits, window and the waiting call along, and a stranger on the old one gets nothing', async () => {
      const waiting = await waitingFor({ to: '5215512349907' });
      const user = world.simulator.context.users.meet('5215512349907') ?? never();
      await world.pass(1);
      world.simulator.identitySimulation.changeNumber(user, '5215512349908', form);
      await world.settle();
      expect((await world.call(waiting.id)).user).toMatchObject({ wa_id: '5215512349908', user_id: user.userId, input: '5215512349907' });
      const ledger = (await world.get('/api/calling/permissions/5215512349907')).body;
      expect(ledger).toMatchObject({ user: { wa_id: '5215512349908' }, last_request: { status: 'sent' }, window: { state: 'open' } });
      world.simulator.permissionSimulation.grant(user, 'temporary');
      await world.settle();
      expect((await world.call(waiting.id)).state).toBe('ready');
      expect((await world.do('connect', { id: waiting.id, session: offer() })).status).toBe(201);
      expect(world.simulator.context.calls.all().at(-1)?.user.waId).toBe('5215512349908');
      expect(await idsWith('5215512349907')).toEqual([waiting.id]);
      expect(await idsWith('5215512349908')).toEqual([waiting.id]);
      // Somebody else has got the old number and calls.
      await world.pass(2);
      const stranger = await world.ring('5215512349907');
      expect(stranger.user.wa_id).toBe('5215512349907');
      expect(await idsWith('5215512349907')).toEqual([stranger.id]);
      expect(await idsWith('5215512349908')).toEqual([waiting.id]);
      expect((await world.get('/api/calling/permissions/5215512349907')).body.status).toBe('no_permission');
    });

    it('a changed BSUID hides the number, and later dials go to the BSUID', async () => {
      const user = world.simulator.context.users.meet('5215512349909') ?? never();
      world.simulator.messageSimulation.write(user, 'Hello');
      await world.pass(1);
      // What 360dialog says about the former number is not believed for the BSUID.
      expect((await world.get('/api/calling/permissions/5215512349909')).body.status).toBe('no_permission');
      world.simulator.identitySimulation.changeUserId(user, null, form);
      await world.settle();
      world.allow(user.userId ?? '');
      const { status, body } = await world.do('make-call', { to: '5215512349909', session: offer() });
      expect({ status, user: body.user }).toMatchObject({ status: 201, user: { wa_id: null, user_id: user.userId } });
      expect(world.simulator.context.calls.all().at(-1)?.user.name).toBe(user.name);
    });
  });

  it('a person is erased under every id they ever had', async () => {
    const user = world.simulator.context.users.meet('5215512349909') ?? never();
    world.simulator.messageSimulation.write(user, 'Hello');
    await world.pass(1);
    world.simulator.identitySimulation.changeNumber(user, '5215512349910');
    await world.settle();
    const { body } = await world.delete('/api/users/5215512349909');
    expect(body.erased).toMatchObject({ people: 1, addresses: 4, deliveries: 2 });
    expect((await world.delete('/api/users/5215512349910')).body.erased).toMatchObject({ people: 0, addresses: 0, deliveries: 0 });
  });

  it('a call that waits for somebody whose number another person has now is not dialled', async () => {
    const [theirs, old] = ['5215512349911', '5215512349912'];
    world.simulator.messageSimulation.write(world.simulator.context.users.meet(old) ?? never(), 'Hello');
    const at = (seconds: number) => String(Math.floor(world.clock.now() / 1000) + seconds);
    await world.deliver(delivery('messages', { messages: [{ from: theirs, id: 'wamid.HI', timestamp: at(-60), type: 'text' }] }));
    world.allow(theirs);
    const { body: ready } = await world.do('make-call', { to: theirs });
    expect(ready.state).toBe('ready');
    const system = { type: 'user_changed_number', wa_id: theirs, user_id: 'MX.70000000000000001' };
    await world.deliver(delivery('messages', { messages: [{ from: old, id: 'wamid.CHANGE', timestamp: at(0), type: 'system', system }] }));
    expect(await world.do('connect', { id: ready.id, session: offer() })).toMatchObject({
      status: 409,
      body: { code: 'user_unreachable' },
    });
    expect(world.simulator.context.calls.all()).toEqual([]);
    expect((await world.call(ready.id)).state).toBe('ready');
    // The timeline of a call says that its person has changed.
    const { body: other } = await world.do('make-call', { to: old });
    const next = { ...system, wa_id: '5215512349913', user_id: 'MX.70000000000000002', previous_user_id: 'MX.70000000000000001' };
    await world.deliver(delivery('messages', { messages: [{ id: 'wamid.NEXT', timestamp: at(1), type: 'system', system: next }] }));
    const { body: timeline } = await world.get(`/api/calling/calls/${other.id}/timeline`);
    expect(JSON.stringify(timeline)).toContain('identity.changed');
  });

  it('a user whose BSUID stands where a number stands calls and is called', async () => {
    const elena = world.simulator.context.users.find('elena') ?? never();
    elena.person.bsuidAsNumber = true;
    const call = await world.ring('elena');
    expect(call.user).toMatchObject({ wa_id: null, user_id: elena.userId });
    await world.pass(60);
    world.allow('elena');
    const { body } = await world.do('make-call', { recipient: elena.userId, session: offer() });
    await world.pass(6);
    expect(await world.call(body.id)).toMatchObject({ state: 'in_progress', session: { sdp_type: 'answer' } });
    await world.pass(30);
    expect(await world.call(body.id)).toMatchObject({ state: 'ended', outcome: 'answered' });
  });

  it('what is written to a group opens no window', async () => {
    const message = { from: '5215512349904', id: 'wamid.GROUP', group_id: 'Y2FwaV9ncm91cDox', type: 'text', text: { body: 'Hi' } };
    const timestamp = String(Math.floor(world.clock.now() / 1000));
    await world.deliver(delivery('messages', { messages: [{ ...message, timestamp }] }));
    const window = async () => (await world.get('/api/calling/permissions/5215512349904')).body.window.state;
    expect(await window()).not.toBe('open');
    await world.deliver(delivery('messages', { messages: [{ ...message, timestamp, id: 'wamid.ALONE', group_id: undefined }] }));
    expect(await window()).toBe('open');
  });

  it('a grant that is older than a refusal makes no call ready and is not published as one', async () => {
    const seconds = Math.floor(world.clock.now() / 1000);
    const reply = (id: string, at: number, answer: object) =>
      delivery('messages', {
        messages: [
          {
            from: '5215512349904',
            id,
            timestamp: String(at),
            type: 'interactive',
            interactive: { type: 'call_permission_reply', call_permission_reply: answer },
          },
        ],
      });
    await world.deliver(reply('wamid.NO', seconds - 10, { response: 'reject' }));
    await world.pass(30);
    const waiting = await waitingFor({ to: '5215512349904' });
    await world.deliver(reply('wamid.YES', seconds - 60, { response: 'accept', is_permanent: true }));
    expect((await world.call(waiting.id)).state).toBe('awaiting_permission');
    await world.deliver(reply('wamid.NEW', seconds + 40, { response: 'accept', is_permanent: true }));
    await world.deliver(reply('wamid.LATE', seconds - 90, { response: 'reject' }));
    const updates = (await world.events()).filter(({ type }) => type === 'permission.updated');
    expect(updates.map(({ data }) => [data.response, data.status])).toEqual([
      ['reject', 'no_permission'],
      ['accept', 'no_permission'],
      ['accept', 'permanent'],
      ['reject', 'permanent'],
    ]);
    expect((await world.call(waiting.id)).state).toBe('ready');
  });

  it('a grant that reaches us after its end is published as what the ledger says', async () => {
    const waiting = await waitingFor({ to: '5215512349904' });
    await deliverAll(deliveriesOf('grant-already-over', world));
    const updates = (await world.events()).filter(({ type }) => type === 'permission.updated');
    expect(updates).toHaveLength(1);
    expect(updates[0]?.data).toMatchObject({
      status: 'no_permission',
      response: 'accept',
      expires_at: new Date(world.clock.now() - 3_600_000).toISOString(),
    });
    const { body } = await world.get('/api/calling/permissions/5215512349904');
    expect(body.status).toBe('no_permission');
    expect((await world.call(waiting.id)).state).toBe('awaiting_permission');
  });

  it('a NUL in a text is left out, and what stands beside it rings', async () => {
    await deliverAll(deliveriesOf('nul-in-a-name', world));
    expect(await world.call('wacid.FIELD30')).toMatchObject({ state: 'ringing', user: { name: 'AB' } });
    expect((await world.call('wacid.FIELD31')).state).toBe('ringing');
    const odd = deliveriesOf('nul-in-a-name', world)
      .map((body) => body.replaceAll('FIELD3', 'FIELD\\u00003').replaceAll('Beto', 'Be\\ud800to').replaceAll('51234990', '51234991'))
      .map((body) => body.replaceAll('ice-ufrag:', 'ice-ufrag:\\u0000'));
    await deliverAll(odd.map((body) => body.replaceAll('wacid.FIELD', 'wacid.SECOND')));
    expect(await world.call('wacid.SECOND30')).toMatchObject({ state: 'ringing', user: { name: 'AB' } });
    expect(await world.call('wacid.SECOND31')).toMatchObject({ state: 'ringing', user: { name: 'Be\ufffdto' } });
  });
});

const take = (source: Body, name: string): string => {
  const value = source[name];
  delete source[name];
  return value;
};

const never = (): never => {
  throw new Error('no such user');
};

const delivery = (field: string, value: object): object => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '200000000000001',
      changes: [
        {
          field,
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '5215500000001', phone_number_id: '300000000000001' },
            ...value,
          },
        },
      ],
    },
  ],
});
