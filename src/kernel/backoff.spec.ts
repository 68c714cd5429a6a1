import { Backoff, jittered } from './backoff.js';

describe('a backoff', () => {
  const backoff = new Backoff({ firstMs: 1_000, longestMs: 30_000, spread: [0.8, 1.2] });

  it.each([
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [6, 30_000],
    [2_000, 30_000],
  ])('after %i failures is %i ms without jitter', (failures, delay) => {
    expect(backoff.delayMs(failures, 0.5)).toBe(delay);
  });

  it('is spread between both shares of the delay', () => {
    expect([backoff.delayMs(2, 0), backoff.delayMs(2, 1)]).toEqual([1_600, 2_400]);
    expect([jittered(100, 0, [0, 1]), jittered(100, 1, [0, 1])]).toEqual([0, 100]);
  });
});
