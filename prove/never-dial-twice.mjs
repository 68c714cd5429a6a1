import Sqlite from 'better-sqlite3';
import { onBothEngines } from './database.mjs';
import { callIn, make, mostDials } from './dialing.mjs';
import { Gateway } from './gateway.mjs';
import { colourOf } from './kill-rounds.mjs';
import { pause, until } from './pause.mjs';

const KEYS_PER_ROUND = 4;
const SECOND_KILL = 0.3;
/** On Postgres a key waits for the end of the dead gateway's right to dial for it, since another replica might be dialling. */
const QUICK = { sqlite: 30, postgres: 4 };

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'never-dial-twice',
    says: 'one Idempotency-Key dials at most once, killed at any instant and retried, and always ends in an answer',
    run: async (context) => {
      const { worst, unanswered, unstable, dials, keys, rounds, answers } = await dialRounds({
        ...context,
        rounds: context.quick ? QUICK[context.engine] : 100,
      });
      return {
        passed: worst === 1 && unanswered === 0 && unstable === 0 && dials > rounds,
        summary:
          `${rounds} kills, ${keys} keys, ${dials} dials, at most ${worst} per key, ${unanswered} keys without an answer, ` +
          `${unstable} answers that changed, answered ${JSON.stringify(answers)}`,
      };
    },
  }),
  ...onBothEngines({
    name: 'never-dial-twice-sabotage',
    says: 'the proof goes red when the intents are forgotten between the kill and the retry',
    run: async (context) => {
      const { worst, rounds } = await dialRounds({ ...context, rounds: 20, untilRed: true, betweenLives: forgetIntents });
      return { passed: worst > 1, summary: `${colourOf(worst > 1)} in round ${rounds}: ${worst} dials for one key` };
    },
  }),
];

/** What a gateway amounts to that writes its intent down only after the dial. */
async function forgetIntents({ path, pool }) {
  const forget = "delete from idempotency where status is null; delete from calls where state = 'dialing'";
  if (pool) return void (await pool.query(forget));
  const file = new Sqlite(path, { timeout: 5_000 });
  file.exec(forget);
  file.close();
}

async function dialRounds({ folder, upstream, random, makeDatabase, rounds, untilRed = false, betweenLives = () => undefined }) {
  const database = await makeDatabase();
  const environment = { D360_TIMEOUT_MS: '1500' };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment });
  upstream.fateOf = () => ({ holdMs: random.between(0, 400), fate: random.pick(['answer', 'answer', 'answer', 'drop', 'fail']) });
  const result = { rounds: 0, keys: 0, unanswered: 0, unstable: 0, answers: {}, dials: 0, worst: 0 };
  await gateway.start();
  while (result.rounds < rounds && !(untilRed && result.worst > 1)) {
    result.rounds += 1;
    const wishes = Array.from({ length: KEYS_PER_ROUND }, (_, i) => wishOf(result.rounds, i));
    const sent = wishes.map((wish) => make(gateway, wish).catch(() => null));
    await momentToDie({ upstream, random });
    await live({ gateway, database, betweenLives });
    await Promise.all(sent);
    if (random.chance(SECOND_KILL)) {
      const again = wishes.map((wish) => make(gateway, wish).catch(() => null));
      await momentToDie({ upstream, random });
      await live({ gateway, database, betweenLives });
      await Promise.all(again);
    }
    await Promise.all(wishes.map((wish) => settle(gateway, wish, result)));
    Object.assign(result, { keys: result.keys + wishes.length, dials: upstream.dials.length, worst: mostDials(upstream) });
  }
  await gateway.kill();
  return result;
}

async function live({ gateway, database, betweenLives }) {
  await gateway.kill();
  await betweenLives(database);
  await gateway.start();
}

/** Either any time after the requests went out, or just after 360dialog has heard of the next dial. */
async function momentToDie({ upstream, random }) {
  if (random.chance(0.5)) return pause(random.between(5, 400));
  const before = upstream.dials.length;
  await until('a dial', () => upstream.dials.length > before, { withinMs: 1_000, everyMs: 2 }).catch(() => undefined);
  return pause(random.between(0, 60));
}

/** A user of its own for each key, so that dials to one user are dials of one key. */
const wishOf = (round, i) => ({ key: `prove-${round}-${i}`, to: `5215${String(round * 100 + i).padStart(9, '0')}` });

/** Retries as a client would until the key has its answer, then once more: the answer must stay. */
async function settle(gateway, wish, result) {
  let answer = null;
  const finished = async () => {
    answer = await make(gateway, wish).catch(() => null);
    return answer !== null && callIn(answer) !== undefined;
  };
  await until('an answer', finished, { withinMs: 20_000, everyMs: 200 }).catch(() => undefined);
  const call = answer && callIn(answer);
  if (!call) {
    result.unanswered += 1;
    result.answers[answer ? `${answer.status} ${answer.body?.code}` : 'none'] ??= answer?.body ?? null;
    return;
  }
  result.answers[answer.status] = (result.answers[answer.status] ?? 0) + 1;
  const again = await make(gateway, wish);
  if (again.status !== answer.status || callIn(again) !== call) result.unstable += 1;
}
