import Sqlite from 'better-sqlite3';
import { onBothEngines } from '../database.mjs';
import { mostDials } from '../dialing.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { deliver } from '../load.mjs';
import { pause, until } from '../pause.mjs';
import { distinct } from '../statistics.mjs';
import { connect, delivery, status, terminate } from '../webhooks.mjs';
import { connectBy, graphWish } from './graph-calls.mjs';
import { MetaReceiver, nameOf } from './meta-receiver.mjs';

const CALLS_PER_ROUND = 3;
const CONSUMERS = 2;
/** On Postgres what is left is posted once the leases of the last process are over, after 30 s. */
const QUICK = { sqlite: 10, postgres: 5 };
const [FULL, SABOTAGED] = [100, 5];
/** The gateway's own data, anywhere in a body. */
const OURS = /call_[0-9a-z]{26}/i;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'graph-kill',
    says: "killed anywhere between connect and terminate, webhooks in Meta's shape bring the caller's opaque data back, and never the gateway's",
    run: async (context) => {
      const found = await killRounds({ ...context, rounds: context.quick ? QUICK[context.engine] : FULL });
      return { passed: isClean(found) && found.dials > found.rounds && found.under > 0, summary: summaryOf(found) };
    },
  }),
  {
    name: 'graph-kill-sabotage',
    says: "the proof goes red against a gateway that forgets the caller's data with the process",
    run: async (context) => {
      const [{ run }] = onBothEngines({
        name: '',
        says: '',
        run: async (inner) => {
          const found = await killRounds({ ...inner, rounds: SABOTAGED, betweenLives: forgetTheirData });
          return { passed: found.withoutData > 0, summary: `${colourOf(found.withoutData > 0)}: ${summaryOf(found)}` };
        },
      });
      return run(context);
    },
  },
];

const isClean = ({ most, lost, withoutData, ours, unsigned, changed, strangers }) =>
  most === 1 && lost + withoutData + ours + unsigned + changed + strangers === 0;

const summaryOf = (found) =>
  `${found.rounds} kills, ${found.under} with a call under way, ${found.asked} calls asked for, ${found.dials} dials, at most ${found.most} per opaque data; ` +
  `${found.elements} elements for ${CONSUMERS} consumers in ${found.attempts} posts, ${found.repeated} posted more than once, ${found.lost} lost, ` +
  `${found.withoutData} without the caller's data, ${found.ours} with the gateway's, ${found.unsigned} signed wrongly, ` +
  `${found.changed} with other bytes the second time, ${found.strangers} unknown; ${found.connects} connects in time`;

/** What a gateway amounts to that keeps the caller's data in memory alone. */
async function forgetTheirData({ path }) {
  const file = new Sqlite(path, { timeout: 5_000 });
  file.exec('update calls set callback_data = null');
  file.close();
}

async function killRounds({ folder, upstream, random, makeDatabase, rounds, betweenLives = () => undefined }) {
  const database = await makeDatabase();
  const environment = { GRAPH_API: 'true', EVENTS_ALLOW_PRIVATE_TARGETS: 'true', D360_TIMEOUT_MS: '1500', D360_CIRCUIT_FAILURES: '0' };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment });
  const receivers = await Promise.all(Array.from({ length: CONSUMERS }, () => new MetaReceiver().start()));
  for (const receiver of receivers) receiver.fateOf = () => ({ status: 200, holdMs: random.between(0, 60) });
  await gateway.start();
  for (const receiver of receivers) await receiver.subscribe(gateway);
  const talks = [];
  const result = { rounds, asked: 0, under: 0 };
  const opaqueOf = new Map();
  upstream.fateOf = (dial) => {
    talks.push(talk(gateway, dial, random));
    return { holdMs: random.between(0, 300), fate: random.pick(['answer', 'answer', 'drop', 'fail']) };
  };
  for (let round = 1; round <= rounds; round += 1) {
    const wishes = Array.from({ length: CALLS_PER_ROUND }, (_, i) => graphWish(round, i));
    for (const { to, opaque } of wishes) opaqueOf.set(to, opaque);
    result.asked += wishes.length;
    const before = upstream.dials.length;
    const sent = wishes.map((wish) => connectBy(gateway, wish).catch(() => null));
    await momentToDie({ upstream, random, before });
    await gateway.kill();
    await betweenLives(database);
    if (talks.some(({ isOver }) => !isOver)) result.under += 1;
    await Promise.all(sent);
    await gateway.start();
    // 360dialog repeats what was not acknowledged, until it is.
    await until('every webhook acknowledged', () => talks.every(({ isOver }) => isOver), { everyMs: 20 });
  }
  const expected = new Map(talks.flatMap(({ elements, dial }) => elements.map((element) => [nameOf(element), opaqueOf.get(dial.to)])));
  await workOff({ database, receivers, expected });
  await gateway.kill();
  for (const receiver of receivers) receiver.stop();
  return { ...result, dials: upstream.dials.length, most: mostDials(upstream), ...judge({ expected, receivers, upstream }) };
}

/** Any time after the requests went out, or within the first call that 360dialog has accepted. */
async function momentToDie({ upstream, random, before }) {
  if (random.chance(0.3)) return pause(random.between(5, 400));
  await until('a dial', () => upstream.dials.length > before, { withinMs: 2_000, everyMs: 2 }).catch(() => undefined);
  return pause(random.between(0, 600));
}

/** The webhooks of a call from its ringing to its end, each repeated until it is acknowledged. */
function talk(gateway, dial, random) {
  const call = { wacid: dial.wacid, user: dial.to, direction: 'BUSINESS_INITIATED' };
  const at = Math.floor(Date.now() / 1_000);
  const values = [status(call, 'RINGING', at), connect(call, at), status(call, 'ACCEPTED', at + 1), terminate(call, at + 3, 2)];
  const elements = values.map((value) => (value.statuses ?? value.calls)[0]);
  for (const element of elements) element.biz_opaque_callback_data = dial.opaque;
  const begun = { dial, elements, isOver: false };
  const send = async () => {
    for (const value of values) {
      await pause(random.between(5, 250));
      const isKept = async () => (await deliver(gateway.port, delivery([value])).catch(() => null))?.status === 200;
      await until('an acknowledged webhook', isKept, { everyMs: 50 });
    }
    begun.isOver = true;
  };
  void send();
  return begun;
}

/** A connect perishes with its call: it is posted only while the call can be taken. */
const perishes = (name) => name.endsWith(' connect');

/** Waits until every element is posted, or nothing more comes. On Postgres the leases of the last process end first, after 30 s. */
async function workOff({ database, receivers, expected }) {
  await until('the inbox is worked off', async () => (await database.countNotDone()).new === 0);
  const names = [...expected.keys()].filter((name) => !perishes(name));
  const isAllThere = () => receivers.every(({ taken }) => new Set(taken.map(({ name }) => name)).isSupersetOf(new Set(names)));
  await until('every element', isAllThere, { withinMs: 60_000 }).catch(() => undefined);
  await pause(1_000);
}

function judge({ expected, receivers, upstream }) {
  const attempts = receivers.flatMap((receiver) => receiver.attempts);
  const groups = receivers.flatMap((receiver) => [...Map.groupBy(receiver.attempts, ({ name }) => name).values()]);
  const lostOf = ({ taken }) => {
    const names = new Set(taken.map(({ name }) => name));
    return [...expected.keys()].filter((name) => !perishes(name) && !names.has(name)).length;
  };
  const sent = upstream.dials.map(({ opaque }) => opaque);
  return {
    elements: groups.length,
    attempts: attempts.length,
    connects: groups.filter(([{ name }]) => perishes(name)).length,
    repeated: groups.filter((posts) => posts.length > 1).length,
    changed: groups.filter((posts) => distinct(posts.map(({ text }) => text)) > 1).length,
    lost: receivers.reduce((sum, receiver) => sum + lostOf(receiver), 0),
    withoutData: attempts.filter(({ name, element }) => element.biz_opaque_callback_data !== expected.get(name)).length,
    ours: attempts.filter(({ text }) => OURS.test(text) || sent.some((id) => text.includes(id))).length,
    unsigned: attempts.filter(({ isSigned }) => !isSigned).length,
    strangers: attempts.filter(({ name }) => !expected.has(name)).length,
  };
}
