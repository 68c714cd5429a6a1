import { describe, expect, it } from '@jest/globals';
import { addDays } from '#kernel/calendar/calendar.js';
import { daysIn, EVERY, spanBefore, spanOf, spanOver, spansUntil } from './span.js';

describe('the spans of reports', () => {
  it.each([
    ['day', '2026-11-22', '2026-11-22', '2026-11-22'],
    ['week', '2026-11-22', '2026-11-16', '2026-11-22'],
    ['week', '2026-11-16', '2026-11-16', '2026-11-22'],
    ['week', '2027-01-01', '2026-12-28', '2027-01-03'],
    ['month', '2028-02-29', '2028-02-01', '2028-02-29'],
    ['month', '2026-12-31', '2026-12-01', '2026-12-31'],
  ] as const)('a %s that holds %s is from %s to %s', (every, date, first, last) => {
    expect(spanOf(every, date)).toEqual({ every, first, last });
  });

  it.each(EVERY)('of every %s follow each other without a gap for four years', (every) => {
    const spans = spansUntil(spanOf(every, '2029-12-31'), every === 'day' ? 1_461 : 48);
    for (const [index, span] of spans.entries()) {
      expect(spanBefore(span).last).toBe(addDays(span.first, -1));
      if (index > 0) expect(spans[index - 1]).toEqual(spanBefore(span));
      expect(spanOf(every, span.last)).toEqual(span);
    }
  });

  it('are over when their last day is, in the zone of the number', () => {
    const mondayInMexico = Date.parse('2026-11-23T06:00:00Z');
    expect(spanOver('week', mondayInMexico, 'America/Mexico_City').last).toBe('2026-11-22');
    expect(spanOver('week', mondayInMexico - 1, 'America/Mexico_City').last).toBe('2026-11-15');
    expect(daysIn(spanOver('month', mondayInMexico, 'UTC'))).toBe(31);
  });
});
