import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SnapshotsService } from '#compliance/polling/snapshots.service.js';
import { businessNumber } from '#identity/numbers/business-number.fixture.js';
import type { BusinessNumber, OwnSettings } from '#identity/numbers/business-number.js';
import { numberSettings } from '#identity/numbers/number-settings.fixture.js';
import type { NumbersService } from '#identity/numbers/numbers.service.js';
import { HOUR, MINUTE, SECOND, SystemClock } from '#kernel/clock.js';
import { createLogger } from '#telemetry/logger.js';
import { ReportJob } from './report.job.js';
import type { ReportsService } from './reports.service.js';

const BEGIN = Date.UTC(2026, 0, 10);
const compliance = { reportCron: '0 8 * * *', timeZone: 'UTC' };

describe('the schedule of reports', () => {
  let numbers: BusinessNumber[];
  let own: Record<string, Partial<OwnSettings>>;
  /** When a report of the midnight before was written first. */
  let written: Record<string, number>;
  let looks: Record<string, number>;
  let hanging: Set<string>;
  let job: ReportJob;

  beforeEach(() => {
    jest.useFakeTimers({ now: BEGIN });
    [numbers, own, written, looks, hanging] = [[], {}, {}, {}, new Set()];
    const reports = {
      hasAny: async () => true,
      writeDue: async ({ phoneNumberId: id }: BusinessNumber, isDue: (since: number) => boolean) => {
        looks[id] = (looks[id] ?? 0) + 1;
        if (hanging.has(id)) return new Promise(() => undefined);
        if (isDue(BEGIN)) written[id] ??= Date.now();
      },
    } as unknown as ReportsService;
    const snapshots = { list: async () => [{}] } as unknown as SnapshotsService;
    const registry = { all: () => numbers, byId: (id: string) => numbers.find(({ phoneNumberId }) => phoneNumberId === id) ?? null };
    const log = { pino: createLogger({ logLevel: 'silent' }) };
    const settings = numberSettings({ compliance }, own);
    job = new ReportJob(reports, snapshots, registry as unknown as NumbersService, settings, new SystemClock(), log);
    job.onApplicationBootstrap();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 5 * SECOND) {
      await jest.advanceTimersByTimeAsync(5 * SECOND);
      job.tick();
      await jest.advanceTimersByTimeAsync(0);
    }
  };
  const number = (id: string) => businessNumber({ phoneNumberId: id });

  it('looks at a number that is alone each minute, and writes at the moment of its schedule', async () => {
    numbers = [number('1')];
    await pass(9 * HOUR);
    expect((written['1'] ?? 0) - BEGIN - 8 * HOUR).toBeLessThanOrEqual(5 * SECOND);
    expect(looks['1']).toBeGreaterThanOrEqual(9 * 60 - 5);
  });

  it('writes those of several by their own schedules in their own zones, whatever one of them does', async () => {
    numbers = ['1', '2', '3', '4'].map(number);
    own['2'] = { time_zone: 'Europe/Berlin' };
    own['3'] = { report_cron: '30 3 * * *' };
    hanging.add('4');
    await pass(9 * HOUR);
    const after = (id: string, hours: number) => (written[id] ?? 0) - BEGIN - hours * HOUR;
    for (const late of [after('1', 8), after('2', 7), after('3', 3.5)]) {
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(15 * MINUTE + 10 * SECOND);
    }
    expect(looks['1']).toBeLessThan(2 * 9 * 4);
    expect([written['4'], looks['4']]).toEqual([undefined, 1]);
  });

  it('follows a change of the schedule without a restart', async () => {
    numbers = ['1', '2'].map(number);
    await pass(HOUR);
    own['1'] = { report_cron: '0 2 * * *' };
    await pass(2 * HOUR);
    expect([written['1'] !== undefined, written['2']]).toEqual([true, undefined]);
  });
});
