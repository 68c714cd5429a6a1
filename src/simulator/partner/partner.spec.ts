import { fastify } from 'fastify';
import { SystemClock } from '#kernel/clock.js';
import { simulatorPlugin } from '#simulator/plugin.js';
import { Simulator } from '#simulator/simulator.js';

const DAY_MS = 86_400_000;
const BALANCE = '/simulator/partner/api/v2/partners/p/clients/client-simulator/info/balance';
const headers = { 'x-api-key': 'simulator-key' };

async function open() {
  const simulator = new Simulator({ clock: new SystemClock(), apiKey: 'simulator-key' });
  const app = fastify();
  await app.register(simulatorPlugin, { prefix: '/simulator', simulator });
  const get = async (url: string, sent: Record<string, string> = headers) => {
    const answer = await app.inject({ url, headers: sent });
    return { status: answer.statusCode, body: answer.json() };
  };
  return { app, get, simulator };
}

describe('the simulated partner API', () => {
  it('reports conversations per day, in UTC and in order', async () => {
    const { app, get } = await open();
    const from = Math.floor((Date.now() - 10 * DAY_MS) / 1_000);
    const { body } = await get(`${BALANCE}?start_date=${from}&granularity=day`);
    expect(body.usage).toHaveLength(11);
    expect(body.usage[0]).toMatchObject({ business_initiated_quantity: expect.any(Number), quantity: expect.any(Number) });
    const dates = body.usage.map(({ period_date }: { period_date: string }) => period_date);
    expect(dates).toEqual([...dates].sort());
    await app.close();
  });

  it('refuses another key, other dates, and the sixth request within 30 seconds', async () => {
    const { app, get } = await open();
    expect((await get(BALANCE, { 'x-api-key': 'other' })).status).toBe(403);
    expect((await get(`${BALANCE}?start_date=2026-11-22`)).status).toBe(400);
    for (let request = 0; request < 4; request += 1) expect((await get(BALANCE)).status).toBe(200);
    expect(await get(BALANCE)).toMatchObject({ status: 429, body: { meta: { developer_message: 'rate limit exceeded' } } });
    await app.close();
  });

  it('reports the tier of the simulated number', async () => {
    const { app, get, simulator } = await open();
    simulator.context.number.tier = 'TIER_250';
    const { body } = await get('/simulator/partner/api/v2/partners/p/channels');
    expect(body.partner_channels).toMatchObject([{ id: 'channel-simulator', current_limit: 'TIER_250', hub_status: 'live' }]);
    await app.close();
  });

  it('reports the history that is loaded, and the quality it led to', async () => {
    const { app, get, simulator } = await open();
    const days = `${BALANCE}?granularity=month&start_date=${Math.floor((Date.now() - 60 * DAY_MS) / 1_000)}`;
    expect((await get(days)).body.usage.some(({ quantity }: { quantity: number }) => quantity > 0)).toBe(true);
    simulator.traffic.load('none');
    expect((await get(days)).body.usage.every(({ quantity }: { quantity: number }) => quantity === 0)).toBe(true);
    simulator.traffic.load('restricted');
    const { body } = await get('/simulator/partner/api/v2/partners/p/channels');
    expect(body.partner_channels).toMatchObject([{ current_quality_rating: 'Low' }]);
    await app.close();
  });
});
