import { DAY, HOUR } from '#kernel/clock.js';
import { record, records } from '#kernel/read.js';
import { TestSimulator } from '#simulator/simulator.fixture.js';
import type { SimulatedChange } from '#simulator/webhooks/change.js';
import { HISTORIES, type HistoryName } from './histories.js';
import type { PastDay } from './traffic.js';

/** Monday, 2026-11-23, 15:00 UTC. */
const NOW = new TestSimulator().simulator.clock.now();
const QUIET = { duplicates: 0, late: 0 };

const sum = (days: PastDay[], of: (day: PastDay) => number): number => days.reduce((total, day) => total + of(day), 0);

const rehearse = (history: HistoryName, seed?: string): TestSimulator => {
  const play = new TestSimulator();
  play.simulator.traffic.load(history, seed === undefined ? {} : { seed });
  play.sent.length = 0;
  return play;
};

const statusesOf = (changes: SimulatedChange[]) =>
  changes.filter(({ kind }) => kind === 'message_status').flatMap(({ value }) => records(value.statuses));

/** Counted from the bodies alone: each conversation on the day of its earliest status, by who began it. */
function recount(changes: SimulatedChange[]): Map<string, { business: number; user: number }> {
  const begun = new Map<string, { at: number; user: boolean }>();
  for (const { conversation, timestamp } of statusesOf(changes)) {
    const { id, origin } = record(conversation) ?? {};
    if (typeof id !== 'string') continue;
    const at = Math.min(Number(timestamp) * 1_000, begun.get(id)?.at ?? Number.MAX_SAFE_INTEGER);
    begun.set(id, { at, user: record(origin)?.type === 'service' });
  }
  const days = new Map<string, { business: number; user: number }>();
  for (const { at, user } of begun.values()) {
    const date = new Date(at).toISOString().slice(0, 10);
    const day = days.get(date) ?? { business: 0, user: 0 };
    days.set(date, { business: day.business + (user ? 0 : 1), user: day.user + (user ? 1 : 0) });
  }
  return days;
}

const asMap = (days: PastDay[]) =>
  new Map(
    days
      .filter(({ businessInitiated, userInitiated }) => businessInitiated + userInitiated > 0)
      .map(({ date, businessInitiated, userInitiated }) => [date, { business: businessInitiated, user: userInitiated }]),
  );

describe('histories', () => {
  const inWindow = (history: HistoryName) =>
    sum(rehearse(history).simulator.traffic.days(NOW - 29 * DAY, NOW), ({ businessInitiated }) => businessInitiated);

  it('send nothing more once they are left', async () => {
    const play = rehearse('reached');
    const { traffic } = play.simulator;
    const all = (await traffic.replay({ from: NOW - 10 * DAY, until: NOW, pattern: QUIET })).webhooks;
    play.sent.length = 0;
    const replay = traffic.replay({ from: NOW - 10 * DAY, until: NOW, pattern: QUIET });
    traffic.load('none');
    const left = await replay;
    expect(left.webhooks).toBeLessThan(all);
    expect((await traffic.replay({ from: NOW - 10 * DAY, until: NOW })).webhooks).toBe(0);
  });

  it('are what their names say', () => {
    expect(inWindow('reached')).toBeGreaterThan(1_000);
    expect(inWindow('growing')).toBeGreaterThan(600);
    expect(inWindow('growing')).toBeLessThan(1_000);
    expect(inWindow('stalled')).toBeLessThan(600);
    expect(inWindow('fresh')).toBeLessThan(100);
    expect(inWindow('none')).toBe(0);
  });

  it('go back more than 45 days, and have fewer conversations on Sundays', () => {
    for (const history of ['growing', 'reached', 'stalled', 'restricted'] as const) {
      const { traffic } = rehearse(history).simulator;
      const days = traffic.days(NOW - 60 * DAY, NOW);
      expect(days.filter(({ businessInitiated }) => businessInitiated > 0).length).toBeGreaterThan(55);
      const onDay = (weekday: number) =>
        sum(
          days.filter(({ date }) => new Date(date).getUTCDay() === weekday),
          ({ businessInitiated }) => businessInitiated,
        );
      expect(onDay(0)).toBeLessThan(onDay(2) / 2);
    }
  });

  it('have calls that are answered, declined and missed, on both sides', async () => {
    const play = rehearse('growing');
    await play.simulator.traffic.replay({ from: NOW - 30 * DAY, until: NOW, pattern: QUIET });
    const calls = play.sent
      .filter(({ field }) => field === 'calls')
      .map((change) => [change, ...(change.batched ?? [])])
      .map((changes) => ({
        direction: changes.flatMap(({ value }) => records(value.calls)).map((call) => call.direction)[0],
        talked: changes.some(({ value }) => records(value.calls).some(({ duration }) => duration !== undefined)),
        rejected: changes.some(({ kind }) => kind === 'rejected'),
      }));
    const kinds = new Set(calls.map(({ direction, talked, rejected }) => `${String(direction)} ${talked} ${rejected}`));
    expect([...kinds].sort()).toEqual([
      'BUSINESS_INITIATED false false',
      'BUSINESS_INITIATED false true',
      'BUSINESS_INITIATED true false',
      'USER_INITIATED false false',
      'USER_INITIATED true false',
    ]);
  });

  it('let a poor time show: more messages fail', async () => {
    const failedShare = async (from: number, until: number) => {
      const play = rehearse('restricted');
      await play.simulator.traffic.replay({ from: NOW - from * DAY, until: NOW - until * DAY, pattern: QUIET });
      const statuses = statusesOf(play.sent);
      const sent = statuses.filter(({ status }) => status === 'sent').length;
      return statuses.filter(({ status }) => status === 'failed').length / sent;
    };
    expect(await failedShare(11, 3)).toBeGreaterThan(3 * (await failedShare(30, 14)));
  });

  it('leave the number as Meta sees it, and say so', () => {
    const play = new TestSimulator();
    play.simulator.traffic.load('restricted');
    expect(play.simulator.context.number).toMatchObject({ tier: 'TIER_2K', quality: 'Low', restrictions: [{ until: expect.any(Number) }] });
    expect(play.kinds()).toEqual(['account_update']);
    play.simulator.traffic.load('fresh');
    expect(play.simulator.context.number).toMatchObject({ tier: 'TIER_250', quality: 'High', restrictions: [] });
    expect(play.kinds()).toEqual(['account_update', 'business_capability_update']);
    play.simulator.reset();
    expect(play.simulator.context.number.tier).toBe('TIER_250');
  });

  it('change on their day during a replay, with a webhook on that day', async () => {
    const play = new TestSimulator();
    const { clock, traffic, context } = play.simulator;
    traffic.load('growing', { present: NOW + 30 * DAY });
    const seen: string[] = [];
    for (let day = 0; day < 30; day += 1) {
      play.sent.length = 0;
      clock.move(DAY);
      await traffic.replay({ from: clock.now() - DAY, until: clock.now() });
      const kinds = play.sent.filter(({ about }) => about === 'number').map(({ kind }) => kind);
      if (kinds.length) seen.push(`${day + 1}: ${kinds.join(', ')} ${context.number.tier} ${context.number.quality}`);
    }
    expect(seen).toEqual([
      '3: business_capability_update TIER_2K High',
      '10: phone_number_quality_update TIER_2K Medium',
      '13: phone_number_quality_update TIER_2K High',
    ]);
  });
});

describe('a replayed month', () => {
  it('comes to the same as a recount of its webhooks, and as what the partner API reports', async () => {
    for (const history of HISTORIES) {
      const play = rehearse(history);
      const { traffic } = play.simulator;
      const until = NOW - 3 * HOUR;
      // Before its first day: a span that begins later has the end of conversations whose beginning it has not.
      const from = until - 80 * DAY;
      const lived = await traffic.replay({ from, until });
      expect({ history, days: asMap(lived.days) }).toEqual({ history, days: recount(play.sent) });
      expect({ history, days: asMap(traffic.days(from, until)) }).toEqual({ history, days: recount(play.sent) });
    }
  });

  it('is the same for the same seed, and another for another', async () => {
    const bodies = async (seed?: string) => {
      const play = rehearse('growing', seed);
      await play.simulator.traffic.replay({ from: NOW - 5 * DAY, until: NOW });
      return play.sent.map((change) => JSON.stringify(change));
    };
    const first = await bodies();
    expect(first.length).toBeGreaterThan(500);
    expect(await bodies()).toEqual(first);
    expect(new Set([...first, ...(await bodies('other'))]).size).toBeGreaterThan(1.8 * first.length);
  });

  it('is the same in one go and in many', async () => {
    const whole = rehearse('growing');
    await whole.simulator.traffic.replay({ from: NOW - 4 * DAY, until: NOW, pattern: QUIET });
    const parts = rehearse('growing');
    // Cut at the very moment of a message, which must come in one of the two parts.
    const moments = statusesOf(whole.sent).map(({ timestamp }) => Number(timestamp) * 1_000);
    const cuts = [NOW - 4 * DAY, ...[10, 50, 200, 400].map((index) => Number(moments[index])), NOW];
    for (const [index, until] of cuts.slice(1).entries()) {
      await parts.simulator.traffic.replay({ from: Number(cuts[index]), until, pattern: QUIET });
    }
    const bodies = ({ sent }: TestSimulator) => sent.map((change) => JSON.stringify(change)).sort();
    expect(bodies(parts)).toEqual(bodies(whole));
  });

  it('has repetitions and late arrivals as often as is said, which change no total', async () => {
    const replay = async (pattern: object) => {
      const play = rehearse('reached');
      const lived = await play.simulator.traffic.replay({ from: NOW - 30 * DAY, until: NOW, pattern });
      return { sent: play.sent, lived };
    };
    const quiet = await replay(QUIET);
    expect(quiet.lived).toMatchObject({ repeated: 0, late: 0 });
    const usual = await replay({});
    expect(usual.lived.repeated / quiet.lived.webhooks).toBeCloseTo(0.02, 2);
    expect(usual.lived.webhooks).toBe(quiet.lived.webhooks + usual.lived.repeated);
    expect(usual.lived.late).toBeGreaterThan(quiet.lived.webhooks * 0.03);
    const order = usual.sent.flatMap(({ value }) => records(value.statuses)).map(({ timestamp }) => Number(timestamp));
    expect(order.some((at, index) => at < Number(order[index - 1]) - 3_600)).toBe(true);
    expect(recount(usual.sent)).toEqual(recount(quiet.sent));
  });

  it('is billed in each form that Meta has used', async () => {
    const billing = async (form: 'per_message' | 'bare' | 'conversation') => {
      const play = rehearse('growing');
      await play.simulator.traffic.replay({ from: NOW - DAY, until: NOW, pattern: { ...QUIET, form } });
      const sent = statusesOf(play.sent).filter(({ status }) => status === 'sent');
      const ours = sent.find(({ pricing }) => record(pricing)?.billable === true);
      return { conversation: ours?.conversation, pricing: ours?.pricing };
    };
    expect(await billing('per_message')).toMatchObject({
      conversation: { origin: {} },
      pricing: { pricing_model: 'PMP', type: 'regular' },
    });
    expect(await billing('bare')).toMatchObject({ conversation: undefined, pricing: { pricing_model: 'PMP' } });
    const old = await billing('conversation');
    expect(old).toMatchObject({ conversation: { expiration_timestamp: expect.any(String) }, pricing: { pricing_model: 'CBP' } });
    expect(old.pricing).not.toHaveProperty('type');
  });

  it('leaves the predefined users and their plans alone', async () => {
    const play = rehearse('growing');
    const before = JSON.stringify(play.simulator.context.users.all());
    await play.simulator.traffic.replay({ from: NOW - 10 * DAY, until: NOW });
    expect(JSON.stringify(play.simulator.context.users.all())).toBe(before);
    expect(play.simulator.agenda.nextAt()).toBeNull();
  });
});

describe('a past that is replayed from the start', () => {
  it('has calls before messages, its newest day first, and goes on to the present', async () => {
    const play = rehearse('growing');
    play.simulator.traffic.continueFrom(NOW - 10 * DAY, 1_000_000);
    // What is asked for now waits for its turn behind the past.
    await play.simulator.traffic.replay({ from: NOW, until: NOW });
    play.simulator.close();
    const firstMessage = play.sent.findIndex(({ kind }) => kind === 'message_status');
    const lastCall = play.sent.findLastIndex(({ field }) => field === 'calls');
    expect(lastCall).toBeLessThan(firstMessage);
    const days = statusesOf(play.sent).map(({ timestamp }) => Math.floor(Number(timestamp) / 86_400));
    expect(days).toEqual([...days].sort((a, b) => b - a));
    const whole = rehearse('growing');
    await whole.simulator.traffic.replay({ from: NOW - 10 * DAY, until: NOW });
    const bodies = ({ sent }: TestSimulator) => sent.map((change) => JSON.stringify(change)).sort();
    expect(bodies(play)).toEqual(bodies(whole));
  });

  it('ends at the true present when the simulator’s clock was moved', async () => {
    const play = rehearse('growing');
    play.simulator.clock.move(5 * DAY);
    play.sent.length = 0;
    play.simulator.traffic.continueFrom(NOW - DAY, 1_000_000);
    await play.simulator.traffic.replay({ from: NOW, until: NOW });
    play.simulator.close();
    expect(Math.max(...statusesOf(play.sent).map(({ timestamp }) => Number(timestamp)))).toBeLessThanOrEqual(NOW / 1_000);
    expect(play.sent.length).toBeGreaterThan(50);
  });
});
