import { join } from 'node:path';
import { SqliteDatabase } from './database.mjs';
import { Gateway } from './gateway.mjs';
import { history } from './histories.mjs';
import { deliver } from './load.mjs';
import { until } from './pause.mjs';
import { delivery } from './webhooks.mjs';

const HISTORIES = 2_000;
/** So few at once that none of their deadlines passes before both gateways have been asked. */
const SLICE = 200;
const MOST_IN_A_DELIVERY = 12;
const AT_ONCE = 8;

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'convergence',
    says: 'shuffled, repeated and batched at random, webhooks end in the same calls as in order',
    run: (stage) => converge(stage, HISTORIES, ({ shuffled }) => shuffled),
  },
  {
    name: 'convergence-sabotage',
    says: 'the proof goes red when one thing that the wire told never arrives',
    run: async (stage) => {
      const { different, ...rest } = await converge(stage, SLICE, ({ shuffled, inOrder }, random) => {
        const dropped = random.pick(inOrder);
        return shuffled.filter((value) => value !== dropped);
      });
      return { passed: different > 0, figures: `red as it must be: ${rest.figures}` };
    },
  },
];

/** Tells one gateway the histories in order and another what `told` makes of them, and compares the calls that the API shows. */
async function converge({ folder, upstream, random }, histories, told) {
  const [plain, wild] = await Promise.all(['in-order', 'shuffled'].map((name) => begin(join(folder, name), upstream)));
  const counts = { calls: 0, told: 0, different: 0 };
  const examples = [];
  for (let done = 0; done < histories; done += SLICE) {
    const at = Math.floor(Date.now() / 1000);
    const slice = Array.from({ length: SLICE }, (_, i) => history(`C${done + i}`, at, random));
    const shuffled = random.shuffled(slice.flatMap((one) => told(one, random)));
    await tell(plain, slice.flatMap(({ inOrder }) => inOrder).map((value) => [value]), 1);
    await tell(wild, random.parts(shuffled, MOST_IN_A_DELIVERY), AT_ONCE);
    const [expected, got] = [await callsOf(plain), await callsOf(wild)];
    for (const wacid of slice.flatMap(({ wacids }) => wacids)) {
      counts.calls += 1;
      if (expected.has(wacid) && expected.get(wacid) === got.get(wacid)) continue;
      counts.different += 1;
      if (examples.length < 3) examples.push(`\n  in order ${expected.get(wacid)}\n  shuffled ${got.get(wacid)}`);
    }
    counts.told += shuffled.length;
  }
  await Promise.all([plain, wild].map(({ gateway }) => gateway.kill()));
  const figures = `${histories} histories, ${counts.calls} calls, ${counts.told} told shuffled, ${counts.different} different`;
  return { passed: counts.different === 0, different: counts.different, figures: `${figures}${examples.join('')}` };
}

async function begin(folder, upstream) {
  const database = new SqliteDatabase(join(folder, 'gateway.db'));
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment: { ANSWER_WINDOW_SECONDS: '120' } });
  await gateway.start();
  return { gateway, database, shown: undefined };
}

/** Delivers all parts, `atOnce` at a time, and waits until they are taken in. */
async function tell({ gateway, database }, parts, atOnce) {
  const waiting = [...parts];
  const line = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const { status } = await deliver(gateway.port, delivery(part));
      if (status !== 200) throw new Error(`a delivery was answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  let left = await database.countNotDone();
  await until('the deliveries are taken in', async () => {
    left = await database.countNotDone();
    return left.new === 0;
  }, { everyMs: 30 });
  if (left.failed > 0) throw new Error(`${left.failed} deliveries were set aside`);
}

/** Every call as a consumer sees it, without what tells of our own clock, ids and SDP's presence. */
async function callsOf({ gateway }) {
  const calls = new Map();
  let cursor = null;
  do {
    const page = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await gateway.api('GET', `/api/calling/calls?limit=200${page}`);
    if (status !== 200) throw new Error(`the call log answered ${status}`);
    for (const call of body.data) calls.set(call.call_id, JSON.stringify(comparable(call)));
    cursor = body.next_cursor;
  } while (cursor !== null);
  return calls;
}

const comparable = ({ id, links, created_at, sequence, ...call }) => call;
