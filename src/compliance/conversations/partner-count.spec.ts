import { describe, expect, it } from '@jest/globals';
import { partnerCount } from './partner-count.js';
import { deriveProgress } from './progress.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const goal = { conversations: 1_000, windowDays: 30 };

describe('an answer of the partner whose rows leave the business-initiated figure out', () => {
  const days = [
    { date: '2026-11-20', businessInitiated: 4, total: 9 },
    { date: '2026-11-21', businessInitiated: null, total: 7 },
  ];
  const count = partnerCount({ from: '2026-10-01', days }, NOW - 1, NOW, goal.windowDays);

  it('has no such count, and the total all the same', () => {
    expect(count).toMatchObject({ businessInitiated: null, total: 16, reason: 'figure_missing', series: [], history: [] });
    expect(count.coverage).toEqual({ from: '2026-10-24', to: '2026-11-23', complete: true });
  });

  it('shows the total in the progress, and decides nothing', () => {
    expect(deriveProgress([count], goal)).toMatchObject({
      businessInitiated: null,
      total: 16,
      meets: null,
      source: 'partner_api',
      reason: 'figure_missing',
    });
  });

  it('has no total either when a row leaves that out', () => {
    const without = [...days, { date: '2026-11-22', businessInitiated: null, total: null }];
    expect(partnerCount({ from: '2026-10-01', days: without }, NOW - 1, NOW, goal.windowDays).total).toBeNull();
  });
});
