import { join } from 'node:path';
import { onPostgres } from './database.mjs';
import { Gateway } from './gateway.mjs';
import { colourOf } from './kill-rounds.mjs';
import { deliver } from './load.mjs';
import { OtherNumber } from './other-number.mjs';
import { pause, until } from './pause.mjs';
import { machineLoad } from './statistics.mjs';
import { NaiveReader, ReconnectingReader } from './stream-reader.mjs';
import { connect, delivery, terminate } from './webhooks.mjs';

const REPLICAS = 3;
const EVERY_MS = 25;
/** Calls in one delivery: 200 calls a second, each published as incoming and as ended. */
const CALLS = 5;
const WRITERS = 6;
const LONGEST_TRANSACTION_MS = 160;

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'sse-hop',
    says: 'a stream that is cut and resumed at another of three replicas all the time has no gap, nothing twice, and its order',
    run: (context) =>
      onPostgres(async (database) => {
        const found = await hop({ ...context, database, seconds: context.quick ? 10 : 60 });
        const clean = found.gaps + found.twice + found.outOfOrder + found.resets === 0;
        // Had a naive reader missed nothing either, there would have been nothing to miss.
        return { passed: clean && found.naiveGaps > 0, summary: summaryOf(found) };
      }),
  },
  {
    name: 'sse-hop-sabotage',
    says: 'the proof goes red against replicas that do not wait for transactions under way',
    run: (context) =>
      onPostgres(async (database) => {
        const fault = 'cursor-without-floor';
        const found = await hop({ ...context, database, seconds: 10, fault });
        return { passed: found.gaps > 0, summary: `${colourOf(found.gaps > 0)}: ${summaryOf(found)}` };
      }),
  },
];

const summaryOf = ({ hops, events, perSecond, gaps, twice, outOfOrder, resets, naiveGaps }) =>
  `${hops} hops over ${REPLICAS} replicas, ${events} events, ${perSecond.toFixed(0)}/s, ${gaps} gaps, ${twice} twice, ` +
  `${outOfOrder} subjects out of order, ${resets} resets; \`id > cursor\` would have missed ${naiveGaps}; ${machineLoad()}`;

async function hop({ folder, upstream, random, database, seconds, fault }) {
  const gateways = Array.from({ length: REPLICAS }, (_, i) => {
    const options = { folder: join(folder, String(i)), databaseUrl: database.url, upstream: upstream.url, fault };
    return new Gateway(options);
  });
  for (const gateway of gateways) await gateway.start();
  await deliver(gateways[0].port, delivery([callOf('first')[0]]));
  await until('the first event', async () => (await database.events()).length > 0);
  const reader = new ReconnectingReader({ gateways, random });
  const first = await reader.begin();
  const others = new OtherNumber({ url: database.url, random, writers: WRITERS, longestMs: LONGEST_TRANSACTION_MS });
  const naive = new NaiveReader(database);
  const began = Date.now();
  let over = false;
  const hopping = reader.hopWhile(() => over);
  await load(gateways, random, began + seconds * 1_000);
  await others.stop();
  const took = (Date.now() - began) / 1_000;
  over = true;
  await hopping;
  await until('the inbox is worked off', async () => (await database.countNotDone()).new === 0);
  await naive.stop();
  const all = await database.events();
  // Ids are in the order of the events when compared as text.
  const events = all.filter(({ id }) => id > first);
  const newest = events.at(-1);
  await reader.finish(({ id }) => id === newest.id);
  for (const gateway of gateways) await gateway.kill();
  return { ...judge(events, reader), perSecond: events.length / took, naiveGaps: all.length - naive.seen };
}

/** Deliveries at a fixed rate, independent of the answers, each to a random replica. */
async function load(gateways, random, end) {
  const sent = [];
  let next = Date.now();
  for (let i = 0; Date.now() < end; i += 1) {
    const calls = Array.from({ length: CALLS }, (_, j) => callOf(`${i}.${j}`)).flat();
    sent.push(deliver(random.pick(gateways).port, delivery(calls)).catch((error) => ({ status: error.message })));
    next += EVERY_MS;
    await pause(Math.max(0, next - Date.now()));
  }
  const refused = (await Promise.all(sent)).filter(({ status }) => status !== 200).length;
  if (refused > 0) throw new Error(`${refused} deliveries were refused`);
}

function callOf(name) {
  const call = {
    wacid: `wacid.HOP.${name}`,
    user: `5215${String(Math.abs(hash(name)) % 1e9).padStart(9, '0')}`,
    direction: 'USER_INITIATED',
  };
  const at = Math.floor(Date.now() / 1_000);
  return [connect(call, at), terminate(call, at, null)];
}

const hash = (text) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);

/** Compares the table of events with the events that the reader received. */
function judge(events, { heard, hops, resets }) {
  const ids = heard.map(({ id }) => id);
  const known = new Set(ids);
  const rows = new Map(events.map((event) => [event.id, event]));
  const bySubject = Map.groupBy(
    ids.flatMap((id) => rows.get(id) ?? []),
    ({ subject }) => subject,
  );
  return {
    hops,
    resets,
    events: events.length,
    gaps: events.filter(({ id }) => !known.has(id)).length,
    twice: ids.length - known.size,
    outOfOrder: [...bySubject.values()].filter((sent) => sent.some(({ sequence }, i) => i > 0 && sequence <= sent[i - 1].sequence)).length,
  };
}
