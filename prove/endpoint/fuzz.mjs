import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WEBHOOK_PATH } from '../../dist/config/webhook-path.js';
import { ask } from '../ask.mjs';
import { onBothEngines } from '../database.mjs';
import { Gateway, WEBHOOK_TOKEN } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { deliver } from '../load.mjs';
import { until } from '../pause.mjs';
import { connect, delivery } from '../webhooks.mjs';
import { crowd } from './crowd.mjs';
import { mangled } from './mangle.mjs';

const CORPUS = fileURLToPath(new URL('../../test/corpus', import.meta.url));
const [QUICK, FULL, SABOTAGED] = [4_000, 200_000, 500];
/** What 360dialog never says, and a careless reader believes. */
const TYPES = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', 'nonsense', ''];

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'fuzz',
    says: 'whatever a webhook holds is kept byte for byte and answered 200, and the next one is understood',
    run: async (context) => {
      const { sent, statuses, lost, stuck, understood, lived } = await fuzz({ ...context, count: context.quick ? QUICK : FULL });
      const only200 = Object.keys(statuses).join() === '200';
      return {
        passed: only200 && lost === 0 && stuck === 0 && understood && lived,
        summary:
          `${sent} mangled bodies, answers ${JSON.stringify(statuses)}, ${lost} not kept byte for byte, ${stuck} stuck, ` +
          `the process ${lived ? 'lived' : 'DIED'}, a true call after them ${understood ? 'understood' : 'NOT UNDERSTOOD'}`,
      };
    },
  }),
  ...onBothEngines({
    name: 'fuzz-sabotage',
    says: 'the proof goes red against a gateway that keeps what it has parsed',
    run: async (context) => {
      const fault = 'keep-what-was-parsed';
      const { sent, lost, statuses } = await fuzz({ ...context, count: SABOTAGED, fault });
      const red = lost > 0 || Object.keys(statuses).join() !== '200';
      return { passed: red, summary: `${colourOf(red)}: ${lost} of ${sent} not kept byte for byte` };
    },
  }),
];

async function fuzz({ folder, upstream, random, makeDatabase, count, fault }) {
  const database = await makeDatabase();
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
  await gateway.start();
  const seeds = readdirSync(CORPUS, { recursive: true })
    .filter((name) => String(name).endsWith('.json'))
    .map((name) => readFileSync(join(CORPUS, String(name))));
  if (seeds.length < 20) throw new Error(`the corpus holds ${seeds.length} files only`);
  const ledger = new Ledger();
  const statuses = {};
  await crowd(count, async (_, agent) => {
    const body = mangled(random.pick(seeds), random);
    const headers = { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': random.pick(TYPES) };
    const { status } = await ask({ port: gateway.port, method: 'POST', path: WEBHOOK_PATH, body, headers, agent });
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === 200) ledger.acknowledge(body, null);
  });
  const lost = await ledger.countLostInAll(database);
  const call = { wacid: 'wacid.AFTER', user: '5215500000001', direction: 'USER_INITIATED' };
  await deliver(gateway.port, delivery([connect(call, Math.floor(Date.now() / 1_000))])).catch(() => null);
  const workedOff = async () => (await database.countNotDone()).new === 0;
  await until('worked off', workedOff, { withinMs: 600_000 }).catch(() => undefined);
  const stuck = (await database.countNotDone()).new;
  const understood = (await database.wacids()).has(call.wacid);
  const lived = gateway.child.exitCode === null;
  await gateway.kill();
  return { sent: count, statuses, lost, stuck, understood, lived };
}
