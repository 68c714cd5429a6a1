import { jittered } from '#kernel/backoff.js';
import { DAY, HOUR, SECOND } from '#kernel/clock.js';
import { type EndpointHealth, HEALTHY, healthAfter, isDown, isHopeless } from './endpoint-health.js';
import { type AttemptResult, nextAttemptAt, RETRY_DELAYS_MS, retryAfterMs } from './retry.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const answered = (status: number | null, retryAfter: string | null = null): AttemptResult => ({
  status,
  error: null,
  latencyMs: 1,
  retryAfter,
});
const fail = (health: EndpointHealth, times: number, every = 0, from = NOW): EndpointHealth => {
  let [after, at] = [health, from];
  for (let n = 0; n < times; n += 1, at += every) after = healthAfter(after, answered(500), at, 0.5);
  return after;
};

describe('the schedule of retries', () => {
  it('begins after about five seconds and lasts for three days', () => {
    expect(jittered(RETRY_DELAYS_MS[0] as number, 0)).toBe(4 * SECOND);
    expect(jittered(RETRY_DELAYS_MS[0] as number, 1)).toBe(6 * SECOND);
    expect(RETRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThanOrEqual(3 * DAY);
  });

  it.each(RETRY_DELAYS_MS.map((delay, index) => [index + 1, delay]))('waits after attempt %i for %i ms', (attempts, delay) => {
    expect(nextAttemptAt(attempts, answered(500), NOW, 0.5)).toBe(NOW + delay);
  });

  it('ends after twelve attempts', () => {
    expect(nextAttemptAt(12, answered(500), NOW, 0.5)).toBeNull();
  });

  it.each([
    [429, '60', 60 * SECOND],
    [503, ' 7 ', 7 * SECOND],
    [502, 'Sun, 22 Nov 2026 13:00:00 GMT', HOUR],
    [504, 'Sun, 22 Nov 2026 11:00:00 GMT', 0],
    [503, '999999999', DAY],
    [503, '1e9', null],
    [503, 'soon', null],
    [503, '', null],
    [503, null, null],
    [500, '60', null],
    [404, '60', null],
  ])('reads Retry-After of a %i, %p', (status, written, expected) => {
    expect(retryAfterMs(answered(status, written), NOW)).toBe(expected);
  });

  it('waits as long as the endpoint asks, and never less than the schedule', () => {
    expect(nextAttemptAt(1, answered(503, '3600'), NOW, 0.5)).toBe(NOW + HOUR);
    expect(nextAttemptAt(6, answered(503, '1'), NOW, 0.5)).toBe(NOW + 2 * HOUR);
  });
});

describe('the health of an endpoint', () => {
  it('is not held for single failures, and for a pause that it asks for', () => {
    expect(fail(HEALTHY, 9)).toEqual({ failures: 9, failingSince: NOW, heldUntil: null });
    expect(healthAfter(HEALTHY, answered(429, '30'), NOW, 0.5).heldUntil).toBe(NOW + 30 * SECOND);
  });

  it('is down after ten failures, tried after five seconds and then ever more seldom', () => {
    const down = fail(HEALTHY, 10);
    expect(isDown(down)).toBe(true);
    expect(down.heldUntil).toBe(NOW + 5 * SECOND);
    expect(fail(down, 2).heldUntil).toBe(NOW + 20 * SECOND);
    expect(fail(down, 50).heldUntil).toBe(NOW + 300 * SECOND);
  });

  it('does not hold what follows for events that the endpoint refuses, and still gives it up', () => {
    let health: EndpointHealth = HEALTHY;
    for (let n = 0; n < 50; n += 1) health = healthAfter(health, answered(422), NOW, 0.5);
    expect(health).toMatchObject({ failures: 50, heldUntil: null });
    expect(isHopeless(health, NOW + 5 * DAY)).toBe(true);
    for (const status of [408, 425, 429, 500, null]) expect(healthAfter(health, answered(status), NOW, 0.5).heldUntil).not.toBeNull();
  });

  it('is clean after one success', () => {
    expect(healthAfter(fail(HEALTHY, 30), answered(204), NOW, 0.5)).toMatchObject({ failures: 0, failingSince: null });
  });

  it('is hopeless after five days of nothing but failures', () => {
    expect(isHopeless(fail(HEALTHY, 30, HOUR), NOW + 5 * DAY - 1)).toBe(false);
    expect(isHopeless(fail(HEALTHY, 30, HOUR), NOW + 5 * DAY)).toBe(true);
    expect(isHopeless(fail(HEALTHY, 2), NOW + 9 * DAY)).toBe(false);
  });

  it('survives on a success every four days', () => {
    let health: EndpointHealth = HEALTHY;
    for (let day = 0; day < 40; day += 4) {
      health = fail(health, 20, 4 * HOUR, NOW + day * DAY);
      expect(isHopeless(health, NOW + (day + 4) * DAY)).toBe(false);
      health = healthAfter(health, answered(200), NOW + (day + 4) * DAY, 0.5);
    }
  });
});
