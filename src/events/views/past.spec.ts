import { describe, expect, it } from '@jest/globals';
import type { EventType } from '#events/event.js';
import { HOUR, MINUTE } from '#kernel/clock.js';
import { pastMoment } from './past.js';

const NOW = Date.UTC(2026, 10, 29, 12);
const at = (ms: number): string => new Date(ms).toISOString();
const LONG_AGO = NOW - 20 * 24 * HOUR;

describe('the past of an event', () => {
  it.each<[string, EventType, object, number | null]>([
    ['a call that ended weeks ago', 'call.ended', { state: 'ended', ended_at: at(LONG_AGO) }, LONG_AGO],
    ['a call that ended just now', 'call.ended', { state: 'ended', created_at: at(LONG_AGO), ended_at: at(NOW) }, null],
    ['a call that ended within the hour', 'call.ended', { state: 'ended', ended_at: at(NOW - 59 * MINUTE) }, null],
    ['a call that was answered weeks ago', 'call.answered', { state: 'in_progress', answered_at: at(LONG_AGO) }, LONG_AGO],
    ['a correction of an old call', 'call.updated', { state: 'ended', ended_at: at(LONG_AGO) }, LONG_AGO],
    ['a ring of weeks ago', 'call.updated', { state: 'ringing', ringing_at: at(LONG_AGO) }, LONG_AGO],
    ['news of a long call', 'call.updated', { state: 'in_progress', answered_at: at(NOW - 3 * HOUR), ended_at: null }, null],
    ['a permission that came after hours', 'call.ready', { state: 'ready', created_at: at(LONG_AGO) }, null],
    ['what is no call', 'settings.updated', { ended_at: at(LONG_AGO) }, null],
    ['a time that cannot be read', 'call.ended', { ended_at: 'x' }, null],
    ['nothing', 'call.ended', {}, null],
  ])('%s', (_, type, data, past) => expect(pastMoment({ type, occurredAt: NOW, data })).toBe(past));
});
