import { join } from 'node:path';
import { onPostgres } from '../database.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { pause, until } from '../pause.mjs';
import { ReconnectingReader } from '../stream-reader.mjs';
import { ReverseProxy } from './reverse-proxy.mjs';
import { mostDials, Traffic } from './traffic.mjs';

const REPLICAS = 3;
const [QUICK_ROLLS, FULL_ROLLS] = [1, 20];

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'rolling-restart',
    says: 'three replicas on Postgres restarted one after the other under load: no request fails, no call or event is lost, no key dials twice',
    run: (context) => onPostgres((database) => prove({ ...context, database, rolls: context.quick ? QUICK_ROLLS : FULL_ROLLS })),
  },
  {
    name: 'rolling-restart-sabotage',
    says: 'the proof goes red against replicas that leave at once',
    run: (context) =>
      onPostgres(async (database) => {
        const result = await roll({ ...context, database, rolls: 2, fault: 'leave-at-once' });
        const red = result.failed.length > 0;
        return { passed: red, summary: `${colourOf(red)}: ${result.failed.length} requests failed, such as ${result.failed[0]}` };
      }),
  },
];

async function prove(context) {
  const { rolls, requests, failed, lost, callsMissing, unended, worst, dials, gaps, events } = await roll(context);
  return {
    passed: failed.length + lost + callsMissing + unended + gaps === 0 && worst === 1 && dials > 0,
    summary:
      `${rolls} times ${REPLICAS} replicas, ${requests} requests, ${failed.length} failed ${failed.slice(0, 3)}, ${lost} webhooks lost, ` +
      `${callsMissing} calls missing, ${unended} not ended, ${dials} dials, at most ${worst} per key, ${events} events, ${gaps} not heard`,
  };
}

async function roll({ folder, upstream, random, database, rolls, fault }) {
  const gateways = Array.from(
    { length: REPLICAS },
    (_, i) => new Gateway({ folder: join(folder, String(i)), databaseUrl: database.url, upstream: upstream.url, fault }),
  );
  for (const gateway of gateways) await gateway.start();
  const proxy = await new ReverseProxy(gateways).start();
  const load = new Traffic(proxy.port);
  await until('the first event', async () => (await database.events()).length > 0, { withinMs: 20_000 });
  const reader = new ReconnectingReader({ gateways: [proxy], random });
  const from = await reader.begin();
  let over = false;
  const hopping = reader.hopWhile(() => over);
  for (let i = 0; i < rolls; i += 1) {
    for (const gateway of gateways) {
      gateway.child.kill('SIGTERM');
      await gateway.gone;
      await gateway.start();
      await until('ready', async () => (await gateway.api('GET', '/health/ready').catch(() => null))?.status === 200, { everyMs: 25 });
      await pause(300);
    }
  }
  await load.stop();
  await until('worked off', async () => (await database.countNotDone()).new === 0);
  over = true;
  await hopping;
  const after = eventsAfter(await database.events(), from);
  const newest = after.at(-1);
  await reader.finish((event) => event.id === newest.id);
  const heard = new Set(reader.heard.map(({ id }) => id));
  const result = {
    rolls,
    requests: load.requests,
    failed: load.failed,
    lost: await load.ledger.countLostInAll(database),
    callsMissing: await load.ledger.countCallsMissing(database),
    unended: Number((await database.pool.query("select count(*) as n from calls where direction = 'inbound' and live = 1")).rows[0].n),
    dials: upstream.dials.length,
    worst: mostDials(upstream),
    events: after.length,
    gaps: after.filter(({ id }) => !heard.has(id)).length,
  };
  proxy.stop();
  for (const gateway of gateways) await gateway.kill();
  return result;
}

const eventsAfter = (events, id) => events.slice(events.findIndex((event) => event.id === id) + 1);
