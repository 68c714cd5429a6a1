import { describe, expect, it } from '@jest/globals';
import { EVERY } from '#compliance/reports/periods/span.js';
import { DAY, HOUR } from '#kernel/clock.js';
import { endedAt, periodAt } from './delivery-period.js';

const at = (text: string) => Date.parse(text);

describe('the periods of a reader', () => {
  it('are days, weeks from Monday, and months of their zone', () => {
    const now = at('2026-11-30T05:30:00Z');
    const span = (every: 'day' | 'week' | 'month', zone: string) => {
      const { first, last } = endedAt(every, zone, now);
      return [first, last];
    };
    // In Mexico it is still Sunday evening.
    expect(span('day', 'America/Mexico_City')).toEqual(['2026-11-28', '2026-11-28']);
    expect(span('day', 'UTC')).toEqual(['2026-11-29', '2026-11-29']);
    expect(span('week', 'America/Mexico_City')).toEqual(['2026-11-16', '2026-11-22']);
    expect(span('week', 'UTC')).toEqual(['2026-11-23', '2026-11-29']);
    expect(span('month', 'UTC')).toEqual(['2026-10-01', '2026-10-31']);
    expect(span('month', 'Pacific/Kiritimati')).toEqual(['2026-10-01', '2026-10-31']);
  });

  it.each(['UTC', 'Europe/Madrid', 'America/Santiago', 'Africa/Cairo'])('follow each other without a gap for two years in %s', (zone) => {
    for (const every of EVERY) {
      const odd: string[] = [];
      let period = periodAt(every, zone, at('2026-01-15T12:00:00Z'));
      while (period.from < at('2028-01-15T12:00:00Z')) {
        const next = periodAt(every, zone, period.until);
        if (next.from !== period.until || endedAt(every, zone, period.until).from !== period.from) odd.push(period.first);
        if (endedAt(every, zone, period.until - HOUR / 2).from === period.from) odd.push(`${period.first} too early`);
        period = next;
      }
      expect(odd).toEqual([]);
    }
  });

  it('of a month have 28 to 31 days', () => {
    const { from, until, last } = periodAt('month', 'UTC', at('2027-02-28T23:59:59Z'));
    expect([(until - from) / DAY, last]).toEqual([28, '2027-02-28']);
  });
});
