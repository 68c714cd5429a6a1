import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RetentionJob } from '#privacy/retention/retention.job.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { answer, offer } from '../sdp.js';
import { type Body, World } from '../world.js';

const NUMBER = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };
const OURS = NUMBER.display_phone_number;
const USER = '5215512347701';
const HUGO = '5215512340008';
const WACID = 'wacid.NOBODY';
const DAY_SECONDS = 86_400;

const orders = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, i) => orders([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]));

describe.each(engines)('facts of a call that name no user, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  const at = (seconds = 0) => String(Math.floor(world.clock.now() / 1000) + seconds);
  const deliver = async (...values: Body[]): Promise<void> => {
    const changes = values.map((value) => ({ field: 'calls', value: { messaging_product: 'whatsapp', metadata: NUMBER, ...value } }));
    expect(await world.deliver({ object: 'whatsapp_business_account', entry: [{ id: '200000000000001', changes }] })).toBe(200);
  };
  const contacts = [{ profile: { name: 'Ana' }, wa_id: USER }];
  const event = (name: string, rest: object, id = WACID) => ({ calls: [{ id, event: name, timestamp: at(), ...rest }] });
  const connect = (rest: object = {}, id = WACID) => event('connect', { direction: 'USER_INITIATED', session: offer(), ...rest }, id);
  const over = (rest: object = {}, id = WACID) => event('terminate', { status: 'COMPLETED', timestamp: at(9), ...rest }, id);
  const status = (name: string, seconds: number, id = WACID) => ({
    statuses: [{ id, type: 'call', status: name, timestamp: at(seconds) }],
  });
  const named = (value: Body) => ({ ...value, contacts });
  const types = async (id = WACID) =>
    (await world.events()).filter(({ type, data }) => type.startsWith('call.') && data.call_id === id).map(({ type }) => type);
  /** What does not depend on the order of webhooks: all but our own ids and the number of events. */
  const shown = async (id: string): Promise<Body> => {
    const { id: _id, links, sequence, call_id, expires_at, ...call } = await world.call(id);
    return call;
  };
  const waiting = () => world.app.get(Store).read.selectFrom('early_facts').selectAll().execute();

  it.each([
    ['nothing of either side', {}],
    ['the business alone', { from: OURS }],
    ['the business on the other side', { to: OURS }],
    ['the direction alone', { direction: 'USER_INITIATED' }],
  ])('end it before it rings, when the terminate names %s and overtakes the connect', async (_what, sides) => {
    await deliver(over(sides));
    expect((await world.get(`/api/calling/calls/${WACID}`)).status).toBe(404);
    expect((await world.get('/api/calling/calls')).body.data).toEqual([]);
    await deliver(named(connect({ from: USER, to: OURS })));
    expect(await world.call(WACID)).toMatchObject({
      state: 'ended',
      outcome: 'missed',
      direction: 'inbound',
      user: { wa_id: USER, name: 'Ana' },
    });
    expect(await types()).toEqual(['call.ended']);
    const timeline = (await world.get(`/api/calling/calls/${WACID}/timeline`)).body.data;
    expect(timeline.map(({ name }: Body) => name)).toEqual(['terminate', 'connect', 'ended']);
    expect(await world.do('accept', { call_id: WACID, session: answer() })).toMatchObject({ status: 409, body: { code: 'call_ended' } });
    expect(await waiting()).toEqual([]);
  });

  it.each([
    ['inbound', (id: string) => [connect({ from: USER }, id), over({}, id), event('call_created', { timestamp: at(-1) }, id)]],
    [
      'outbound',
      (id: string) => [
        event('connect', { direction: 'BUSINESS_INITIATED', session: answer() }, id),
        status('RINGING', 1, id),
        status('ACCEPTED', 4, id),
        over({ start_time: at(4), end_time: at(9), duration: 5 }, id),
      ],
    ],
  ])('make the same %s call in every order, whichever of them names the user', async (direction, story) => {
    const length = story('').length;
    const plain = orders(Array.from({ length }, (_, i) => i));
    const results = new Map<string, string[]>();
    let made = 0;
    for (const order of plain) {
      for (let namer = 0; namer < length; namer += length - 1) {
        const id = `wacid.${made++}`;
        const values = story(id).map((value, i) => (i === namer ? named(value) : value));
        for (const i of order) await deliver(values[i]);
        const text = JSON.stringify(await shown(id));
        results.set(text, [...(results.get(text) ?? []), order.join()]);
      }
    }
    expect([...results.keys()]).toHaveLength(1);
    const [only = '{}'] = results.keys();
    expect(JSON.parse(only)).toMatchObject({
      direction,
      state: 'ended',
      outcome: direction === 'inbound' ? 'missed' : 'answered',
      user: { wa_id: USER },
    });
    expect(await waiting()).toEqual([]);
  });

  it('let an inbound call ring with an unknown user, who is shown once a webhook names them', async () => {
    await deliver(connect());
    expect(await world.call(WACID)).toMatchObject({
      state: 'ringing',
      direction: 'inbound',
      user: { wa_id: null, user_id: null, name: null },
    });
    await deliver(named(event('terminate', { status: 'COMPLETED', start_time: at(2), end_time: at(9), duration: 7, timestamp: at(9) })));
    expect(await world.call(WACID)).toMatchObject({ state: 'ended', outcome: 'answered', user: { wa_id: USER } });
    const [ended] = (await world.events()).filter(({ type }) => type === 'call.ended');
    expect(ended?.data.user).toMatchObject({ wa_id: USER });
    // The user's call opens the 24-hour window and counts for their permission, as soon as it is known whose call it was.
    const { read } = world.app.get(Store);
    expect(await read.selectFrom('windows').select('phone_number_id').execute()).toHaveLength(1);
    expect(await read.selectFrom('permission_facts').select(['kind', 'ref']).execute()).toEqual([{ kind: 'connected', ref: WACID }]);
  });

  it('of an ended call count for the permission once, when the user is named at last', async () => {
    await deliver(connect());
    await deliver(event('terminate', { status: 'COMPLETED', start_time: at(2), end_time: at(9), duration: 7, timestamp: at(9) }));
    const { read } = world.app.get(Store);
    expect(await world.call(WACID)).toMatchObject({ state: 'ended', outcome: 'answered', user: { wa_id: null } });
    expect(await read.selectFrom('permission_facts').select('kind').execute()).toEqual([]);
    await deliver(named(event('call_created', {})));
    expect(await world.call(WACID)).toMatchObject({ user: { wa_id: USER } });
    expect(await read.selectFrom('permission_facts').select('kind').execute()).toEqual([{ kind: 'connected' }]);
    expect(await types()).toEqual(['call.incoming', 'call.ended', 'call.updated']);
  });

  it('are told again with the user in the same second, and the user counts', async () => {
    await deliver(connect());
    await deliver(named(connect()));
    expect(await world.call(WACID)).toMatchObject({ state: 'ringing', user: { wa_id: USER } });
  });

  it('join the call that we dialled, when they overtake the response with its wacid', async () => {
    await world.greet();
    world.allow(HUGO);
    world.fault('connect', { instead: { status: 200, body: { messaging_product: 'whatsapp', calls: [{ id: 'wacid.DIALLED' }] } } });
    const client = world.line;
    const connectAtMeta = client.connect.bind(client);
    client.connect = async (...dial) => {
      await deliver(status('RINGING', 1, 'wacid.DIALLED'), status('REJECTED', 2, 'wacid.DIALLED'), over({}, 'wacid.DIALLED'));
      expect(await waiting()).toHaveLength(3);
      return connectAtMeta(...dial);
    };
    const wacid = (await world.do('make-call', { to: HUGO, session: offer() })).body.call_id;
    expect(wacid).toBe('wacid.DIALLED');
    expect(await world.call(wacid)).toMatchObject({ state: 'ended', outcome: 'rejected', user: { wa_id: HUGO } });
    const timeline = (await world.get(`/api/calling/calls/${wacid}/timeline`)).body.data;
    expect(timeline.map(({ name }: Body) => name)).toEqual(expect.arrayContaining(['RINGING', 'REJECTED', 'terminate']));
    expect(await waiting()).toEqual([]);
  });

  it('of a permission request are known by its message, such as that it could not be delivered', async () => {
    await world.greet();
    const { body: asked } = await world.do('make-call', { to: '5215512340002' });
    const { message_id: id } = asked.permission_request;
    expect(id).toMatch(/^wamid\./);
    const failed = { id, status: 'failed', timestamp: at(), errors: [{ code: 131026, title: 'Message undeliverable' }] };
    const value = { messaging_product: 'whatsapp', metadata: NUMBER, statuses: [failed] };
    await world.deliver({
      object: 'whatsapp_business_account',
      entry: [{ id: '200000000000001', changes: [{ field: 'messages', value }] }],
    });
    expect(await world.call(asked.id)).toMatchObject({ state: 'ended', outcome: 'failed', error: { code: 'permission_request_failed' } });
  });

  it('wait for eight days, as long as a webhook may be repeated, and are erased with the user whom they name', async () => {
    await deliver(
      over({ errors: [{ code: 138021, message: `no media from ${USER}` }] }),
      named(event('call_created', {}, 'wacid.NOTED')),
      over({}, 'wacid.OTHER'),
    );
    expect(await waiting()).toHaveLength(3);
    expect((await world.delete(`/api/users/${USER}`)).status).toBe(200);
    expect((await waiting()).map(({ wacid }) => wacid)).toEqual(['wacid.OTHER']);
    await world.pass(9 * DAY_SECONDS);
    await world.app.get(RetentionJob).purge();
    expect(await waiting()).toEqual([]);
  });
});
