import { onBothEngines } from '../database.mjs';
import { mostDials } from '../dialing.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { deliver } from '../load.mjs';
import { pause } from '../pause.mjs';
import { delivery, status } from '../webhooks.mjs';
import { connectBy, faultsOfEnvelope, graphWish } from './graph-calls.mjs';

const D360_TIMEOUT_MS = 1_000;
/** Kapso sends a request once, and up to three times more. */
const ATTEMPTS = 4;
const BACKOFF_MS = [100, 600];
/** Longer than the gateway ever waits. */
const PATIENT_MS = 20_000;
/** 360dialog allows five permission reads a second, and a dial to a new user needs one. */
const AT_ONCE = 3;
const [QUICK, FULL, SABOTAGED] = [30, 200, 20];

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'graph-retries',
    says: 'a connect of the Graph API whose answers are lost, repeated without an Idempotency-Key, dials once and ends in a wacid or a final error',
    run: async (context) => {
      const found = await retryRounds({ ...context, rounds: context.quick ? QUICK : FULL });
      const clean = found.undecided + found.odd + found.wrongIds === 0;
      const isHit = found.repeated > 0 && found.final > 0 && found.wacids > 0;
      return { passed: found.most === 1 && found.dials === found.rounds && clean && isHit, summary: summaryOf(found) };
    },
  }),
  {
    name: 'graph-retries-sabotage',
    says: 'the proof goes red against a gateway that sends a dial again',
    run: async (context) => {
      const [{ run }] = onBothEngines({
        name: '',
        says: '',
        run: async (inner) => {
          const found = await retryRounds({ ...inner, rounds: SABOTAGED, fault: 'dial-again' });
          return { passed: found.most > 1, summary: `${colourOf(found.most > 1)}: ${summaryOf(found)}` };
        },
      });
      return run(context);
    },
  },
];

const summaryOf = ({ rounds, requests, repeated, dials, most, wacids, final, undecided, odd, wrongIds, fates }) =>
  `${rounds} calls, ${requests} requests, ${repeated} calls asked for more than once, ${dials} dials, at most ${most} per opaque data; ` +
  `${wacids} ended in a wacid, ${final} in an error with is_transient false, ${undecided} in neither, ${odd} answers out of Meta's shape, ` +
  `${wrongIds} wacids of another call; 360dialog: ${JSON.stringify(fates)}`;

async function retryRounds({ folder, upstream, random, makeDatabase, rounds, fault }) {
  const database = await makeDatabase();
  // The circuit stays closed, so that every dial meets its fate.
  const environment = { GRAPH_API: 'true', D360_TIMEOUT_MS: String(D360_TIMEOUT_MS), D360_CIRCUIT_FAILURES: '0' };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment, fault });
  const result = { rounds, requests: 0, repeated: 0, wacids: 0, final: 0, undecided: 0, odd: 0, wrongIds: 0, fates: {} };
  upstream.fateOf = (dial) => {
    const fate = random.pick(['answer', 'drop', 'fail', 'hold']);
    result.fates[fate] = (result.fates[fate] ?? 0) + 1;
    // Of some the webhooks say the wacid, of others nothing ever does.
    if (random.chance(0.5)) void report(gateway, dial, random.between(0, 3_000));
    return fate === 'hold' ? { fate: 'answer', holdMs: 2 * D360_TIMEOUT_MS } : { fate, holdMs: random.between(0, 300) };
  };
  await gateway.start();
  let next = 0;
  const worker = async () => {
    while (next < rounds) {
      next += 1;
      await oneCall({ gateway, upstream, random, wish: graphWish(next, 0), result });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await gateway.kill();
  return { ...result, dials: upstream.dials.length, most: mostDials(upstream) };
}

/** Asks for one call, and notes how it ended. */
async function oneCall({ gateway, upstream, random, wish, result }) {
  const { answer, requests, odd } = await persistently({ gateway, random, wish });
  result.requests += requests;
  result.repeated += requests > 1 ? 1 : 0;
  result.odd += odd;
  const wacid = answer?.status === 200 ? answer.body.calls?.[0]?.id : undefined;
  if (wacid !== undefined) {
    result.wacids += 1;
    if (!upstream.dials.some((dial) => dial.to === wish.to && dial.wacid === wacid)) result.wrongIds += 1;
  } else if (answer?.body?.error?.is_transient === false) result.final += 1;
  else result.undecided += 1;
}

/** Repeats as a client does, after each 5xx and each answer that did not come in time. @returns the last answer; null for none */
async function persistently({ gateway, random, wish }) {
  let odd = 0;
  for (let requests = 1; ; requests += 1) {
    const timeoutMs = requests === ATTEMPTS ? PATIENT_MS : random.between(50, 4_000);
    const answer = await connectBy(gateway, wish, { timeoutMs }).catch(() => null);
    const { status = 599, body } = answer ?? {};
    if (answer !== null && status >= 400 && faultsOfEnvelope(body).length > 0) odd += 1;
    if (status < 500 || requests === ATTEMPTS) return { answer, requests, odd };
    await pause(random.between(...BACKOFF_MS));
  }
}

/** The phone rings: the webhook has the wacid and the data of the dial. */
async function report(gateway, { wacid, to, opaque }, afterMs) {
  await pause(afterMs);
  const value = status({ wacid, user: to }, 'RINGING', Math.floor(Date.now() / 1_000));
  value.statuses[0].biz_opaque_callback_data = opaque;
  await deliver(gateway.port, delivery([value])).catch(() => undefined);
}
