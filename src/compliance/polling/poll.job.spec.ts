import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { phaseOf } from '#compliance/schedule/slots.service.js';
import { businessNumber } from '#identity/numbers/business-number.fixture.js';
import type { BusinessNumber, OwnSettings } from '#identity/numbers/business-number.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import type { NumbersService } from '#identity/numbers/numbers.service.js';
import { HOUR, MINUTE, SECOND, SystemClock } from '#kernel/clock.js';
import type { Lines } from '#numbers/lines.js';
import { createLogger } from '#telemetry/logger.js';
import { PollJob } from './poll.job.js';
import type { PollsService } from './polls.service.js';

const BEGIN = Date.UTC(2026, 0, 10, 12, 0, 30);
const NOON = BEGIN - 30 * SECOND;
const compliance = { pollCron: '*/15 * * * *', timeZone: 'UTC' };

describe('the schedule of polls', () => {
  let numbers: BusinessNumber[];
  let own: Record<string, Partial<OwnSettings>>;
  let begun: Array<{ id: string; at: number; cause: string; notSince: number | null }>;
  /** Numbers whose polls do not end. */
  let hanging: Set<string>;
  let unproven: Set<string>;
  const jobs: PollJob[] = [];

  beforeEach(() => {
    jest.useFakeTimers({ now: BEGIN });
    [numbers, own, begun, hanging, unproven] = [[], {}, [], new Set(), new Set()];
  });
  afterEach(async () => {
    for (const job of jobs.splice(0)) await job.onModuleDestroy();
    jest.useRealTimers();
  });

  const start = () => {
    const polls = {
      begin: async ({ phoneNumberId: id }: BusinessNumber, cause: string, notSince: number | null) => {
        begun.push({ id, at: Date.now(), cause, notSince });
        return { done: hanging.has(id) ? new Promise<void>(() => undefined) : Promise.resolve() };
      },
    } as unknown as PollsService;
    const registry = { all: () => numbers, byId: (id: string) => numbers.find(({ phoneNumberId }) => phoneNumberId === id) ?? null };
    const lines = { isProven: async ({ phoneNumberId }: BusinessNumber) => !unproven.has(phoneNumberId) } as unknown as Lines;
    const log = { pino: createLogger({ logLevel: 'silent' }) };
    const job = new PollJob(
      polls,
      registry as unknown as NumbersService,
      lines,
      numberSettings({ compliance }, own),
      new SystemClock(),
      log,
    );
    jobs.push(job);
    return job;
  };
  /** Lets time pass, with a tick in each second. */
  const pass = async (job: PollJob, ms: number) => {
    for (let left = ms; left > 0; left -= SECOND) {
      await jest.advanceTimersByTimeAsync(SECOND);
      job.tick();
      await jest.advanceTimersByTimeAsync(0);
    }
  };
  const timesOf = (id: string) => begun.filter((poll) => poll.id === id).map(({ at }) => at);
  const number = (id: string, given: Partial<BusinessNumber> = {}) => businessNumber({ phoneNumberId: id, ...given });

  it('polls a number that is alone after the start and at the moments of its cron, within 4 s', async () => {
    numbers = [number('1')];
    await pass(start(), HOUR);
    expect(begun.map(({ cause, notSince }) => [cause, notSince])).toEqual([
      ['start', null],
      ...[15, 30, 45, 60].map(() => ['schedule', null]),
    ]);
    const [first, ...rest] = timesOf('1');
    expect(first).toBe(BEGIN + SECOND);
    for (const [index, at] of rest.entries()) {
      expect(at - (NOON + (index + 1) * 15 * MINUTE)).toBeGreaterThanOrEqual(0);
      expect(at - (NOON + (index + 1) * 15 * MINUTE)).toBeLessThanOrEqual(4 * SECOND);
    }
  });

  it('polls 500 numbers once in each quarter of an hour, and begins no more than 5 in any second, the start included', async () => {
    numbers = Array.from({ length: 500 }, (_, index) => number(String(300_000_000_000_000 + index * 7_919)));
    const job = start();
    await pass(job, 30 * MINUTE);
    const times = begun.map(({ at }) => at).sort((a, b) => a - b);
    for (const [index, at] of times.entries()) expect(at - (times[index - 5] ?? 0)).toBeGreaterThanOrEqual(1_000);
    const turnOf = ({ notSince }: (typeof begun)[number]) => (notSince ?? 0) + 30 * SECOND;
    const isOfSecondQuarter = (turn: number) => turn >= NOON + 15 * MINUTE && turn < NOON + 30 * MINUTE;
    const scheduled = begun.filter((poll) => poll.cause === 'schedule' && isOfSecondQuarter(turnOf(poll)));
    expect(new Set(scheduled.map(({ id }) => id)).size).toBe(500);
    expect(scheduled).toHaveLength(500);
  });

  it('polls each number by its own cron in its own zone', async () => {
    numbers = [number('1'), number('2'), number('3')];
    own['2'] = { poll_cron: '0 * * * *' };
    own['3'] = { poll_cron: '0 7 * * *', time_zone: 'America/Mexico_City' };
    await pass(start(), 2 * HOUR);
    const scheduled = (id: string) => begun.filter((poll) => poll.id === id && poll.cause === 'schedule').map(({ at }) => at);
    expect([scheduled('1').length, scheduled('2').length]).toEqual([8, 2]);
    const turn = NOON + HOUR + phaseOf('3', HOUR);
    expect(scheduled('3')).toHaveLength(1);
    expect((scheduled('3')[0] ?? 0) - turn).toBeGreaterThanOrEqual(0);
    expect((scheduled('3')[0] ?? 0) - turn).toBeLessThanOrEqual(2 * SECOND);
  });

  it('follows a change of the settings, and numbers that come and go, without a restart', async () => {
    numbers = [number('1', { state: 'paused' }), number('2')];
    const job = start();
    await pass(job, 15 * MINUTE);
    const before = timesOf('1').length;
    own['1'] = { poll_cron: '* * * * *' };
    await pass(job, 15 * MINUTE);
    expect(timesOf('1').length - before).toBeGreaterThanOrEqual(14);
    numbers = [...numbers, number('3')];
    await pass(job, 2 * SECOND);
    expect(begun.at(-1)).toMatchObject({ id: '3', cause: 'start', notSince: expect.any(Number) });
    numbers = [number('1', { state: 'removing' }), number('2')];
    const [gone, kept] = [timesOf('1').length, timesOf('2').length];
    await pass(job, 30 * MINUTE);
    expect([timesOf('1').length - gone, timesOf('2').length - kept]).toEqual([0, 2]);
  });

  it('lets no number wait for one whose poll hangs or whose key is not proven', async () => {
    numbers = Array.from({ length: 30 }, (_, index) => number(String(index + 1)));
    for (const { phoneNumberId } of numbers.slice(0, 10)) hanging.add(phoneNumberId);
    unproven.add('11');
    const job = start();
    await pass(job, HOUR);
    for (const { phoneNumberId } of numbers.slice(11)) expect(timesOf(phoneNumberId).length).toBeGreaterThanOrEqual(4);
    expect([timesOf('1').length, timesOf('11').length]).toEqual([1, 0]);
    unproven.clear();
    await pass(job, 20 * SECOND);
    expect(timesOf('11')).toHaveLength(1);
  });
});
