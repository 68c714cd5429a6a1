import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SqliteDatabase } from '../prove/database.mjs';
import { Gateway } from '../prove/gateway.mjs';
import { percentile } from '../prove/statistics.mjs';
import { drained, webhookTarget } from './ingest.mjs';
import { longLog } from './long-log.mjs';
import { median } from './numbers.mjs';
import { readyAfter, residentMegabytes } from './start.mjs';
import { webhookLoad } from './webhook-load.mjs';

const ROUNDS = 3;
const READS = 300;
const OF_EMPTY_BAR = 0.9;
const LIST_BAR_MS = 20;
const READY_BAR_MS = 3_000;
const RSS_BAR_MB = 250;

/** @type {import('./main.mjs').Bench[]} */
export const benches = [
  {
    name: 'million',
    says: 'all of it with a long call log: ingest beside an empty one, the list, the start, the memory',
    run: async ({ folder, upstream, seconds, calls }) => {
      const folders = { full: join(folder, 'full'), empty: join(folder, 'empty') };
      for (const one of Object.values(folders)) mkdirSync(one);
      const path = await longLog({ folder: folders.full, upstream, calls });
      const gateway = (name) => {
        const databaseUrl = `sqlite:${join(folders[name], 'gateway.db')}`;
        return new Gateway({ folder: folders[name], databaseUrl, upstream: upstream.url });
      };
      const [full, empty] = [gateway('full'), gateway('empty')];
      const ready = await readyAfter(full);
      await empty.start();
      const lists = await listTimes(full);
      const rss = residentMegabytes(full);
      const rates = { full: [], empty: [] };
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [name, one] of [
          ['empty', empty],
          ['full', full],
        ]) {
          rates[name].push((await webhookLoad(webhookTarget(one), { seconds })).perSecond);
          await drained(new SqliteDatabase(join(folders[name], 'gateway.db')));
        }
      }
      const after = residentMegabytes(full);
      await Promise.all([full.kill(), empty.kill()]);
      return [
        { figure: 'calls in the log', value: calls, unit: '' },
        { figure: 'database', value: Math.round(statSync(path).size / 1e6), unit: 'MB' },
        { figure: 'ready after', value: ready, unit: 'ms', atMost: READY_BAR_MS },
        { figure: 'list of calls, p50', value: percentile(lists, 0.5), unit: 'ms' },
        { figure: 'list of calls, p99', value: percentile(lists, 0.99), unit: 'ms', atMost: LIST_BAR_MS },
        { figure: 'memory, resident', value: rss, unit: 'MB', atMost: RSS_BAR_MB },
        { figure: 'memory after the load', value: after, unit: 'MB' },
        { figure: 'ingest, empty log', value: median(rates.empty), unit: '/s' },
        { figure: 'ingest, full log', value: median(rates.full), unit: '/s' },
        { figure: 'full ÷ empty', value: median(rates.full) / median(rates.empty), unit: '×', atLeast: OF_EMPTY_BAR },
      ];
    },
  },
];

/** Pages of the call log: the newest, an outcome, a user, a week half a year ago, and the page after each. */
async function listTimes(gateway) {
  const since = new Date(Date.now() - 180 * 86_400_000).toISOString();
  const until = new Date(Date.now() - 173 * 86_400_000).toISOString();
  const filters = ['', 'outcome=answered', 'direction=inbound&state=ended', 'user=5215000000123', `since=${since}&until=${until}`];
  const took = [];
  for (let i = 0; i < READS; i += 1) {
    const filter = filters[i % filters.length];
    let cursor = '';
    for (let page = 0; page < 2; page += 1) {
      const began = performance.now();
      const { status, body } = await gateway.api('GET', `/api/calling/calls?limit=50&${filter}${cursor}`);
      took.push(performance.now() - began);
      if (status !== 200) throw new Error(`the list of calls: ${status} ${JSON.stringify(body)}`);
      if (!body.next_cursor) break;
      cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
    }
  }
  return took;
}
