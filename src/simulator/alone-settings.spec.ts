import { describe, expect, test } from '@jest/globals';
import { readAloneSettings } from './alone-settings.js';
import { Origins } from './webhooks/origins.js';

describe('the settings of the simulator alone', () => {
  test('without any it listens on this machine, with a random key, and delivers to any port of this machine', () => {
    const settings = readAloneSettings({});
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 3_360, access: { hosts: [], clients: null }, seed: undefined });
    if (typeof settings === 'string') throw new Error(settings);
    expect(settings.apiKey).toHaveLength(43);
    const origins = new Origins(settings.webhookOrigins);
    const includes = (url: string) => origins.include(new URL(url));
    expect(['http://127.0.0.1:4000/a', 'http://localhost/', 'http://127.0.0.1:80/'].map(includes)).toEqual([true, true, true]);
    expect(['https://127.0.0.1:4000/', 'http://127.0.0.2:4000/', 'http://evil.example:4000/'].map(includes)).toEqual([false, false, false]);
  });

  test.each([
    [{ SIMULATOR_HOST: '0.0.0.0' }, []],
    [{ HOST: '::', SIMULATOR_CLIENTS: '172.16.0.0/12' }, ['172.16.0.0/12']],
    [{ NODE_ENV: 'production' }, []],
    [{ SIMULATOR_HOST: '192.0.2.1', NODE_ENV: 'test' }, []],
    [{ SIMULATOR_HOST: 'localhost', SIMULATOR_CLIENTS: '10.0.0.1' }, null],
  ])('%j answers beside this machine: %j', (env, clients) => {
    expect(readAloneSettings(env)).toMatchObject({ access: { clients } });
  });

  test('the variables of the image hold where no other is set', () => {
    expect(readAloneSettings({ HOST: '0.0.0.0', PORT: '3000' })).toMatchObject({ host: '0.0.0.0', port: 3_000 });
    expect(readAloneSettings({ HOST: '0.0.0.0', PORT: '3000', SIMULATOR_HOST: '::1', SIMULATOR_PORT: '0' })).toMatchObject({
      host: '::1',
      port: 0,
    });
  });

  test.each([
    [{ SIMULATOR_PORT: '70000' }, /^SIMULATOR_PORT must/],
    [{ SIMULATOR_PORT: 'x' }, /^SIMULATOR_PORT must/],
    [{ SIMULATOR_CLIENTS: 'localhost' }, /^SIMULATOR_CLIENTS must/],
    [{ SIMULATOR_WEBHOOK_ORIGINS: '*' }, /^SIMULATOR_WEBHOOK_ORIGINS must/],
    [{ SIMULATOR_WEBHOOK_ORIGINS: 'http://*:*' }, /^SIMULATOR_WEBHOOK_ORIGINS must/],
    [{ SIMULATOR_WEBHOOK_ORIGINS: 'ftp://a' }, /^SIMULATOR_WEBHOOK_ORIGINS must/],
  ])('%j is a fault', (env, words) => {
    expect(readAloneSettings(env)).toMatch(words);
  });
});
