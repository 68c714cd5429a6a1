import { describe, expect, it } from '@jest/globals';
import { HISTORIES } from '#simulator/traffic/histories.js';
import { InvalidSettings } from './environment.js';
import { readSettings } from './read-settings.js';
import { SIMULATOR_HISTORIES } from './read-simulator.js';

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
  it('default to the simulator, SQLite and loopback', () => {
    expect(readSettings({})).toMatchObject({
      mode: 'simulator',
      database: { kind: 'sqlite', path: './data/gateway.db' },
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      dialog360: { baseUrl: 'http://127.0.0.1:3000/simulator/360dialog', timeoutMs: 8_000 },
    });
  });

  it('report every fault at once, each by its variable, and no secret', () => {
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
      ]),
    );
    expect(faults.join()).not.toMatch(/hunter2|short/);
  });

  it.each(['0.0.0.0/0', '10.0.0.0/33', '10.0.0', '::/0', '10.0.0.1/8/8', 'true'])('refuse the proxy %s', (proxy) => {
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

  it('never lead a gateway with the simulator to the real 360dialog', () => {
    const partner = { D360_PARTNER_ID: 'p', D360_PARTNER_API_KEY: 'a-key-of-a-partner', D360_CLIENT_ID: 'c' };
    expect(faultsOf({ D360_BASE_URL: 'https://waba-v2.360dialog.io' })).toEqual([expect.stringMatching(/^D360_BASE_URL /)]);
    expect(faultsOf(partner)).toEqual([expect.stringMatching(/^D360_PARTNER_BASE_URL /)]);
    expect(readSettings({ ...partner, D360_PARTNER_BASE_URL: 'http://127.0.0.1:9/api/v2' }).partner?.id).toBe('p');
    expect(readSettings({ ...LIVE, ...partner }).partner?.baseUrl).toBe('https://hub.360dialog.io/api/v2');
  });

  it('take two webhook tokens while one replaces the other, and never show a secret', () => {
    const settings = readSettings({ ...LIVE, D360_WEBHOOK_TOKEN: 'an-old-token-0123456789, a-new-token-0123456789' });
    expect(settings.dialog360.webhookTokens.map((token) => token.reveal())).toEqual(['an-old-token-0123456789', 'a-new-token-0123456789']);
    expect(JSON.stringify(settings)).not.toMatch(/token-0123|a-key-of/);
  });

  it('keep the address of a forward target byte for byte', () => {
    expect(readSettings({ WEBHOOK_FORWARD_URL: 'https://crm.example.com/hook/' }).forward?.url).toBe('https://crm.example.com/hook/');
  });

  describe('for softphones', () => {
    const ice = (value: string, more: Record<string, string> = {}) => readSettings({ ICE_SERVERS: value, ...more }).ice;

    it('name no server, or those of the operator with their credentials', () => {
      expect(readSettings({}).ice).toEqual({ servers: [], turnSecret: null, turnMs: 14_400_000 });
      const urls = ['stun:stun.example.com', 'stuns:[2001:db8::1]:5349', 'turns:turn.example.com:443?transport=tcp'];
      const { servers, turnSecret } = ice(urls.join(', '), { TURN_SECRET: 'shared-with-coturn' });
      expect(servers).toEqual(urls.map((url) => ({ urls: [url], username: null, credential: null })));
      expect(turnSecret?.reveal()).toBe('shared-with-coturn');
      const own = ice(
        '[{"urls":["turn:a.example.com:3478","turn:a.example.com:3478?transport=tcp"],"username":"u","credential":"hush-hush"}]',
      );
      expect(own.servers[0]).toMatchObject({ urls: [expect.any(String), expect.stringContaining('tcp')], username: 'u' });
      expect(JSON.stringify(own)).not.toContain('hush-hush');
    });

    it.each([
      ['stun.example.com', /^ICE_SERVERS server 1 must be stun:host:port/],
      ['stun:a.example.com,http://b.example.com', /^ICE_SERVERS server 2 must be/],
      ['stun:a.example.com:99999', /^ICE_SERVERS server 1 must be/],
      ['stun:a.example.com?transport=tcp', /^ICE_SERVERS server 1 must be/],
      ['turn:a.example.com:3478', /^ICE_SERVERS server 1 is a TURN server: give it username and credential as JSON, or set TURN_SECRET/],
      ['[{"urls":"turn:a.example.com","username":"hunter2"}]', /^ICE_SERVERS server 1 needs username and credential/],
      ['[{"urls":"stun:a.example.com","username":"a","credential":"hunter2"}]', /^ICE_SERVERS server 1 is no TURN server/],
      ['[{"urls":[]}]', /^ICE_SERVERS server 1 must be/],
      ['[5]', /^ICE_SERVERS server 1 must be/],
      ['[{"url":"stun:a.example.com","urls":"stun:a.example.com"}]', /^ICE_SERVERS server 1 has members that no server has: url/],
      ['[{"urls":', /^ICE_SERVERS begins like a JSON list and is none/],
      [Array.from({ length: 9 }, () => 'stun:a.example.com').join(), /^ICE_SERVERS takes at most 8/],
    ])('refuse %p', (value, fault) => {
      const faults = faultsOf({ ICE_SERVERS: value });
      expect(faults).toContainEqual(expect.stringMatching(fault));
      expect(faults.join()).not.toContain('hunter2');
    });

    it('refuse a secret that no server uses', () => {
      expect(faultsOf({ TURN_SECRET: 'shared-with-coturn' })).toEqual([expect.stringMatching(/^TURN_SECRET is set, but/)]);
      expect(faultsOf({ TURN_SECRET: 'short', ICE_SERVERS: 'turn:a.example.com' })).toEqual([
        expect.stringMatching(/^TURN_SECRET must be/),
      ]);
    });
  });
});

describe('the simulator', () => {
  it('has a key that no other start has, unless it is named', () => {
    const keyOf = (env: Record<string, string>) => readSettings(env).dialog360.apiKey.reveal();
    expect(keyOf({})).toMatch(/^[\w-]{43}$/);
    expect(keyOf({})).not.toBe(keyOf({}));
    expect(keyOf({ SIMULATOR_API_KEY: 'a-key-that-was-chosen' })).toBe('a-key-that-was-chosen');
    expect(faultsOf({ SIMULATOR_API_KEY: 'short' })).toEqual([expect.stringMatching(/^SIMULATOR_API_KEY /)]);
    const { partner, dialog360 } = readSettings({});
    expect(partner?.apiKey.reveal()).toBe(dialog360.apiKey.reveal());
  });

  it('answers every address, and in production this machine and those that are named', () => {
    expect(readSettings({ SIMULATOR_CLIENTS: '10.0.0.0/8' }).simulator.clients).toBeNull();
    const production = { NODE_ENV: 'production', SIMULATOR: 'true' };
    expect(readSettings(production).simulator.clients).toEqual([]);
    expect(readSettings({ ...production, SIMULATOR_CLIENTS: '10.0.0.0/8, ::2' }).simulator.clients).toEqual(['10.0.0.0/8', '::2']);
    expect(faultsOf({ SIMULATOR_CLIENTS: 'here' })).toEqual([expect.stringMatching(/^SIMULATOR_CLIENTS must list addresses/)]);
  });

  it('has the names and the origin of its gateway, and those that are named', () => {
    const named = {
      PUBLIC_URL: 'https://gw.example.com/x',
      SIMULATOR_HOSTS: 'a.example',
      SIMULATOR_WEBHOOK_ORIGINS: 'http://b.example:81/y',
    };
    expect(readSettings(named).simulator).toMatchObject({
      hosts: ['gw.example.com', '127.0.0.1', 'a.example'],
      webhookOrigins: ['https://gw.example.com', 'http://b.example:81'],
    });
    expect(faultsOf({ SIMULATOR_WEBHOOK_ORIGINS: 'everywhere' })).toEqual([expect.stringMatching(/^SIMULATOR_WEBHOOK_ORIGINS /)]);
    expect(readSettings({ HOST: '::' }).simulator.webhookOrigins).toEqual([]);
  });
});

describe('the history of the simulator', () => {
  it('is one that the simulator has, by default a growing one', () => {
    expect(readSettings({}).simulatorHistory).toBe('growing');
    expect(SIMULATOR_HISTORIES).toEqual(HISTORIES);
    expect(() => readSettings({ SIMULATOR_HISTORY: 'of tomorrow' })).toThrow('SIMULATOR_HISTORY must be one of growing');
  });
});
