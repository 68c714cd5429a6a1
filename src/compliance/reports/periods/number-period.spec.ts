import { describe, expect, it } from '@jest/globals';
import { report } from '#compliance/reports/report.fixture.js';
import type { ReportView } from '#compliance/reports/report.view.js';
import type { ReportGateView } from '#compliance/reports/status/report-status.view.js';
import { dayReport, numberPeriod, periodDocument } from './period-report.fixture.js';
import type { NumberPeriodReportView } from './period-report.view.js';

const figure = ({ figures }: NumberPeriodReportView, name: string) => figures.find((one) => one.name === name);
const gate = (over: Partial<ReportGateView>): ReportGateView => ({
  direction: 'outbound',
  name: 'calling_enabled',
  verdict: 'fail',
  value: 'DISABLED',
  required: 'ENABLED',
  source: 'settings',
  observed_at: '2026-11-22T09:00:00.000Z',
  code: 'calling_disabled',
  ...over,
});
const standing = (over: Partial<ReportView['standing']>): Partial<ReportView> => ({
  standing: { ...report().standing, outbound: 'available', inbound: 'available', gates: [], ...over },
});
const same = { figures: dayReport('2026-11-20').figures };

describe('the report of a number about a period', () => {
  it('adds the days of a week and of a month up, and says what changed', () => {
    const week = numberPeriod({ every: 'week', date: '2026-11-18' });
    const sum = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, index) => dayReport(`2026-11-${String(first + index).padStart(2, '0')}`)).reduce(
        (total, { figures }) => total + figures.calls.inbound.missed,
        0,
      );
    const [now, before] = [sum(16, 22), sum(9, 15)];
    expect(figure(week, 'calls.inbound.missed')).toMatchObject({ value: now, before, change: now - before, days: 7, as_of: null });
    expect(week).toMatchObject({ days: 7, reported_days: 7, previous: { first: '2026-11-09', last: '2026-11-15' } });
    expect(figure(numberPeriod({ every: 'month' }), 'calls.inbound.missed')?.value).toBe(sum(1, 30));
  });

  it('compares nothing where days are unknown, and says how many are known', () => {
    const week = numberPeriod({ every: 'week', date: '2026-11-18', over: (date) => (date === '2026-11-17' ? null : {}) });
    expect(week.reported_days).toBe(6);
    for (const { name, change, days } of week.figures)
      if (name !== 'status.business_initiated_conversations') expect([name, change, days]).toEqual([name, null, 6]);
  });

  it('knows nothing without a report: no zero, no change', () => {
    const empty = numberPeriod({ over: () => null });
    expect(empty).toMatchObject({
      reported_days: 0,
      created_at: null,
      previous: null,
      attention: 'unknown',
      changes: [],
      status: null,
      report: null,
    });
    expect(empty.figures.map(({ value }) => value)).toEqual(empty.figures.map(() => null));
    expect(empty.trend.every((span) => span.inbound_missed === null)).toBe(true);
  });

  it('has a rate only where calls rang, rounded down, beside the target of the gates', () => {
    const calls = { outbound: { total: 0, answered: 0, unanswered: 0 }, inbound: { total: 3, answered: 2, missed: 1 } };
    const day = numberPeriod({ over: () => ({ figures: { conversations: [], calls } }) });
    expect([figure(day, 'rate.inbound'), figure(day, 'rate.outbound')]).toMatchObject([
      { value: 0.66, target: 0.3 },
      { value: null, target: 0.3 },
    ]);
  });

  it('never adds sources up, and a total that one day leaves out is unknown', () => {
    const count = (source: string, total: number | null) => ({ source, time_zone: 'UTC', business_initiated: 1, total });
    const { calls } = dayReport('2026-11-20').figures;
    const week = numberPeriod({
      every: 'week',
      over: (date) => ({
        figures: { calls, conversations: [count('webhooks', 2), count('partner_api', date === '2026-11-18' ? null : 3)] },
      }),
    });
    const values = week.figures.filter(({ name }) => name.startsWith('conversations.')).map(({ name, value }) => [name, value]);
    expect(values).toEqual([
      ['conversations.partner_api.business_initiated', 7],
      ['conversations.partner_api.total', null],
      ['conversations.webhooks.business_initiated', 7],
      ['conversations.webhooks.total', 14],
    ]);
  });

  it('says that nothing changed only when nothing did', () => {
    expect(numberPeriod({ over: () => ({ ...same, ...standing({}) }) }).changes).toEqual([]);
    const changed = numberPeriod({
      over: (date) => ({ ...same, ...standing({ messaging_limit: date === '2026-11-21' ? 'TIER_2K' : 'TIER_250' }) }),
    });
    expect(changed.changes).toMatchObject([{ about: 'messaging_limit', before: 'TIER_250', now: 'TIER_2K' }]);
  });

  it('tells a reading with its own time: calling was off when it was read, not when the report was written', () => {
    const off = standing({ outbound: 'blocked', gates: [gate({})] });
    const day = numberPeriod({ over: (date) => ({ ...same, ...(date === '2026-11-21' ? off : standing({})) }) });
    expect(day.changes).toEqual([
      { about: 'outbound', code: 'calling_disabled', before: 'available', now: 'blocked', as_of: '2026-11-22T09:00:00.000Z' },
    ]);
    expect(day).toMatchObject({ attention: 'act', action_code: 'calling_disabled', status: { as_of: '2026-11-22T14:00:00.000Z' } });
  });

  it('makes no news of what holds at the moment of reading alone: nobody listened at night', () => {
    const alone = standing({ gates: [gate({ direction: 'inbound', name: 'listener', verdict: 'warning', code: 'no_listener' })] });
    const day = numberPeriod({ over: (date) => ({ ...same, ...(date === '2026-11-21' ? alone : standing({})) }) });
    expect(day).toMatchObject({ changes: [], attention: 'fine', action_code: null });
  });

  it('asks for a look at a low rate only with calls enough to judge', () => {
    const calls = (missed: number) => ({
      outbound: { total: 0, answered: 0, unanswered: 0 },
      inbound: { total: missed + 1, answered: 1, missed },
    });
    const day = (missed: number) =>
      numberPeriod({ over: () => ({ ...standing({}), figures: { conversations: [], calls: calls(missed) } }) });
    expect([day(18).attention, day(19).attention, day(19).action_code]).toEqual(['fine', 'watch', 'inbound_pick_up_rate_low']);
  });

  it('stands before those that are well when it has trouble', () => {
    const number = (id: string) => ({ phone_number_id: id, display_phone_number: null, name: id });
    const document = periodDocument(
      { number: number('fine'), over: () => ({ ...same, ...standing({}) }) },
      { number: number('open'), over: () => ({ ...same, ...standing({ inbound: 'unknown' }) }) },
      {
        number: number('watch'),
        over: () => ({ ...same, ...standing({ gates: [gate({ verdict: 'warning', code: 'pick_up_rate_low' })] }) }),
      },
      { number: number('act'), over: () => ({ ...same, ...standing({ outbound: 'blocked', gates: [gate({})] }) }) },
    );
    expect(document.numbers.map(({ name }) => name)).toEqual(['act', 'watch', 'open', 'fine']);
  });
});
