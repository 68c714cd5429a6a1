import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { answer, offer } from '../sdp.js';
import { type Body, World } from '../world.js';
import { fieldInput } from './inputs.js';

const THEIRS = 'wacid.FIELD60';
const OUR_USER = '5215512340008';

describe.each(engines)('a call of a user that carries the id of a call of ours, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    world.allow(OUR_USER);
  });
  afterEach(() => world.close());

  const delivered = async (ours: string, change: (body: Body) => void = () => undefined): Promise<void> => {
    for (const body of fieldInput('their-call-carries-our-id', world, ours)) {
      change(body.entry[0].changes[0].value);
      expect(await world.deliver(body)).toBe(200);
    }
  };
  const lostDial = async (): Promise<Body> => {
    world.fault('connect', { instead: 'drop' });
    const { body } = await world.do('make-call', { to: OUR_USER, session: offer() });
    expect(body).toMatchObject({ state: 'dialing', outcome_known: false, call_id: null });
    return body;
  };
  const expectBoth = async (ours: Body, theirs: object = {}): Promise<void> => {
    expect(await world.call(THEIRS)).toMatchObject({ direction: 'inbound', state: 'ringing', user: { wa_id: '5215512349908' }, ...theirs });
    expect(await world.call(ours.id)).toEqual(ours);
  };

  it('is theirs, rings and can be accepted, while ours has no response to its dial', async () => {
    const ours = await lostDial();
    await delivered(ours.id);
    await expectBoth(ours);
    expect((await world.events()).map(({ type, subject }) => [type, subject === ours.id])).not.toContainEqual(['call.connected', true]);
    world.fault('accept', { instead: { status: 200, body: { messaging_product: 'whatsapp', success: true } } });
    expect((await world.do('accept', { call_id: THEIRS, session: answer() })).status).toBe(200);
    const { body } = await world.get('/api/calling/calls');
    expect(new Set(body.data.map(({ user }: Body) => user.wa_id))).toEqual(new Set([OUR_USER, '5215512349908']));
  });

  it('is theirs also when it says its direction by the SDP alone', async () => {
    const ours = await lostDial();
    await delivered(ours.id, ({ calls: [call] }) => {
      delete call.direction;
    });
    await expectBoth(ours);
  });

  it('is theirs also when they are the person whom we dial', async () => {
    const ours = await lostDial();
    await delivered(ours.id, ({ calls: [call], contacts: [contact] }) => {
      call.from = OUR_USER;
      contact.wa_id = OUR_USER;
      contact.profile = {};
    });
    await expectBoth(ours, { user: { wa_id: OUR_USER } });
  });

  it('is theirs also when its end overtakes its connect and names nobody', async () => {
    const ours = await lostDial();
    await delivered(ours.id, (value) => {
      const [call] = value.calls;
      delete value.contacts;
      Object.assign(call, { event: 'terminate', status: 'COMPLETED' });
      for (const member of ['session', 'direction', 'from', 'to']) delete call[member];
    });
    expect(await world.call(ours.id)).toEqual(ours);
    await delivered(ours.id);
    await expectBoth(ours, { state: 'ended', outcome: 'missed' });
  });

  it('is another call also when it is outbound to another person', async () => {
    const ours = await lostDial();
    await delivered(ours.id, ({ calls: [call] }) => {
      Object.assign(call, { direction: 'BUSINESS_INITIATED', from: call.to, to: call.from });
      call.session.sdp_type = 'answer';
    });
    await expectBoth(ours, { direction: 'outbound', state: 'dialing' });
  });

  it('is theirs when ours ended as failed', async () => {
    world.fault('connect', { instead: { status: 400, body: { error: { code: 138001, message: 'Receiver uncallable' } } } });
    const refused = await world.do('make-call', { to: OUR_USER, session: offer() });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    const { body } = await world.get('/api/calling/calls');
    const [ours] = body.data;
    expect(ours).toMatchObject({ state: 'ended', outcome: 'failed' });
    await delivered(ours.id);
    await expectBoth(ours);
  });

  it('is theirs when ours ended before it was dialled', async () => {
    const { body: waiting } = await world.do('make-call', { to: '5215512340002' });
    expect(waiting).toMatchObject({ state: 'awaiting_permission' });
    const ours = (await world.do('terminate', { id: waiting.id })).body;
    expect(ours).toMatchObject({ state: 'ended', outcome: 'canceled' });
    await delivered(ours.id);
    await expectBoth(ours);
  });

  it('is ours when it is outbound to the person whom we dial, and names nobody', async () => {
    const ours = await lostDial();
    await delivered(ours.id, (value) => {
      const [call] = value.calls;
      delete value.contacts;
      Object.assign(call, { direction: 'BUSINESS_INITIATED', from: call.to });
      delete call.to;
      call.session.sdp_type = 'answer';
    });
    expect(await world.call(ours.id)).toMatchObject({ call_id: THEIRS, direction: 'outbound', user: { wa_id: OUR_USER } });
  });
});
