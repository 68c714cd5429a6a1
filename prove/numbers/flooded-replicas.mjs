import { withPostgres } from '../database.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad } from '../statistics.mjs';
import { Fleet, Flood, ids, NAMES } from './fleet.mjs';

const NUMBERS = 30;
const WARM_MS = 8_000;
/** After it the first polls of all numbers are over. */
const POLLED_MS = (NUMBERS / 5) * 1_000 + 5_000;
/**
 * What three gateways that share nothing, each with a database and a third of the numbers, apply in sum is what the machine has for three
 * processes. Replicas share one database and apply so much of it at least. Measured 0.75 to 0.86; a busy machine has to pass as well.
 */
const LEAST_OF_APART = 0.6;
/** The goal is 1. Two cores that also carry database and load do not have it, and apply so much of one replica's at least. */
const LEAST_OF_ONE = 0.5;

/** How the gateways stand, as the databases of which each one is a member. */
const SETUPS = { one: [1], replicas: [3], apart: [1, 1, 1] };

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'flooded-replicas',
    says: '30 numbers are flooded: three replicas apply as much in sum as one, or, on few cores, at least 0.5 of it and 0.6 of what three that share nothing apply',
    run: (context) => withPostgres((makeDatabase) => compare({ ...context, makeDatabase })),
  },
];

async function compare(context) {
  const rounds = context.quick ? 1 : 3;
  const found = { one: [], replicas: [], apart: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const setup of Object.keys(SETUPS)) found[setup].push(await appliedPerSecond(context, SETUPS[setup]));
  }
  const median = (some) => some.toSorted((a, b) => a.applied - b.applied)[Math.floor(rounds / 2)];
  const { one, replicas, apart } = Object.fromEntries(Object.entries(found).map(([setup, some]) => [setup, median(some)]));
  const [ofOne, ofApart] = [replicas.applied / one.applied, replicas.applied / apart.applied];
  const refused = one.refused + replicas.refused + apart.refused;
  return {
    passed: refused === 0 && (ofOne >= 1 || (ofOne >= LEAST_OF_ONE && ofApart >= LEAST_OF_APART)),
    summary:
      `one replica applies ${told(one)}, three in sum ${told(replicas)}: ${ofOne.toFixed(2)} times as much; three that share nothing ` +
      `${told(apart)}: ${(apart.applied / one.applied).toFixed(2)} times as much as one, and the replicas ${ofApart.toFixed(2)} times as much as these ` +
      `(median of ${rounds}); ${machineLoad()}`,
  };
}

const told = ({ applied, kept, meanwhile, refused }) =>
  `${Math.round(applied)} webhooks/s (${Math.round(kept)}/s kept and ${Math.round(meanwhile)}/s applied while the flood lasts, ${refused} refused)`;

const sumOf = (counts) => counts.reduce((sum, count) => sum + count, 0);

/** From the flood to the end of its last webhook: what is kept faster than it is applied is work that is left. */
async function appliedPerSecond({ folder, upstream, makeDatabase, quick, random }, setup) {
  const fleets = [];
  const databases = [];
  for (const replicas of setup) {
    const database = await makeDatabase();
    databases.push(database);
    const place = `${folder}/${random.between(0, 1e9)}`;
    fleets.push(await Fleet.start({ folder: place, upstream, database, names: NAMES.slice(0, replicas) }));
  }
  const numbers = [];
  for (const [n, id] of ids(NUMBERS).entries()) numbers.push(...(await fleets[n % fleets.length].addAll([id])));
  await pause(POLLED_MS);
  const seen = async () => sumOf(await Promise.all(databases.map((database) => database.countSeen())));
  const flood = new Flood(numbers);
  await pause(WARM_MS);
  const [before, sentBefore, began] = [await seen(), flood.sent, performance.now()];
  const perSecond = (count) => (count * 1_000) / (performance.now() - began);
  await pause(quick ? 8_000 : 15_000);
  const kept = perSecond(flood.sent - sentBefore);
  const meanwhile = perSecond((await seen()) - before);
  await flood.stop();
  for (const database of databases) {
    await until('the queues are empty', async () => (await database.countNotDone()).new === 0, { withinMs: 200_000 });
  }
  const applied = perSecond((await seen()) - before);
  for (const fleet of fleets) await fleet.stop();
  return { applied, kept, meanwhile, refused: flood.refused };
}
