import { join } from 'node:path';
import { WEBHOOK_PATH } from '../dist/config/webhook-path.js';
import { SqliteDatabase } from '../prove/database.mjs';
import { Gateway, WEBHOOK_TOKEN } from '../prove/gateway.mjs';
import { pause } from '../prove/pause.mjs';
import { cpuMsOf } from './cpu.mjs';
import { median } from './numbers.mjs';
import { onBothEngines } from './on-both-engines.mjs';
import { Rival } from './rivals.mjs';
import { steadyLoad } from './steady-load.mjs';
import { webhookLoad } from './webhook-load.mjs';

export const webhookTarget = (gateway) => ({
  port: gateway.port,
  path: WEBHOOK_PATH,
  headers: { authorization: `Bearer ${WEBHOOK_TOKEN}` },
});

const CONNECTIONS = 64;
const ROUNDS = 3;
const PACE = 1_000;
const DRAIN_MS = 600_000;
/** CPU of a kept webhook beside that of a request to bare Fastify, whose rate swings threefold between rounds. */
const OF_BARE_CPU_BAR = 2.5;
const OF_PLAIN_BAR = 5;
const P99_BAR_MS = 50;

/** @type {import('./main.mjs').Bench[]} */
export const benches = [
  {
    name: 'ingest',
    says: `webhooks kept before the 200, at ${CONNECTIONS} connections, beside bare Fastify and a plain Nest program`,
    run: async ({ folder, upstream, seconds }) => {
      const database = new SqliteDatabase(join(folder, 'gateway.db'));
      const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url });
      await gateway.start();
      const rivals = { bare: await Rival.bareFastify().start(), plain: await Rival.plainNest(join(folder, 'plain.db')).start() };
      const rates = { bare: [], plain: [], gateway: [] };
      const cpu = { bare: [], gateway: [] };
      const backlogs = [];
      // One after the other in each round: what the machine does besides meets all three.
      for (let round = 0; round < ROUNDS; round += 1) {
        const bareCpu = cpuMsOf(rivals.bare.child.pid);
        const bareLoad = await webhookLoad(rivals.bare, { connections: CONNECTIONS, seconds });
        rates.bare.push(bareLoad.perSecond);
        cpu.bare.push((cpuMsOf(rivals.bare.child.pid) - bareCpu) / (bareLoad.perSecond * seconds));
        rates.plain.push((await webhookLoad(rivals.plain, { connections: CONNECTIONS, seconds })).perSecond);
        const ownCpu = cpuMsOf(gateway.child.pid);
        const { perSecond, refused } = await webhookLoad(webhookTarget(gateway), { connections: CONNECTIONS, seconds });
        cpu.gateway.push((cpuMsOf(gateway.child.pid) - ownCpu) / (perSecond * seconds));
        if (refused > 0) throw new Error(`the gateway refused ${refused} webhooks`);
        rates.gateway.push(perSecond);
        backlogs.push(await drained(database));
      }
      await Promise.all([gateway.kill(), rivals.bare.kill(), rivals.plain.kill()]);
      const [bare, plain, own] = [median(rates.bare), median(rates.plain), median(rates.gateway)];
      return [
        { figure: 'bare Fastify, stores nothing', value: bare, unit: '/s' },
        { figure: 'plain Nest + Express, a transaction each', value: plain, unit: '/s' },
        { figure: 'gateway, durable', value: own, unit: '/s' },
        { figure: 'gateway ÷ bare Fastify', value: own / bare, unit: '×' },
        { figure: 'CPU per request, bare Fastify', value: median(cpu.bare), unit: 'ms' },
        { figure: 'CPU per kept webhook', value: median(cpu.gateway), unit: 'ms' },
        { figure: 'CPU, gateway ÷ bare', value: median(cpu.gateway) / median(cpu.bare), unit: '×', atMost: OF_BARE_CPU_BAR },
        { figure: 'gateway ÷ plain program', value: own / plain, unit: '×', atLeast: OF_PLAIN_BAR },
        { figure: `worked off after ${seconds} s of it`, value: median(backlogs), unit: 's' },
      ];
    },
  },
  {
    name: 'pace',
    says: `the answer to webhooks at ${PACE}/s: 99 % within ${P99_BAR_MS} ms`,
    run: (context) => onBothEngines(context, pace),
  },
];

/** @returns {Promise<import('./main.mjs').Figure[]>} */
async function pace({ folder, upstream, seconds, database, engine }) {
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url });
  await gateway.start();
  const { p50, p99, perSecond, refused } = await steadyLoad(gateway, { seconds: seconds * 2, perSecond: PACE });
  const backlog = await drained(database);
  await gateway.kill();
  return [
    { figure: `${engine}: answered`, value: perSecond, unit: '/s' },
    { figure: `${engine}: refused`, value: refused, unit: '', atMost: 0 },
    { figure: `${engine}: p50`, value: p50, unit: 'ms' },
    { figure: `${engine}: p99`, value: p99, unit: 'ms', atMost: P99_BAR_MS },
    { figure: `${engine}: worked off after`, value: backlog, unit: 's' },
  ];
}

/** Waits until every kept delivery is worked off. @returns {Promise<number>} seconds */
export async function drained(database) {
  const began = Date.now();
  while ((await database.countNotDone()).new > 0) {
    if (Date.now() - began > DRAIN_MS) throw new Error('the inbox is not worked off');
    await pause(50);
  }
  return (Date.now() - began) / 1_000;
}
