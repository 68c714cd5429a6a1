import { join } from 'node:path';
import { onBothEngines } from './database.mjs';
import { Gateway } from './gateway.mjs';
import { history } from './histories.mjs';
import { colourOf } from './kill-rounds.mjs';
import { deliver } from './load.mjs';
import { until } from './pause.mjs';
import { delivery } from './webhooks.mjs';

const HISTORIES = 10_000;
const QUICK_HISTORIES = 400;
/** So few at once that none of their deadlines passes before both gateways have been asked. */
const SLICE = { sqlite: 200, postgres: 50 };
/** The first of them: five seconds after a REJECTED that came four seconds after the connect, a call ends without a terminate. */
const DEADLINE_MS = 8_000;
/** Slices that took longer are done again, since what differs in them is the deadline's work. */
const MOST_LATE = 20;
const SABOTAGED = 200;
const MOST_IN_A_DELIVERY = 12;
const AT_ONCE = 8;

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'convergence',
    says: 'shuffled, repeated and batched at random, webhooks end in the same calls as in order',
    run: (context) => converge(context, context.quick ? QUICK_HISTORIES : HISTORIES, (shuffled) => shuffled),
  }),
  ...onBothEngines({
    name: 'convergence-sabotage',
    says: 'the proof goes red when whatever overtakes its connect is dropped',
    run: async (context) => {
      const { different, summary } = await converge(context, SABOTAGED, withoutTheEarly);
      return { passed: different > 0, summary: `${colourOf(different > 0)}: ${summary.split('\n')[0]}` };
    },
  }),
];

/** What a gateway takes in that knows a call only from its connect on. */
function withoutTheEarly(shuffled) {
  const known = new Set();
  return shuffled.filter((value) => {
    if (value.calls?.[0].event === 'connect') known.add(value.calls[0].id);
    return known.has((value.calls ?? value.statuses)[0].id);
  });
}

/** Delivers the histories to one gateway in order and another what `takenIn` leaves of them shuffled, and compares the calls that the API shows. */
async function converge({ folder, upstream, random, makeDatabase, engine }, histories, takenIn) {
  const [plain, wild] = await Promise.all(
    ['in-order', 'shuffled'].map(async (name) => begin(join(folder, name), upstream, await makeDatabase(name))),
  );
  const counts = { calls: 0, shuffled: 0, different: 0, late: 0 };
  const examples = [];
  for (let done = 0; done < histories; ) {
    const at = Math.floor(Date.now() / 1000);
    const slice = Array.from({ length: SLICE[engine] }, (_, i) => history(`C${counts.late}.${done + i}`, at, random));
    const shuffled = takenIn(random.shuffled(slice.flatMap(({ delivered }) => delivered)));
    const inOrder = slice.flatMap((one) => one.inOrder).map((value) => [value]);
    await Promise.all([deliverAll(plain, inOrder, 1), deliverAll(wild, random.parts(shuffled, MOST_IN_A_DELIVERY), AT_ONCE)]);
    const [expected, got] = await Promise.all([callsOf(plain, at), callsOf(wild, at)]);
    if (Date.now() - at * 1000 > DEADLINE_MS) {
      counts.late += 1;
      if (counts.late > MOST_LATE) throw new Error(`${counts.late} slices took longer than the deadlines of their calls`);
      continue;
    }
    done += slice.length;
    for (const wacid of slice.flatMap(({ wacids }) => wacids)) {
      counts.calls += 1;
      if (expected.has(wacid) && expected.get(wacid) === got.get(wacid)) continue;
      counts.different += 1;
      if (examples.length < 3) examples.push(`\n  in order ${expected.get(wacid)}\n  shuffled ${got.get(wacid)}`);
    }
    counts.shuffled += shuffled.length;
  }
  await Promise.all([plain, wild].map(({ gateway }) => gateway.kill()));
  const summary = `${histories} histories, ${counts.calls} calls, ${counts.shuffled} delivered shuffled, ${counts.different} different, ${counts.late} slices too slow and done again`;
  return { passed: counts.different === 0, different: counts.different, summary: `${summary}${examples.join('')}` };
}

async function begin(folder, upstream, database) {
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment: { ANSWER_WINDOW_SECONDS: '120' } });
  await gateway.start();
  return { gateway, database };
}

/** Delivers all parts, `atOnce` at a time, and waits until they are taken in. */
async function deliverAll({ gateway, database }, parts, atOnce) {
  const waiting = [...parts];
  const work = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const { status } = await deliver(gateway.port, delivery(part));
      if (status !== 200) throw new Error(`a delivery was answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  let left = await database.countNotDone();
  await until(
    'the deliveries are taken in',
    async () => {
      left = await database.countNotDone();
      return left.new === 0;
    },
    { everyMs: 30 },
  );
  if (left.failed > 0) throw new Error(`${left.failed} deliveries were set aside`);
}

/** Every call since `at`, in seconds, as a consumer sees it, without members that depend on our own ids and the number of events. */
async function callsOf({ gateway }, at) {
  const since = new Date(at * 1000).toISOString();
  const calls = new Map();
  let cursor = null;
  do {
    const page = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await gateway.api('GET', `/api/calling/calls?limit=200&since=${since}${page}`);
    if (status !== 200) throw new Error(`the call log answered ${status}`);
    for (const call of body.data) calls.set(call.call_id, JSON.stringify(comparable(call)));
    cursor = body.next_cursor;
  } while (cursor !== null);
  return calls;
}

const comparable = ({ id, links, sequence, ...call }) => call;
