import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PollsService } from '#compliance/polling/polls.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type HostedNumber, NumbersAt360dialog } from './numbers-at-360dialog.js';
import { PartnerAt360dialog } from './partner-at-360dialog.js';
import { type Body, World } from './world.js';

const MINUTE = 60_000;

describe.each(engines)('a partner of many numbers on %s', (engine) => {
  let hosted: NumbersAt360dialog;
  let partner: PartnerAt360dialog;
  let world: World;
  let numbers: HostedNumber[];

  beforeEach(async () => {
    hosted = await NumbersAt360dialog.open();
    partner = await PartnerAt360dialog.open(hosted);
    numbers = ['1', '2', '3', '4'].map((last) => hosted.host(last, last === '1' ? 'simulator-key' : `canary-key-of-${last}`));
    const clients = ['client1', 'client1', 'client1', 'client2'];
    for (const [index, number] of numbers.entries()) partner.host(number, clients[index] ?? '');
    // A number that is no channel of this partner.
    numbers.push(hosted.host('5', 'canary-key-of-5'));
    const env = {
      D360_BASE_URL: hosted.url,
      SECRETS_KEY: randomBytes(32).toString('base64'),
      D360_CLIENT_ID: 'client1',
      ...partner.environment,
    };
    world = await World.open({ engine, env });
    for (const { key } of numbers.slice(1)) expect((await world.post('/api/numbers', { api_key: key })).status).toBe(201);
  });
  afterEach(async () => {
    await world.close();
    partner.close();
    hosted.close();
  });

  const poll = async ({ phoneNumberId }: HostedNumber): Promise<Body[]> => {
    const number = world.app.get(NumbersService).byId(phoneNumberId);
    if (!number) throw new Error('no number');
    const { snapshot, done } = await world.app.get(PollsService).begin(number, 'schedule');
    await done;
    return (await world.get(`/api/compliance/snapshots/${snapshot.id}`)).body.figures.sources;
  };
  const outcomes = (sources: Body[]): string[] => sources.slice(0, 2).map(({ outcome }) => outcome);

  it('is asked once for each client and once for all channels, and each number shows how old that is', async () => {
    const polled: Body[][] = [];
    for (const number of numbers) polled.push(await poll(number));
    expect([partner.count(/\/channels$/), partner.count(/client1\/info\/balance$/), partner.count(/client2\/info\/balance$/)]).toEqual([
      1, 1, 1,
    ]);
    expect(polled.map(outcomes)).toEqual([
      ['read', 'read'],
      ['kept', 'kept'],
      ['kept', 'kept'],
      ['read', 'kept'],
      ['not_known', 'not_known'],
    ]);
    const readAt = polled[0]?.[0].observed_at;
    expect([readAt, polled[1]?.[0].observed_at, polled[2]?.[0].observed_at]).toEqual([expect.any(String), readAt, readAt]);
    const status = async ({ phoneNumberId }: HostedNumber) =>
      (await world.get(`/api/calling/conversation-requirements?phone_number_id=${phoneNumberId}`)).body;
    const [first, second, , fourth, fifth] = await Promise.all(numbers.map(status));
    expect(second.readings[0]).toMatchObject({ source: 'partner_api', scope: 'client', total: 3, observed_at: readAt });
    expect(first.readings[0]).toEqual(second.readings[0]);
    expect(fourth.messaging_limit).toMatchObject({ tier: 'TIER_250', source: 'partner_api', scope: 'number' });
    expect(fifth.readings.some(({ source }: Body) => source === 'partner_api')).toBe(false);
    const kept = await world.app
      .get(Store)
      .read.selectFrom('shared_readings')
      .select(['scope', 'subject', 'name'])
      .orderBy('subject')
      .execute();
    expect(
      kept
        .filter(({ scope }) => scope === 'client')
        .map(({ subject, name }) => `${subject} ${name}`)
        .sort(),
    ).toEqual(['client1 balance', 'client1 conversations', 'client2 balance', 'client2 conversations']);
    const rows = await world.app
      .get(Store)
      .read.selectFrom('numbers')
      .select(['client_id', 'channel_id'])
      .orderBy('phone_number_id')
      .execute();
    expect(rows.map(({ client_id, channel_id }) => [client_id, channel_id])).toEqual([
      ['client1', 'channel1'],
      ['client1', 'channel2'],
      ['client1', 'channel3'],
      ['client2', 'channel4'],
      [null, null],
    ]);
  });

  it('is asked again once what is kept is older than half of the interval', async () => {
    const [first, second] = numbers as [HostedNumber, HostedNumber];
    await poll(first);
    world.clock.time += 5 * MINUTE;
    expect(outcomes(await poll(second))).toEqual(['kept', 'kept']);
    world.clock.time += 5 * MINUTE;
    partner.fault = () => 403;
    expect(await poll(first)).toMatchObject([{ outcome: 'failed', code: 'partner_permission_denied' }, { outcome: 'failed' }, {}]);
    partner.fault = () => undefined;
    const { body } = await world.get(`/api/calling/conversation-requirements?phone_number_id=${second.phoneNumberId}`);
    expect(body.readings[0]).toMatchObject({ source: 'partner_api', total: 3 });
  });
});
