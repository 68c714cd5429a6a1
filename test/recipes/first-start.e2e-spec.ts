import { expect, it } from '@jest/globals';
import { type Body, Stage, until } from './stage.js';

const LONG_MS = 600_000;

it(
  'a newcomer’s first start has a past of calls and messages, said to be invented, and claims no day before its own',
  async () => {
    const stage = await Stage.open({ SIMULATOR_HISTORY: 'growing' });
    try {
      const read = (path: string): Promise<Body> => stage.get(path);
      const dates = await until('calls of three weeks', async () => {
        const { data }: Body = await read('/api/calling/calls?limit=100');
        const found = new Set<string>(data.map(({ created_at }: Body) => created_at.slice(0, 10)));
        return found.size > 20 ? found : null;
      });
      expect(dates.size).toBeGreaterThan(20);
      const { data }: Body = await read('/api/calling/calls?limit=100');
      expect(data.every(({ user, state }: Body) => /^Simulated customer/.test(user.name) && state === 'ended')).toBe(true);
      const partner = await until('the partner’s month', async () => {
        const found: Body = await read('/api/calling/conversation-requirements');
        return found.source === 'partner_api' ? found : null;
      });
      expect(partner).toMatchObject({ coverage: { complete: true }, series: expect.any(Array) });
      expect(partner.series).toHaveLength(30);
      // Whatever the hour: soon after midnight nothing of today has been counted yet.
      const own = partner.readings.find(({ source, unit }: Body) => source === 'webhooks' && unit === 'conversation');
      expect(own.coverage.complete).toBe(false);
      expect(['window_incomplete', 'nothing_seen']).toContain(own.reason);
    } finally {
      await stage.close();
    }
  },
  LONG_MS,
);
