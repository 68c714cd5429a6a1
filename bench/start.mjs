import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Gateway } from '../prove/gateway.mjs';
import { median } from './numbers.mjs';

const STARTS = 5;
const READY_BAR_MS = 3_000;
const RSS_BAR_MB = 250;

/** @type {import('./main.mjs').Bench[]} */
export const benches = [
  {
    name: 'start',
    says: 'from the start of the process to /health/ready, and the memory then',
    run: async ({ folder, upstream }) => {
      const starts = [];
      const sizes = [];
      for (let i = 0; i < STARTS; i += 1) {
        const gateway = new Gateway({ folder, databaseUrl: `sqlite:${join(folder, 'gateway.db')}`, upstream: upstream.url });
        starts.push(await readyAfter(gateway));
        sizes.push(residentMegabytes(gateway));
        await gateway.kill();
      }
      return [
        { figure: 'ready after', value: median(starts), unit: 'ms', atMost: READY_BAR_MS },
        { figure: 'memory, resident', value: median(sizes), unit: 'MB', atMost: RSS_BAR_MB },
      ];
    },
  },
];

/** Starts it and waits until it is ready. @returns {Promise<number>} milliseconds */
export async function readyAfter(gateway) {
  const began = Date.now();
  await gateway.start();
  while ((await gateway.api('GET', '/health/ready')).status !== 200);
  return Date.now() - began;
}

/** From /proc: Linux alone. */
export const residentMegabytes = (gateway) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8'))[1]) / 1_000);
