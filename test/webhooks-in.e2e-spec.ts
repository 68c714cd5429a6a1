import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InboxService } from '#inbox/inbox.service.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { Overloads } from '#inbox/intake/overloads.service.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { World } from './world.js';

const NUMBER = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };

describe.each(engines)('what 360dialog delivers, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  const at = () => String(Math.floor(world.clock.now() / 1000));
  const offered = (id: string, from = '5215512347777', metadata = NUMBER) => ({
    field: 'calls',
    value: {
      messaging_product: 'whatsapp',
      metadata,
      contacts: [{ profile: { name: 'Ana' }, wa_id: from }],
      calls: [
        {
          id,
          from,
          to: metadata.display_phone_number,
          event: 'connect',
          direction: 'USER_INITIATED',
          timestamp: at(),
          session: { sdp_type: 'offer', sdp: 'v=0\r\n' },
        },
      ],
    },
  });
  const envelope = (...changes: unknown[]) => ({ object: 'whatsapp_business_account', entry: [{ id: '200000000000001', changes }] });
  const states = async () => await world.app.get(Store).read.selectFrom('deliveries').select(['state', 'summary']).orderBy('id').execute();

  /** The calls that are told of as incoming, as the table has them: streams on Postgres wait for neighbours' transactions. */
  const written = async () => {
    const { read } = world.app.get(Store);
    const rows = await read.selectFrom('events').select('data').where('type', '=', 'call.incoming').orderBy('id').execute();
    return rows.map(({ data }) => JSON.parse(data).call_id);
  };

  it('is kept byte for byte, whatever it is, and the next call rings', async () => {
    const bodies = [
      '',
      '{',
      'null',
      '[1]',
      '\u0000',
      '{"object":"page"}',
      JSON.stringify(envelope({ field: 'tomorrow', value: { a: [1, { b: null }] } })),
    ];
    for (const body of bodies) expect(await world.deliver(body)).toBe(200);
    const kept = await world.app.get(Store).read.selectFrom('deliveries').select('body').orderBy('id').execute();
    expect(kept.map(({ body }) => Buffer.from(body).toString())).toEqual(bodies);
    await world.deliver(envelope(offered('wacid.NEXT')));
    expect(await world.call('wacid.NEXT')).toMatchObject({ state: 'ringing' });
  });

  it('is taken in once, in whatever batches it is repeated', async () => {
    await world.deliver(envelope(offered('wacid.A')));
    await world.deliver(envelope(offered('wacid.A'), offered('wacid.B', '5215512348888')));
    const told = (await world.events()).filter(({ type }) => type === 'call.incoming').map(({ data }) => data.call_id);
    expect(told).toEqual(['wacid.A', 'wacid.B']);
    expect(JSON.parse((await states())[1]?.summary ?? '')).toEqual({ new: 1, known: 1, foreign: 0, unknown: 0 });
  });

  it('for another number is set aside and makes no call', async () => {
    await world.deliver(
      envelope(offered('wacid.FOREIGN', '5215512347777', { display_phone_number: '5215500000099', phone_number_id: '300000000000099' })),
    );
    expect((await world.get('/api/calling/calls/wacid.FOREIGN')).status).toBe(404);
    expect(JSON.parse((await states())[0]?.summary ?? '')).toMatchObject({ foreign: 1, new: 0 });
  });

  it('loses one poisonous element at most: its neighbours and the deliveries after it are taken in', async () => {
    world.app.get(InboxService).on(['message.received'], async () => {
      throw new Error('poison');
    });
    const text = {
      field: 'messages',
      value: {
        messaging_product: 'whatsapp',
        metadata: NUMBER,
        contacts: [{ wa_id: '5215512347777' }],
        messages: [{ from: '5215512347777', id: 'wamid.1', timestamp: at(), type: 'text', text: { body: 'hi' } }],
      },
    };
    await world.deliver(envelope(offered('wacid.A'), text, offered('wacid.B', '5215512348888')));
    await world.deliver(envelope(offered('wacid.C', '5215512349999')));
    for (let i = 0; i < 5; i += 1) await world.app.get(InboxWorker).drain();
    for (const id of ['wacid.A', 'wacid.B', 'wacid.C']) expect(await world.call(id)).toMatchObject({ state: 'ringing' });
    expect((await states()).map(({ state }) => state)).toEqual(['failed', 'done']);
  });

  it('is kept even when nothing of it can be taken in with it, and tried again', async () => {
    let failures = 1;
    world.app.get(InboxService).on(['call.connect'], async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('not now');
      return undefined;
    });
    expect(await world.deliver(envelope(offered('wacid.TWICE')))).toBe(200);
    expect(await world.call('wacid.TWICE')).toMatchObject({ state: 'ringing' });
    expect(await written()).toEqual(['wacid.TWICE']);
    expect(await states()).toEqual([{ state: 'done', summary: JSON.stringify({ new: 1, known: 0, foreign: 0, unknown: 0 }) }]);
  });

  it('costs one commit, which keeps it and applies it', async () => {
    await world.deliver(envelope(offered('wacid.FIRST')));
    let commits = 0;
    world.app.get(Store).onCommit(() => {
      commits += 1;
    });
    await world.deliver(envelope(offered('wacid.SECOND', '5215512348888')));
    expect(commits).toBe(1);
  });

  it('is all there after an overload, each call published once', async () => {
    const ids = Array.from({ length: 80 }, (_, i) => `wacid.FLOOD.${i}`);
    const inbox = world.app.get(InboxService);
    const bodies = ids.map((id, i) => Buffer.from(JSON.stringify(envelope(offered(id, `52155123${String(i).padStart(5, '0')}`)))));
    await Promise.all(bodies.map((body) => inbox.keep(body, NUMBER.phone_number_id)));
    expect(world.app.get(Overloads).of(NUMBER.phone_number_id).isOn()).toBe(true);
    await world.app.get(InboxWorker).drain();
    expect(await written()).toEqual(ids);
  });

  it('is kept while the number is not known, and understood once it is', async () => {
    await world.close();
    world = await World.open({ engine, prepare: (one) => one.fault('health', { instead: { status: 503 }, times: null }) });
    await world.deliver(envelope(offered('wacid.EARLY')));
    expect((await world.get('/api/calling/calls/wacid.EARLY')).status).toBe(404);
    world.simulator.requestFaults.clear();
    await world.settle();
    expect(await world.call('wacid.EARLY')).toMatchObject({ direction: 'inbound' });
  });

  it('without the token, or with another, is refused and not kept', async () => {
    for (const token of ['', 'wrong', 'world-webhook-token-012345678', 'world-webhook-token-01234567890'])
      expect(await world.deliver(envelope(offered('wacid.X')), token)).toBe(401);
    expect(await states()).toEqual([]);
  });

  it('joins people whom Meta proves to be one, with their calls', async () => {
    await world.deliver(envelope(offered('wacid.BY_NUMBER', '5215512347777')));
    const byId = offered('wacid.BY_ID', '') as { value: { contacts: object[]; calls: Array<Record<string, unknown>> } };
    byId.value.contacts = [{ profile: { name: 'Ana' }, user_id: 'MX.1000000000007777' }];
    byId.value.calls = [{ ...byId.value.calls[0], from: undefined, from_user_id: 'MX.1000000000007777' }];
    await world.deliver(envelope(byId));
    const both = offered('wacid.BOTH', '5215512347777') as typeof byId;
    both.value.contacts = [{ wa_id: '5215512347777', user_id: 'MX.1000000000007777' }];
    await world.deliver(envelope(both));
    for (const user of ['525512347777', '+52 1 55 1234 7777', 'MX.1000000000007777']) {
      const { body } = await world.get(`/api/calling/calls?user=${encodeURIComponent(user)}`);
      expect(body.data.map(({ call_id }: { call_id: string }) => call_id).sort()).toEqual(['wacid.BOTH', 'wacid.BY_ID', 'wacid.BY_NUMBER']);
    }
  });
});
