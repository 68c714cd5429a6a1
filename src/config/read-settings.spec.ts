import { describe, expect, it } from '@jest/globals';
import { HISTORIES } from '#simulator/traffic/histories.js';
import { readSettings } from './read-settings.js';
import { InvalidSettings, SIMULATOR_HISTORIES } from './settings.js';

const faultsOf = (variables: Record<string, string>): readonly string[] => {
  try {
    readSettings(variables);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettings) return error.faults;
    throw error;
  }
};
const LIVE = { D360_API_KEY: 'a-key-of-360dialog', D360_WEBHOOK_TOKEN: 'a-webhook-token-0123456789' };

describe('settings', () => {
  it('without any variable are those of a newcomer: the simulator, SQLite, loopback', () => {
    expect(readSettings({})).toMatchObject({
      mode: 'simulator',
      database: { kind: 'sqlite', path: './data/gateway.db' },
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      dialog360: { baseUrl: 'http://127.0.0.1:3000/simulator/360dialog', timeoutMs: 8_000 },
    });
  });

  it('tell every fault at once, each by its variable, and repeat no secret', () => {
    const faults = faultsOf({
      PORT: 'eighty',
      DATABASE_URL: 'mysql://root:hunter2@x/y',
      D360_BASE_URL: 'https//typo',
      COMPLIANCE_POLL_CRON: 'sometimes',
      COMPLIANCE_TIME_ZONE: 'Mars/Olympus',
      COMPLIANCE_WINDOW_DAYS: '-3',
      LOG_LEVEL: 'shout',
      TRUSTED_PROXIES: '10.0.0.0/8, everybody',
      API_KEY: 'short',
      WEBHOOK_FORWARD_HEADERS: '{"X-Secret": 5}',
      D360_PARTNER_ID: 'p',
    });
    const named = faults.map((fault) => fault.split(' ', 1)[0]);
    expect(new Set(named)).toEqual(
      new Set([
        'PORT',
        'DATABASE_URL',
        'D360_BASE_URL',
        'COMPLIANCE_POLL_CRON',
        'COMPLIANCE_TIME_ZONE',
        'COMPLIANCE_WINDOW_DAYS',
        'LOG_LEVEL',
        'TRUSTED_PROXIES',
        'API_KEY',
        'WEBHOOK_FORWARD_HEADERS',
        'D360_PARTNER_API_KEY',
        'D360_CLIENT_ID',
      ]),
    );
    expect(faults.join()).not.toMatch(/hunter2|short/);
  });

  it.each(['0.0.0.0/0', '10.0.0.0/33', '10.0.0', '::/0', '10.0.0.1/8/8', 'true'])('take no proxy called %s', (proxy) => {
    expect(faultsOf({ TRUSTED_PROXIES: proxy })).toEqual([expect.stringMatching(/^TRUSTED_PROXIES /)]);
    expect(readSettings({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual(['10.0.0.0/8', '::1']);
  });

  it('with a real key need a webhook token, and never fall back to the simulator in production', () => {
    expect(faultsOf({ D360_API_KEY: LIVE.D360_API_KEY })).toEqual([expect.stringMatching(/^D360_WEBHOOK_TOKEN /)]);
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([expect.stringMatching(/^D360_API_KEY /)]);
    expect(readSettings({ NODE_ENV: 'production', SIMULATOR: 'true' }).mode).toBe('simulator');
    expect(faultsOf({ ...LIVE, SIMULATOR: 'true' })).toEqual([expect.stringMatching(/^SIMULATOR /)]);
    expect(readSettings(LIVE).mode).toBe('live');
  });

  it('take two webhook tokens while one replaces the other, and never show a secret', () => {
    const settings = readSettings({ ...LIVE, D360_WEBHOOK_TOKEN: 'an-old-token-0123456789, a-new-token-0123456789' });
    expect(settings.dialog360.webhookTokens.map((token) => token.reveal())).toEqual(['an-old-token-0123456789', 'a-new-token-0123456789']);
    expect(JSON.stringify(settings)).not.toMatch(/token-0123|a-key-of/);
  });

  it('keep the address of a former webhook to the letter', () => {
    expect(readSettings({ WEBHOOK_FORWARD_URL: 'https://crm.example.com/hook/' }).forward?.url).toBe('https://crm.example.com/hook/');
  });
});

describe('the history of the simulator', () => {
  it('is one that the simulator has, and growing unless another is named', () => {
    expect(readSettings({}).simulatorHistory).toBe('growing');
    expect(SIMULATOR_HISTORIES).toEqual(HISTORIES);
    expect(() => readSettings({ SIMULATOR_HISTORY: 'of tomorrow' })).toThrow('SIMULATOR_HISTORY must be one of growing');
  });
});
