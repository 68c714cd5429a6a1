import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { AdoptionRepairJob } from '#onboarding/partner/adoption-repair.job.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { NumbersAt360dialog } from './numbers-at-360dialog.js';
import { type HostedChannel, PartnerAt360dialog } from './partner-at-360dialog.js';
import { offer } from './sdp.js';
import { type Body, type Reply, World } from './world.js';

const PUBLIC = 'https://gateway.example.com';
const OLD_KEY = 'canary-key-of-before';
const MINUTE = 60_000;

describe.each(engines)('a channel of a partner on %s', (engine) => {
  let hosted: NumbersAt360dialog;
  let partner: PartnerAt360dialog;
  let world: World;
  let channel: HostedChannel;
  let ours: HostedChannel;

  beforeEach(async () => {
    hosted = await NumbersAt360dialog.open();
    partner = await PartnerAt360dialog.open(hosted);
    ours = partner.host(hosted.host('1', 'simulator-key'), 'client1');
    channel = partner.host(hosted.host('2', OLD_KEY, { url: 'https://chat.example.com/in', headers: {} }), 'client2');
    const env = { D360_BASE_URL: hosted.url, PUBLIC_URL: PUBLIC, SECRETS_KEY: randomBytes(32).toString('base64'), ...partner.environment };
    world = await World.open({ engine, env });
  });
  afterEach(async () => {
    await world.close();
    partner.close();
    hosted.close();
  });

  const WORD = { revoke_existing_keys: true };
  const adopt = (body: object = WORD, id = channel.id, headers?: Record<string, string>): Promise<Reply> =>
    world.post(`/api/partner/channels/${id}/adopt`, body, headers);
  const listed = async (query = ''): Promise<Body> => {
    const { status, body } = await world.get(`/api/partner/channels${query}`);
    expect(status).toBe(200);
    return body;
  };
  const rows = () =>
    world.app
      .get(Store)
      .read.selectFrom('numbers')
      .select(['phone_number_id', 'source', 'client_id', 'channel_id'])
      .orderBy('learned_at')
      .execute();
  const unfinished = async () => (await world.app.get(Store).read.selectFrom('adoptions').selectAll().execute()).length;

  it('is found with what we have of it, and adopted: a key is made, sealed, and the number is ours', async () => {
    const before = await listed();
    expect(before).toMatchObject({ next_cursor: null, reason: null, unfinished: [], observed_at: expect.any(String) });
    expect(before.data).toMatchObject([
      { id: 'channel1', client_id: 'client1', number: { phone_number_id: ours.number.phoneNumberId, state: 'active' } },
      {
        id: 'channel2',
        display_phone_number: channel.number.display,
        name: 'Name of channel2',
        messaging_limit: 'TIER_250',
        number: null,
        adoption: null,
      },
    ]);
    const { status, body } = await adopt({ ...WORD, webhook: 'register' });
    expect([status, body.source, body.phone_number_id, body.webhook.matches, body.webhook.problem]).toEqual([
      201,
      'partner',
      channel.number.phoneNumberId,
      true,
      null,
    ]);
    expect(channel.number.webhook.url).toBe(`${PUBLIC}/api/webhooks/360dialog/${channel.number.phoneNumberId}`);
    expect((await rows())[1]).toEqual({
      phone_number_id: channel.number.phoneNumberId,
      source: 'partner',
      client_id: 'client2',
      channel_id: 'channel2',
    });
    const dialled = await world.do('make-call', { to: '5215512340001', phone_number_id: channel.number.phoneNumberId, session: offer() });
    expect([dialled.status, hosted.dials.map(({ key }) => key)]).toEqual([201, channel.made]);
    expect((await listed()).data[1].number).toEqual({ phone_number_id: channel.number.phoneNumberId, state: 'active' });
    expect(await adopt()).toMatchObject({ status: 409, body: { code: 'number_exists', phone_number_id: channel.number.phoneNumberId } });
    expect([channel.made.length, await unfinished(), JSON.stringify(await listed()).includes('canary')]).toEqual([1, 0, false]);
  });

  it('without the word makes no key; one of ours, and one that is not there, neither', async () => {
    expect(await adopt({})).toMatchObject({ status: 409, body: { code: 'would_revoke_keys' } });
    expect(await adopt({ revoke_existing_keys: false })).toMatchObject({ status: 422 });
    expect(await adopt(WORD, ours.id)).toMatchObject({ status: 409, body: { code: 'number_exists' } });
    expect((await adopt(WORD, 'channel9')).status).toBe(404);
    expect([partner.count(/api_keys$/), hosted.numbers.has(OLD_KEY), await unfinished(), (await rows()).length]).toEqual([0, true, 0, 1]);
  });

  it('without the permission of the partner API is a clear refusal', async () => {
    partner.fault = ({ method }) => (method === 'POST' ? 403 : undefined);
    const refused = await adopt();
    expect(refused).toMatchObject({
      status: 502,
      body: { code: 'partner_permission_denied', upstream: { status: 403 }, remedy: expect.stringContaining('Hub') },
    });
    expect([await unfinished(), (await rows()).length, hosted.numbers.has(OLD_KEY)]).toEqual([0, 1, true]);
    partner.fault = () => undefined;
    expect((await adopt()).status).toBe(201);
  });

  it('adopted twice at once is one number and one key', async () => {
    const door = Promise.withResolvers<void>();
    partner.door = ({ method }) => (method === 'POST' ? door.promise : undefined);
    const both = [adopt(), adopt()];
    // One is refused while the other waits for its key.
    const first = await Promise.race(both);
    expect(first).toMatchObject({ status: 409, body: { code: 'adoption_in_progress' } });
    expect((await listed()).data[1].adoption).toMatchObject({ state: 'in_progress', fault: null });
    door.resolve();
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([201, 409]);
    expect([channel.made.length, (await rows()).length, await unfinished()]).toEqual([1, 2, 0]);
    expect([(await adopt()).body.code, channel.made.length]).toEqual(['number_exists', 1]);
  });

  it('whose key was made before a crash is reported, and repaired at the next start, without another key', async () => {
    hosted.fault = ({ path, key }) => (path === '/health_status' && key.startsWith('canary-made') ? 'drop' : undefined);
    expect(await adopt({ ...WORD, webhook: 'register' })).toMatchObject({ status: 503, body: { code: 'upstream_unavailable' } });
    expect((await listed()).unfinished).toEqual([
      { channel_id: 'channel2', state: 'key_kept', begun_at: expect.any(String), fault: 'upstream_unavailable' },
    ]);
    const [{ sealed_api_key: sealed } = { sealed_api_key: '' }] = await world.app
      .get(Store)
      .read.selectFrom('adoptions')
      .selectAll()
      .execute();
    expect([sealed?.includes('canary'), JSON.stringify(await listed()).includes('canary')]).toEqual([false, false]);
    await world.stop();
    hosted.fault = () => undefined;
    await world.start();
    await world.app.get(AdoptionRepairJob).repair();
    expect([channel.made.length, (await rows())[1]?.source, await unfinished()]).toEqual([1, 'partner', 0]);
    expect(channel.number.webhook.url).toBe(`${PUBLIC}/api/webhooks/360dialog/${channel.number.phoneNumberId}`);
  });

  it('whose key was made before a crash is finished by the next adoption as well, also without the word', async () => {
    hosted.fault = ({ path, key }) => (path === '/health_status' && key.startsWith('canary-made') ? 500 : undefined);
    expect((await adopt()).status).toBe(503);
    hosted.fault = () => undefined;
    expect([(await adopt({})).status, channel.made.length, await unfinished()]).toEqual([201, 1, 0]);
  });

  it('of which it is unknown whether a key was made is reported; only the word makes another', async () => {
    partner.fault = ({ method }) => (method === 'POST' ? 'afterwards' : undefined);
    expect(await adopt()).toMatchObject({ status: 502, body: { code: 'channel_key_unknown' } });
    partner.fault = () => undefined;
    expect(channel.made.length).toBe(1);
    expect((await listed()).data[1].adoption).toMatchObject({ state: 'key_unknown', fault: 'channel_key_unknown' });
    await world.stop();
    await world.start();
    await world.app.get(AdoptionRepairJob).repair();
    expect([channel.made.length, await unfinished(), (await rows()).length]).toEqual([1, 1, 1]);
    expect(await adopt({})).toMatchObject({ status: 409, body: { code: 'would_revoke_keys' } });
    expect([(await adopt()).status, channel.made.length, await unfinished()]).toEqual([201, 2, 0]);
  });

  it('left in the middle by a process that is gone may be adopted again after two minutes', async () => {
    const now = world.clock.now();
    const row = { channel_id: channel.id, client_id: null, holder: 'adp_gone', held_until: now + 2 * MINUTE, begun_at: now, request: '{}' };
    await world.app.get(Store).write((tx) =>
      tx
        .insertInto('adoptions')
        .values({ ...row, state: 'making', sealed_api_key: null, fault: null })
        .execute(),
    );
    expect(await adopt()).toMatchObject({ status: 409, body: { code: 'adoption_in_progress' } });
    world.clock.time += 2 * MINUTE;
    expect((await listed()).unfinished).toMatchObject([{ state: 'key_unknown' }]);
    expect((await adopt()).status).toBe(201);
  });

  it('that turns out to be a number of ours, which nobody could know, gives it the new key', async () => {
    expect((await world.post('/api/numbers', { api_key: OLD_KEY })).status).toBe(201);
    await world.app
      .get(Store)
      .write((tx) =>
        tx
          .updateTable('numbers')
          .set({ display_phone_number: '5215599999999' })
          .where('phone_number_id', '=', channel.number.phoneNumberId)
          .execute(),
      );
    await world.app.get(NumbersService).refresh();
    const { status, body } = await adopt();
    expect([status, body.source, body.phone_number_id, await unfinished()]).toEqual([201, 'api', channel.number.phoneNumberId, 0]);
    const dialled = await world.do('make-call', { to: '5215512340001', phone_number_id: channel.number.phoneNumberId, session: offer() });
    expect([dialled.status, hosted.dials.map(({ key }) => key)]).toEqual([201, channel.made]);
  });

  it('is seen and adopted by no key with a list, and a list that cannot be read again is shown with its age', async () => {
    const made = await world.post('/api/keys', { name: 'one', scopes: ALL_SCOPES, numbers: [ours.number.phoneNumberId] });
    const headers = { authorization: `Bearer ${made.body.key}` };
    expect(await world.get('/api/partner/channels', headers)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect(await adopt(WORD, channel.id, headers)).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect(partner.seen).toEqual([]);
    const { observed_at } = await listed('?limit=1');
    const next = await listed('?limit=1');
    expect((await listed(`?limit=1&cursor=${next.next_cursor}`)).data.map(({ id }: Body) => id)).toEqual(['channel2']);
    world.clock.time += 16 * MINUTE;
    partner.fault = () => 403;
    expect(await listed()).toMatchObject({
      observed_at,
      reason: 'partner_permission_denied',
      data: [{ id: 'channel1' }, { id: 'channel2' }],
    });
    expect(partner.count(/\/channels$/)).toBe(2);
  });
});

describe('without a partner', () => {
  it('there are no channels', async () => {
    const world = await World.open();
    expect(await world.get('/api/partner/channels')).toMatchObject({ status: 409, body: { code: 'partner_not_configured' } });
    await world.close();
  });
});
