import { join } from 'node:path';
import { SqliteDatabase } from '../database.mjs';
import { EventStream } from '../event-stream.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { deliver } from '../load.mjs';
import { pause, until } from '../pause.mjs';
import { connect, delivery, sdp } from '../webhooks.mjs';

const [QUICK_ROUNDS, FULL_ROUNDS] = [5, 200];
const LONGEST_MS = 25_000;
const LINES = 8;
const STREAMS = 3;
/** In some rounds the process gets no turn for longer than its grace lasts, as on a machine that is far too busy. */
const FROZEN_SHARE = 0.3;
const FROZEN_MS = 1_300;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'sigterm',
    says: 'SIGTERM under load, with dials under way and streams open: every request taken in is answered, and the end comes within 25 s',
    run: async ({ quick, ...stage }) => {
      const result = await rounds({ ...stage, count: quick ? QUICK_ROUNDS : FULL_ROUNDS });
      return { passed: isClean(result), figures: figuresOf(result) };
    },
  },
  {
    name: 'sigterm-sabotage',
    says: 'the proof goes red against a gateway that leaves at once',
    run: async (stage) => {
      const result = await rounds({ ...stage, count: QUICK_ROUNDS, fault: 'leave-at-once' });
      const red = result.cut + result.dialsCut > 0;
      return { passed: red, figures: `${colourOf(red)}: ${figuresOf(result)}` };
    },
  },
];

const isClean = ({ cut, dialsCut, lost, badExits, slowest, streamsCut, dialsAnswered }) =>
  cut + dialsCut + lost + badExits + streamsCut === 0 && slowest <= LONGEST_MS && dialsAnswered > 0;

const figuresOf = (result) =>
  `${result.rounds} ends, ${result.answered} webhooks answered, ${result.cut} cut off, ${result.lost} lost; ${result.dialsAnswered} dials answered ` +
  `meanwhile, ${result.dialsCut} cut off; ${result.streamsCut} streams not ended in order; ${result.badExits} exits other than 0; slowest end ${result.slowest} ms`;

async function rounds({ folder, upstream, random, count, fault }) {
  const database = new SqliteDatabase(join(folder, 'gateway.db'));
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
  // A dial takes a while, so that the signal meets some under way.
  upstream.fateOf = () => ({ holdMs: random.between(200, 600), fate: 'answer' });
  const ledger = new Ledger();
  const result = { rounds: 0, answered: 0, cut: 0, dialsAnswered: 0, dialsCut: 0, streamsCut: 0, badExits: 0, slowest: 0, lost: 0 };
  while (result.rounds < count) {
    result.rounds += 1;
    await gateway.start();
    await round({ gateway, random, ledger, result });
  }
  result.lost = await ledger.countLostInAll(database);
  return result;
}

async function round({ gateway, random, ledger, result }) {
  const streams = Array.from({ length: STREAMS }, () => new EventStream(gateway.port, { onEvent: () => undefined }));
  await Promise.all(streams.map(({ opened }) => opened));
  const state = { open: true };
  const looking = look(gateway, state);
  const lines = Array.from({ length: LINES }, (_, line) => knock({ gateway, ledger, result, state, line }));
  const dials = [0, 1].map((i) => dial({ gateway, name: result.rounds * 2 + i, result }));
  await pause(random.between(100, 400));
  const began = Date.now();
  gateway.child.kill('SIGTERM');
  if (random.chance(FROZEN_SHARE)) await freeze(gateway.child);
  await gateway.gone;
  result.slowest = Math.max(result.slowest, Date.now() - began);
  result.badExits += gateway.child.exitCode === 0 ? 0 : 1;
  await Promise.all([...lines, ...dials, looking]);
  await until('the streams end', () => streams.every(({ closed }) => closed), { withinMs: 5_000 }).catch(() => undefined);
  result.streamsCut += streams.filter(({ complete }) => !complete).length;
}

async function freeze(child) {
  await pause(20);
  child.kill('SIGSTOP');
  await pause(FROZEN_MS);
  child.kill('SIGCONT');
}

/** As a proxy does: who says that he will close is sent nothing more. */
async function look(gateway, state) {
  while (state.open) {
    const answer = await gateway.api('GET', '/health/ready', { timeoutMs: 2_000 }).catch(() => null);
    state.open = answer?.status === 200;
    await pause(25);
  }
}

/** One webhook after the other, each on a connection of its own, while the door is open. */
async function knock({ gateway, ledger, result, state, line }) {
  for (let i = 0; state.open; i += 1) {
    const call = { wacid: `wacid.TERM.${result.rounds}.${line}.${i}`, user: '5215500000001', direction: 'USER_INITIATED' };
    const body = Buffer.from(JSON.stringify(delivery([connect(call, Math.floor(Date.now() / 1_000))])));
    try {
      const { status } = await deliver(gateway.port, body, { agent: false });
      if (status === 200) {
        ledger.acknowledge(body, call.wacid);
        result.answered += 1;
      }
    } catch (error) {
      // Refused at the door: the other side knows that nothing was taken. Anything else leaves it in doubt.
      if (error.code !== 'ECONNREFUSED') result.cut += 1;
      return;
    }
    await pause(5);
  }
}

/** @param {{ name: number }} options */
async function dial({ gateway, name, result }) {
  const body = { to: `5215${String(name).padStart(9, '0')}`, session: { sdp_type: 'offer', sdp: sdp('actpass') } };
  const answer = await gateway.api('POST', '/api/calling/make-call', { body }).catch(() => null);
  if (answer && answer.status < 300) result.dialsAnswered += 1;
  else result.dialsCut += 1;
}
