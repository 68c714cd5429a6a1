import { expect, it, jest } from '@jest/globals';
import { OPERATIONS } from '../graph-clients/operations.js';
import { CLIENTS, openRun, traceOf } from '../graph-clients/run.js';
import { simulatorTarget } from '../graph-clients/target.js';

jest.setTimeout(600_000);

const TIMES = 100;

it.each(Object.entries(CLIENTS))('%s sees the same a hundred times with one seed, but for times', async (_, make) => {
  const target = await simulatorTarget();
  try {
    const once = async (seed: string) => {
      const run = await openRun(target, make, seed);
      try {
        return await traceOf(run, OPERATIONS);
      } finally {
        run.consumer.close();
      }
    };
    const first = await once('one');
    expect(first.webhooks.length).toBeGreaterThan(20);
    for (let time = 1; time < TIMES; time += 1) expect(await once('one')).toEqual(first);
    expect(await once('two')).not.toEqual(first);
  } finally {
    await target.close();
  }
});
