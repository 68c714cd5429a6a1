import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { onBothEngines } from '../database.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { deliver } from '../load.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad, percentile, spread } from '../statistics.mjs';
import { connect, delivery, terminate } from '../webhooks.mjs';
import { MetaReceiver } from './meta-receiver.mjs';

const CALLS_PER_SECOND = 50;
const [QUICK_SECONDS, FULL_SECONDS, WARM_UP_SECONDS] = [5, 20, 2];
/** Longer than a busy machine is late: a connect is not posted once its call is over. */
const TALK_MS = 3_000;
const GOAL_P50_MS = 20;
/** A busy machine has to pass as well: what is printed is compared with the goal, and what waits for a retry comes seconds later. */
const P50_MS = 10 * GOAL_P50_MS;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'graph-slow-consumer',
    says: `a consumer of Meta's format that refuses all but connects delays nothing at ${CALLS_PER_SECOND} calls/s: goal p50 ${GOAL_P50_MS} ms`,
    run: async (context) => {
      const found = await measure({ ...context, seconds: context.quick ? QUICK_SECONDS : FULL_SECONDS });
      return { passed: isGood(found), summary: summaryOf(found) };
    },
  }),
  {
    name: 'graph-slow-consumer-sabotage',
    says: 'the proof goes red against a gateway that tries again what the consumer has refused',
    run: async (context) => {
      const [{ run }] = onBothEngines({
        name: '',
        says: '',
        run: async (inner) => {
          const found = await measure({ ...inner, seconds: QUICK_SECONDS, fault: 'refused-is-down' });
          const red = found.repeated + found.waiting > 0;
          return { passed: red, summary: `${colourOf(red)}: ${summaryOf(found)}` };
        },
      });
      return run(context);
    },
  },
];

const isGood = ({ lost, late, repeated, waiting, tookMs }) =>
  lost + late + repeated + waiting === 0 && [tookMs.refusing, tookMs.other].every((times) => percentile(times, 0.5) <= P50_MS);

const summaryOf = ({ calls, seconds, lost, late, repeated, waiting, refused, tookMs }) =>
  `${calls} calls in ${seconds} s, ${refused} elements refused with 422, ${lost} lost, ${late} connects not posted, as after the end of their call, ${repeated} posted again, ${waiting} waiting; connect to the one that ` +
  `refuses: ${spread(tookMs.refusing)}, to the other: ${spread(tookMs.other)}, terminate to the other: ${spread(tookMs.ends)}, answer to 360dialog: ${spread(tookMs.answers)}; ${machineLoad()}`;

async function measure({ folder, upstream, makeDatabase, seconds, fault }) {
  const database = await makeDatabase();
  const environment = { GRAPH_API: 'true', EVENTS_ALLOW_PRIVATE_TARGETS: 'true' };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment, fault });
  const [refusing, other] = [await new MetaReceiver().start(), await new MetaReceiver().start()];
  refusing.fateOf = ({ element }) => ({ status: element.event === 'connect' ? 200 : 422, holdMs: 0 });
  await gateway.start();
  for (const receiver of [refusing, other]) await receiver.subscribe(gateway);
  const { sentAt, answers } = await callsAtRate(gateway, seconds);
  const isThere = () => [refusing, other].every(({ attempts }) => attempts.length >= sentAt.size);
  await until('every element', isThere, { withinMs: 10_000 }).catch(() => undefined);
  await pause(200);
  const waiting = await database.countRetrying();
  await gateway.kill();
  for (const receiver of [refusing, other]) receiver.stop();
  return { seconds, waiting, ...judge({ sentAt, answers, refusing, other }) };
}

/** Inbound calls that begin at a fixed rate, independent of the answers. @returns when each webhook was sent, and how long its answer took */
async function callsAtRate(gateway, seconds) {
  const sentAt = new Map();
  const answers = [];
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const send = (call, value, event) => {
    const at = performance.now();
    sentAt.set(`${call.wacid} ${event}`, at);
    const onStatus = () => answers.push(performance.now() - at);
    deliver(gateway.port, delivery([value]), { agent, onStatus }).catch(() => undefined);
  };
  const began = performance.now();
  for (let i = 0; i < CALLS_PER_SECOND * (WARM_UP_SECONDS + seconds); i += 1) {
    const call = {
      wacid: `wacid.${isWarm(i) ? 'TIMED' : 'FIRST'}.${i}`,
      user: `5215${String(i).padStart(9, '0')}`,
      direction: 'USER_INITIATED',
    };
    const at = Math.floor(Date.now() / 1_000);
    send(call, connect(call, at), 'connect');
    setTimeout(() => send(call, terminate(call, at + TALK_MS / 1_000, null), 'terminate'), TALK_MS);
    await pause(Math.max(0, began + ((i + 1) * 1_000) / CALLS_PER_SECOND - performance.now()));
  }
  await pause(TALK_MS + 100);
  setTimeout(() => agent.destroy(), 10_000).unref();
  return { sentAt, answers };
}

const isWarm = (i) => i >= CALLS_PER_SECOND * WARM_UP_SECONDS;

function judge({ sentAt, answers, refusing, other }) {
  const tookBy = (attempts, event) =>
    attempts.filter(({ name }) => name.startsWith('wacid.TIMED.') && name.endsWith(event)).map(({ name, at }) => at - sentAt.get(name));
  const missing = [refusing, other].flatMap(({ attempts }) => {
    const names = new Set(attempts.map(({ name }) => name));
    return [...sentAt.keys()].filter((name) => !names.has(name));
  });
  const late = missing.filter((name) => name.endsWith(' connect')).length;
  const repeatedOf = ({ attempts }) => attempts.length - new Set(attempts.map(({ name }) => name)).size;
  return {
    calls: sentAt.size / 2,
    refused: refusing.attempts.length - refusing.taken.length,
    late,
    lost: missing.length - late,
    repeated: repeatedOf(refusing) + repeatedOf(other),
    tookMs: {
      refusing: tookBy(refusing.taken, 'connect'),
      other: tookBy(other.taken, 'connect'),
      ends: tookBy(other.taken, 'terminate'),
      answers,
    },
  };
}
