import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Operator } from './operator.js';
import { Stage } from './stage.js';

const CALLS = 10;
/** The bar is 1 s, on a quiet machine; here only what is plainly wrong fails. */
const MUCH_TOO_LONG_MS = 4_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
afterEach(() => stage.clear());

/** Clicks, and waits until the card shows an answered call. @returns ms between the two, measured in the page */
const answered = ({ page }: Operator, button: string): Promise<number> =>
  page.evaluate(async (selector) => {
    const began = performance.now();
    document.querySelector<HTMLElement>(selector)?.click();
    while (!document.querySelector('#softphone [data-phase=in_progress]')) await new Promise((resolve) => setTimeout(resolve, 5));
    return performance.now() - began;
  }, button);

it.each([
  {
    way: 'inbound, from Answer',
    call: async (operator: Operator) => {
      stage.callIn(stage.friend());
      await operator.until('incoming');
      return answered(operator, '#softphone [data-do=answer]');
    },
  },
  {
    way: 'outbound, from Call, to somebody who picks up as soon as it rings (0.6 s)',
    call: async (operator: Operator) => {
      await operator.page.locator('input[name=to]').fill(`+${stage.friend().waId}`);
      return answered(operator, '.phone-dialer button');
    },
  },
])('takes little time until a call is answered: $way', async ({ way, call }) => {
  const operator = await stage.operator('Ana');
  const times: number[] = [];
  while (times.length < CALLS) {
    times.push(await call(operator));
    await operator.press('Hang up');
    await operator.until('over');
    await operator.press('Close');
  }
  times.sort((a, b) => a - b);
  const [p50 = 0, p95 = 0] = [0.5, 0.95].map((share) => Math.round(times[Math.ceil(share * times.length) - 1] ?? 0));
  process.stdout.write(`call set-up, ${way}: p50 ${p50} ms, p95 ${p95} ms, ${times.length} calls\n`);
  expect(p50).toBeLessThan(MUCH_TOO_LONG_MS);
});
