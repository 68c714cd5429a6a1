import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY } from '#kernel/clock.js';
import { record, records } from '#kernel/read.js';
import type { SimulatedChange } from '#simulator/webhooks/change.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type Body, World } from './world.js';

const DAYS = 31;
/** The history ends so many days later: its busy days are costly, and some of them are enough. */
const NOT_LIVED = 9;
const LONG_MS = 600_000;

/** Everything a change tells, with what travels in the same delivery. */
const values = (told: readonly SimulatedChange[]) =>
  told.flatMap((change) => [change, ...(change.batched ?? [])]).map(({ value }) => value);

/** When each conversation began and by whom, read from the bodies alone. */
function recount(told: readonly SimulatedChange[]): Map<string, { date: string; business: boolean }> {
  const begun = new Map<string, { at: number; business: boolean }>();
  for (const { conversation, timestamp } of values(told).flatMap(({ statuses }) => records(statuses))) {
    const { id, origin } = record(conversation) ?? {};
    if (typeof id !== 'string') continue;
    const at = Math.min(Number(timestamp) * 1_000, begun.get(id)?.at ?? Number.MAX_SAFE_INTEGER);
    begun.set(id, { at, business: record(origin)?.type !== 'service' });
  }
  return new Map([...begun].map(([id, { at, business }]) => [id, { date: new Date(at).toISOString().slice(0, 10), business }]));
}

describe.each(engines)('a month of the simulator on %s', (engine) => {
  let world: World;
  let told: SimulatedChange[];

  beforeEach(async () => {
    world = await World.open({ engine });
    told = [];
    const { context } = world.simulator;
    const tell = context.send.bind(context);
    context.send = (change, user) => {
      told.push(change);
      tell(change, user);
    };
  });

  afterEach(() => world.close());

  const requirements = async (): Promise<Body> => (await world.get('/api/calling/conversation-requirements')).body;

  async function calls(): Promise<Body[]> {
    const all: Body[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: Body = await world.get(`/api/calling/calls?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      all.push(...body.data);
      cursor = body.next_cursor;
    }
    return all;
  }

  async function liveAMonth(): Promise<void> {
    const { traffic } = world.simulator;
    traffic.load('growing', { present: world.clock.time + (DAYS + NOT_LIVED) * DAY });
    for (let day = 0; day < DAYS; day += 1) {
      world.clock.time += DAY;
      await traffic.replay({ from: world.clock.time - DAY, until: world.clock.time });
      await world.settle();
    }
  }

  it(
    'ends with the figures of a recount, told twice or late or not',
    async () => {
      expect((await requirements()).business_initiated_conversations).toBeNull();
      await liveAMonth();
      const found = await requirements();
      const begun = [...recount(told).values()];
      const days = found.series.map((day: Body) => [day.date, day.business_initiated, day.total]);
      const counted = found.series.map(({ date }: Body) => {
        const onDay = begun.filter((one) => one.date === date);
        return [date, onDay.filter(({ business }) => business).length, onDay.length];
      });
      expect(days).toEqual(counted);
      expect(found).toMatchObject({ source: 'webhooks', coverage: { complete: true }, reason: null, meets_1k_requirement: false });
      expect(found.series).toHaveLength(30);
      expect(found.business_initiated_conversations).toBe(days.reduce((sum: number, [, business]: number[]) => sum + Number(business), 0));
      expect(found.business_initiated_conversations).toBeGreaterThan(300);
      // Went up on the way, as a webhook told.
      expect(found.messaging_limit).toMatchObject({ tier: 'TIER_2K', meets: true });

      const log = await calls();
      const over = new Set(values(told).flatMap(({ calls: said }) => records(said).map(({ id }) => id)));
      expect(log.map(({ call_id }) => call_id).sort()).toEqual([...over].sort());
      expect(new Set(log.map(({ direction, outcome }) => `${direction} ${outcome}`))).toEqual(
        new Set(['outbound answered', 'outbound no_answer', 'outbound rejected', 'inbound answered', 'inbound missed']),
      );
      for (const { created_at, ringing_at, answered_at, ended_at } of log) {
        const times = [created_at, ringing_at, answered_at, ended_at].filter((time) => time !== null);
        expect(times).toEqual([...times].sort());
      }
      // Each on its own day, though a day's deliveries came at its end.
      expect(log.filter(({ created_at, ended_at }) => Date.parse(ended_at) - Date.parse(created_at) > 3_600_000)).toEqual([]);

      await world.simulator.traffic.replay({
        from: world.clock.time - 3 * DAY,
        until: world.clock.time,
        pattern: { duplicates: 0.5, late: 0.5 },
      });
      await world.settle();
      expect((await requirements()).series).toEqual(found.series);
      expect(await calls()).toHaveLength(log.length);
    },
    LONG_MS,
  );

  it(
    'is counted in messages where Meta tells no conversation',
    async () => {
      world.simulator.traffic.load('growing', { present: world.clock.time + DAY });
      world.clock.time += DAY;
      const pattern = { form: 'bare' as const, duplicates: 0.3 };
      await world.simulator.traffic.replay({ from: world.clock.time - DAY, until: world.clock.time, pattern });
      await world.settle();
      const delivered = values(told)
        .flatMap(({ statuses }) => records(statuses))
        .filter(({ status, pricing }) => status === 'delivered' && record(pricing)?.billable === true);
      const { readings, business_initiated_conversations: count } = await requirements();
      expect(count).toBeNull();
      expect(readings.find(({ unit }: Body) => unit === 'message')).toMatchObject({ value: new Set(delivered.map(({ id }) => id)).size });
    },
    LONG_MS,
  );

  it(
    'is lived over the control API, which says what it did and refuses what it cannot do',
    async () => {
      const [, base] = /^(.*)\/360dialog$/.exec(world.simulatorUrl) ?? [];
      const ask = async (method: string, path: string, body?: object) => {
        const answer = await fetch(`${base}/api${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
        return { status: answer.status, body: (await answer.json()) as Body };
      };
      const { body: all } = await ask('GET', '/history');
      expect(all).toMatchObject({
        history: 'growing',
        histories: expect.arrayContaining([{ name: 'stalled', en: expect.any(String), es: expect.any(String) }]),
      });
      expect(await ask('PUT', '/history', { history: 'of tomorrow' })).toMatchObject({ status: 400 });
      expect(await ask('PUT', '/history', { history: 'stalled' })).toMatchObject({ status: 200, body: { history: 'stalled' } });
      for (const wrong of [{}, { days: 0 }, { days: 91 }, { days: 1, form: 'new' }, { days: 1, late: 2 }]) {
        expect(await ask('POST', '/traffic', wrong)).toMatchObject({ status: 400 });
      }
      const { status, body } = await ask('POST', '/traffic', { days: 2, duplicates: 0, late: 0 });
      expect({ status, traffic: body.traffic }).toMatchObject({ status: 200, traffic: { webhooks: told.length, repeated: 0, late: 0 } });
      expect(body.traffic.days).toHaveLength(3);
      world.simulator.delivery.target = null;
      expect(await ask('POST', '/traffic', { days: 1 })).toMatchObject({ status: 409 });
    },
    LONG_MS,
  );

  it(
    'is loaded and lived from the page',
    async () => {
      const [, base] = /^(.*)\/360dialog$/.exec(world.simulatorUrl) ?? [];
      const page = async () => (await fetch(String(base))).text();
      const click = (action: string, history: string) =>
        fetch(`${base}/${action}`, {
          method: 'POST',
          body: new URLSearchParams({ history }),
          redirect: 'manual',
        });
      expect(await page()).toMatch(/formaction="[^"]*\/history" name="history" value="fresh"/);
      expect((await click('history', 'fresh')).status).toBe(303);
      expect(await page()).toMatch(/formaction="[^"]*\/traffic" name="history" value="fresh"/);
      expect((await click('history', 'of tomorrow')).status).toBe(400);
      expect((await click('traffic', 'fresh')).status).toBe(303);
      expect(told.length).toBeGreaterThan(0);
    },
    LONG_MS,
  );
});
