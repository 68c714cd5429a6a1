import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type HostedNumber, NumbersAt360dialog } from './numbers-at-360dialog.js';
import { World } from './world.js';

const FIRST = '300000000000001';

describe.each(engines)('a number is not added on %s', (engine) => {
  let hosted: NumbersAt360dialog;
  let world: World | null = null;
  let b: HostedNumber;

  beforeEach(async () => {
    hosted = await NumbersAt360dialog.open();
    for (const key of ['simulator-key', 'simulator-key-0123456789']) hosted.host('1', key);
    b = hosted.host('2', 'canary-key-of-b-0001', { url: 'https://chat.example.com/in?token=canary-of-chat', headers: {} });
  });
  afterEach(async () => {
    await world?.close();
    hosted.close();
  });
  const rows = async (of: World) => of.app.get(Store).read.selectFrom('numbers').select(['phone_number_id', 'state']).execute();

  it('without SECRETS_KEY: nothing is sent and nothing kept, and all else works', async () => {
    world = await World.open({ engine, env: { D360_BASE_URL: hosted.url } });
    for (const webhook of ['show', 'register'])
      expect(await world.post('/api/numbers', { api_key: b.key, webhook })).toMatchObject({
        status: 409,
        body: { code: 'secrets_key_missing' },
      });
    expect(hosted.askedWith(b.key)).toEqual([]);
    expect(await rows(world)).toEqual([{ phone_number_id: FIRST, state: 'active' }]);
    expect((await world.patch(`/api/numbers/${FIRST}`, { name: 'Ventas', settings: { retention_days: 30 } })).body).toMatchObject({
      name: 'Ventas',
      settings: { retention_days: 30 },
    });
    expect((await world.get('/api/calling/status')).status).toBe(200);
  });

  it('while 360dialog does not say which one the environment has: another would take its place', async () => {
    hosted.fault = ({ key }) => (key === 'simulator-key' ? 'drop' : undefined);
    world = await World.open({ engine, env: { D360_BASE_URL: hosted.url, SECRETS_KEY: randomBytes(32).toString('base64') } });
    expect((await world.post('/api/numbers', { api_key: b.key })).status).toBe(503);
    expect([await rows(world), hosted.askedWith(b.key)]).toEqual([[], []]);
  });

  it('and another system’s webhook is kept without its secrets', async () => {
    world = await World.open({ engine, env: { D360_BASE_URL: hosted.url, SECRETS_KEY: randomBytes(32).toString('base64') } });
    await world.post('/api/numbers', { api_key: b.key });
    const { body } = await world.get(`/api/calling/status?refresh=true&phone_number_id=${b.phoneNumberId}`);
    expect(body.webhook.registered_url).toBe('https://chat.example.com/in?token=[redacted]');
    const readings = await world.app.get(Store).read.selectFrom('readings').selectAll().execute();
    expect(JSON.stringify(readings)).toContain('https://chat.example.com/in');
    expect(JSON.stringify(readings)).not.toContain('canary-of-chat');
  });
});
