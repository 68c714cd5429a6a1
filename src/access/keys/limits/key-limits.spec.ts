import { describe, expect, it } from '@jest/globals';
import { allowedFrom, quietUntil } from './key-limits.js';

const hours = (from: string, until: string, time_zone: string | null = null) => ({ from, until, time_zone });
const end = (quiet: ReturnType<typeof hours>, at: string, zone = 'UTC'): string | null => {
  const moment = quietUntil(quiet, Date.parse(at), zone);
  return moment === null ? null : new Date(moment).toISOString().replace('.000', '');
};

describe('quiet hours', () => {
  it.each([
    ['2026-11-23T20:59:59Z', null],
    ['2026-11-23T21:00:00Z', '2026-11-24T08:00:00Z'],
    ['2026-11-24T07:59:59Z', '2026-11-24T08:00:00Z'],
    ['2026-11-24T08:00:00Z', null],
  ])('over midnight, at %s, end at %s', (at, until) => expect(end(hours('21:00', '08:00'), at)).toBe(until));

  it.each([
    ['2026-11-23T11:59:00Z', null],
    ['2026-11-23T12:00:00Z', '2026-11-23T13:37:00Z'],
    ['2026-11-23T13:37:00Z', null],
  ])('within a day, at %s, end at %s', (at, until) => expect(end(hours('12:00', '13:37'), at)).toBe(until));

  it('follow the wall clock of their own zone, else of the gateway', () => {
    expect(end(hours('21:00', '08:00', 'Europe/Madrid'), '2026-11-23T20:00:00Z', 'America/Mexico_City')).toBe('2026-11-24T07:00:00Z');
    expect(end(hours('21:00', '08:00'), '2026-11-24T03:00:00Z', 'America/Mexico_City')).toBe('2026-11-24T14:00:00Z');
    expect(end(hours('21:00', '08:10'), '2026-11-23T16:00:00Z', 'Asia/Kathmandu')).toBe('2026-11-24T02:25:00Z');
  });

  it('are an hour shorter or longer in the night in which the clocks change', () => {
    expect(end(hours('21:00', '08:00', 'Europe/Madrid'), '2026-03-28T21:00:00Z')).toBe('2026-03-29T06:00:00Z');
    expect(end(hours('21:00', '08:00', 'Europe/Madrid'), '2026-10-24T20:00:00Z')).toBe('2026-10-25T07:00:00Z');
  });

  it('end with the gap when the clocks skip their end, and hold again in an hour that comes twice', () => {
    expect(end(hours('22:00', '02:30', 'Europe/Madrid'), '2026-03-28T23:00:00Z')).toBe('2026-03-29T01:00:00Z');
    expect(end(hours('22:00', '02:30', 'Europe/Madrid'), '2026-10-24T23:00:00Z')).toBe('2026-10-25T00:30:00Z');
    expect(end(hours('22:00', '02:30', 'Europe/Madrid'), '2026-10-25T01:10:00Z')).toBe('2026-10-25T01:30:00Z');
  });
});

describe('a budget that is used up', () => {
  const limits = { dials_per_day: 1, asks_per_day: null, quiet_hours: hours('21:00', '08:00') };
  const from = (isUsedUp: boolean, at: string, zone: string, quiet = true) =>
    new Date(allowedFrom({ ...limits, quiet_hours: quiet ? limits.quiet_hours : null }, isUsedUp, Date.parse(at), zone)).toISOString();

  it('begins anew at the next local midnight, or when the quiet hours over it end', () => {
    expect(from(true, '2026-11-23T12:00:00Z', 'America/Mexico_City', false)).toBe('2026-11-24T06:00:00.000Z');
    expect(from(true, '2026-11-23T12:00:00Z', 'UTC')).toBe('2026-11-24T08:00:00.000Z');
    expect(from(true, '2026-11-23T02:00:00Z', 'UTC')).toBe('2026-11-24T08:00:00.000Z');
    expect(from(false, '2026-11-23T02:00:00Z', 'UTC')).toBe('2026-11-23T08:00:00.000Z');
  });

  it('begins anew with a day that has no midnight', () => {
    expect(from(true, '2026-09-05T12:00:00Z', 'America/Santiago', false)).toBe('2026-09-06T04:00:00.000Z');
  });
});
