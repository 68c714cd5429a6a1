import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import type { Settings } from '#config/settings.js';
import { SystemClock } from '#kernel/clock.js';
import { Secret } from '#kernel/secret.js';
import { PartnerClient } from './partner.client.js';
import { PartnerBudget } from './partner-budget.service.js';

type Reply = (res: ServerResponse) => void;
const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  (res) =>
    void res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

describe('the partner client', () => {
  const seen: IncomingMessage[] = [];
  let replies: Reply[] = [];
  const server = createServer((req, res) => {
    seen.push(req);
    (replies.length > 1 ? replies.shift() : replies[0])?.(res);
  });
  let client: PartnerClient;
  let budget: PartnerBudget;

  beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)));
  afterAll(() => new Promise<void>((done) => server.close(() => done())));

  beforeEach(() => {
    seen.length = 0;
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`;
    const partner = { baseUrl, id: 'partner/1', apiKey: new Secret('partner-key'), clientId: 'client1', channelId: 'channel1' };
    const settings = { partner, dialog360: { timeoutMs: 60_000 } } as Settings;
    budget = new PartnerBudget(new SystemClock());
    client = new PartnerClient(new HttpService(axios.create()), settings, new SystemClock(), budget);
  });

  afterEach(() => {
    budget.onModuleDestroy();
    jest.restoreAllMocks();
  });

  it('asks for days in UNIX seconds with the partner’s key, and adds rows of one day up', async () => {
    replies = [
      json({
        balance: '-3.5',
        currency: 'EUR',
        usage: [
          { period_date: '2026-11-02T00:00:00Z', business_initiated_quantity: '4', quantity: 6 },
          { period_date: '2026-11-01', business_initiated_quantity: 1, quantity: 2 },
          { period_date: '2026-11-02T00:00:00Z', business_initiated_quantity: 3, quantity: 3 },
          { quantity: 9 },
        ],
      }),
    ];
    expect(await client.readUsage('client1', Date.UTC(2026, 10, 1), Date.UTC(2026, 10, 3))).toEqual({
      days: [
        { date: '2026-11-01', businessInitiated: 1, total: 2 },
        { date: '2026-11-02', businessInitiated: 7, total: 9 },
      ],
      balance: { amount: -3.5, currency: 'EUR' },
    });
    expect(seen[0]?.url).toBe(
      '/api/v2/partners/partner%2F1/clients/client1/info/balance?start_date=1793491200&end_date=1793664000&granularity=day',
    );
    expect(seen[0]?.headers).toMatchObject({ 'x-api-key': 'partner-key' });
    expect(seen[0]?.headers).not.toHaveProperty('d360-api-key');
  });

  it('does not take a figure that is left out for zero', async () => {
    replies = [json({ usage: [{ period_date: '2026-11-01', quantity: 2 }] })];
    expect(await client.readUsage('client1', 0, 1)).toEqual({
      days: [{ date: '2026-11-01', businessInitiated: null, total: 2 }],
      balance: null,
    });
  });

  it('leaves the figure of a day out when one of its rows does', async () => {
    const day = { period_date: '2026-11-01', quantity: 2 };
    for (const usage of [
      [day, { ...day, business_initiated_quantity: 1 }],
      [{ ...day, business_initiated_quantity: 1 }, day],
    ]) {
      replies = [json({ usage })];
      expect((await client.readUsage('client1', 0, 1)).days).toEqual([{ date: '2026-11-01', businessInitiated: null, total: 4 }]);
    }
  });

  it.each([
    [true, 'TIER_2K', true, 'TIER_2K'],
    ['false', 'TIER_NOT_SET', false, null],
    [undefined, undefined, null, null],
  ])(
    'reads whether the number is in the Business app (%p) and its limit (%p)',
    async (is_on_biz_app, current_limit, onBusinessApp, limit) => {
      replies = [json({ partner_channels: [{ id: 'channel1', is_on_biz_app, current_limit }] })];
      expect(await client.readChannel('channel1')).toMatchObject({ onBusinessApp, currentLimit: limit });
    },
  );

  it('finds the configured channel among others', async () => {
    replies = [
      json({
        partner_channels: [
          { id: 'other', current_limit: 'TIER_250' },
          { id: 'channel1', current_limit: 'TIER_2K', hub_status: 'live' },
        ],
      }),
    ];
    expect(await client.readChannel('channel1')).toMatchObject({ id: 'channel1', currentLimit: 'TIER_2K' });
  });

  it('reads all channels, a page at a time, until as many have come as there are', async () => {
    const page = (from: number, count: number) =>
      json({ total: 250, partner_channels: Array.from({ length: count }, (_, n) => ({ id: `c${from + n}`, client_id: 'k' })) });
    replies = [page(0, 100), page(100, 100), page(200, 50)];
    const channels = await client.readChannels('client');
    expect([channels.length, channels[249]]).toEqual([250, expect.objectContaining({ id: 'c249', clientId: 'k' })]);
    expect(seen.map(({ url }) => new URL(url ?? '', 'http://x').searchParams.get('offset'))).toEqual(['0', '100', '200']);
  });

  it('makes a key once, without repeating what had no answer', async () => {
    replies = [json({ id: 'k', address: 'https://waba-v2.360dialog.io', api_key: 'made-key', app_id: 'a' })];
    expect((await client.makeKey('channel/1')).apiKey.reveal()).toBe('made-key');
    expect([seen[0]?.method, seen[0]?.url]).toEqual(['POST', '/api/v2/partners/partner%2F1/channels/channel%2F1/api_keys']);
    replies = [(res) => void res.destroy()];
    await expect(client.makeKey('channel1')).rejects.toMatchObject({ code: 'channel_key_unknown' });
    expect(seen).toHaveLength(2);
  });

  it('follows no redirect, which could carry the key elsewhere', async () => {
    replies = [json({}, 302, { location: 'http://127.0.0.1:1/' })];
    await expect(client.readUsage('client1', 0, 1)).rejects.toMatchObject({ code: 'upstream_refused' });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [429, { meta: { success: false, http_code: 429, developer_message: 'rate limit exceeded' } }, 'rate_limited', 1],
    [
      403,
      { meta: { success: false, http_code: 403, developer_message: 'permission denied for partner x' } },
      'partner_permission_denied',
      1,
    ],
    [401, { error: 'Invalid key' }, 'upstream_key_rejected', 1],
    [500, {}, 'upstream_error', 2],
    [200, { surprise: true }, 'upstream_unreadable', 1],
  ])('says what a %i means, and repeats only what may pass', async (status, body, code, requests) => {
    replies = [json(body, status)];
    await expect(client.readUsage('client1', 0, 1)).rejects.toMatchObject({ code });
    expect(seen).toHaveLength(requests);
  });

  it('asks once more after a broken connection', async () => {
    replies = [(res) => void res.destroy(), json({ usage: [] })];
    expect(await client.readUsage('client1', 0, 1)).toEqual({ days: [], balance: null });
  });

  it('gives up what waits for its turn when the process stops', async () => {
    jest.spyOn(performance, 'now').mockReturnValue(0);
    replies = [json({ usage: [] })];
    for (let request = 0; request < 4; request += 1) await client.readUsage('client1', 0, 1);
    const waiting = client.readUsage('client1', 0, 1);
    budget.onModuleDestroy();
    await expect(waiting).rejects.toMatchObject({ code: 'upstream_unavailable' });
    expect(seen).toHaveLength(4);
  });
});
