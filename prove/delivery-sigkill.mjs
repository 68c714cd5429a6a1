import { join } from 'node:path';
import { onPostgres, SqliteDatabase } from './database.mjs';
import { Gateway } from './gateway.mjs';
import { colourOf } from './kill-rounds.mjs';
import { Ledger } from './ledger.mjs';
import { Load } from './load.mjs';
import { pause, until } from './pause.mjs';
import { Receiver } from './receiver.mjs';
import { distinct } from './statistics.mjs';

/** The kill must meet the delivery worker while it sends, so webhooks come about as fast as it can follow. */
const CONNECTIONS = 1;
const PAUSE_MS = 10;
/** Nothing arrives any more and nothing waits for a retry: what is missing then will never come. */
const QUIET_MS = 2_000;

/** Each of them waits up to 30 s for the leases of the process before. */
const POSTGRES_ROUNDS = 5;

const TYPES = ['call.incoming', 'call.ended'];

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'delivery-sigkill',
    says: 'every event reaches its subscription, killed at any instant while sending: same id again, in order per subject',
    run: (context) => prove({ ...context, database: sqliteIn(context), rounds: context.quick ? 15 : 200 }),
  },
  {
    name: 'delivery-sigkill-postgres',
    says: 'the same on Postgres, where the next process waits for the leases of the killed one',
    run: (context) =>
      onPostgres((database) => prove({ ...context, database, rounds: context.quick ? POSTGRES_ROUNDS : 4 * POSTGRES_ROUNDS })),
  },
  {
    name: 'delivery-sigkill-sabotage',
    says: 'the proof goes red against a delivery worker that moves its cursor before it sends the event',
    run: async (context) => {
      const fault = 'cursor-before-send';
      const found = await deliverUnderFire({ ...context, database: sqliteIn(context), rounds: 30, fault });
      return { passed: found.lost > 0, summary: `${colourOf(found.lost > 0)}: ${summaryOf(found)}` };
    },
  },
];

const sqliteIn = ({ folder }) => new SqliteDatabase(join(folder, 'gateway.db'));

async function prove(context) {
  const found = await deliverUnderFire(context);
  const clean = found.lost + found.renamed + found.outOfOrder + found.strangers === 0;
  // Were nothing ever sent twice, no kill would have met a delivery under way.
  return { passed: clean && found.events > context.rounds && found.repeated > 0, summary: summaryOf(found) };
}

const summaryOf = ({ rounds, events, attempts, repeated, lost, renamed, outOfOrder, strangers }) =>
  `${rounds} kills, ${events} events, ${attempts} attempts, ${repeated} sent more than once, ${lost} lost, ` +
  `${renamed} under a second id, ${outOfOrder} subjects out of order, ${strangers} unknown`;

async function deliverUnderFire({ folder, database, upstream, random, rounds, fault }) {
  const environment = { EVENTS_ALLOW_PRIVATE_TARGETS: 'true' };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment, fault });
  const receiver = await new Receiver().start();
  receiver.fateOf = () => ({ holdMs: random.between(0, 60), status: random.chance(0.01) ? random.pick([0, 500]) : 204 });
  await gateway.start();
  const { status, body } = await gateway.api('POST', '/api/subscriptions', { body: { url: receiver.url, types: TYPES } });
  if (status !== 201) throw new Error(`the subscription was answered ${status} ${JSON.stringify(body)}`);
  let killed = null;
  for (let round = 1; round <= rounds; round += 1) {
    if (round > 1) await gateway.start();
    killed = await successorOf(killed, database);
    const load = new Load({ port: gateway.port, random, ledger: new Ledger(), round, connections: CONNECTIONS, pauseMs: PAUSE_MS });
    const before = receiver.attempts.length;
    await until('a delivery', () => receiver.attempts.length > before, { everyMs: 2 });
    await pause(random.between(0, 400));
    await gateway.kill();
    await load.ended();
  }
  await gateway.start();
  await successorOf(killed, database);
  const events = await workOff(database, receiver);
  await gateway.kill();
  receiver.stop();
  return { rounds, ...judge(events, receiver) };
}

/** Waits until another process than `killed` has the lease of the subscription. @returns its name; null on SQLite, which has no leases */
async function successorOf(killed, { pool }) {
  if (!pool) return null;
  const read = async () => (await pool.query('select holder from subscriptions')).rows[0].holder;
  await until('the lease of a killed process is over', async () => (await read()) !== killed);
  return read();
}

/** Waits until every event is delivered or given up, without new webhooks. @returns every event of the database */
async function workOff(database, receiver) {
  await until('the inbox is worked off', async () => (await database.countNotDone()).new === 0, { withinMs: 300_000 });
  const quiet = async () => {
    const before = receiver.attempts.length;
    await pause(QUIET_MS);
    return receiver.attempts.length === before && (await database.countRetrying()) === 0;
  };
  await until('the delivery worker is idle', quiet, { withinMs: 300_000 });
  return (await database.events()).filter(({ type }) => TYPES.includes(type));
}

/** Compares the events of the database with those that arrived. */
function judge(events, { attempts, taken }) {
  const arrived = attempts.map(read);
  const names = new Set(events.map(nameOf));
  const takenNames = new Set(taken.map((arrival) => nameOf(read(arrival))));
  const idsByName = Map.groupBy(arrived, nameOf);
  const firsts = [...idsByName.values()].map(([first]) => first);
  return {
    events: events.length,
    attempts: attempts.length,
    repeated: [...idsByName.values()].filter((sent) => sent.length > 1).length,
    lost: [...names].filter((name) => !takenNames.has(name)).length,
    renamed: [...idsByName.values()].filter((sent) => distinct(sent.flatMap(({ id, webhookId }) => [id, webhookId])) > 1).length,
    outOfOrder: [...Map.groupBy(firsts, ({ subject }) => subject).values()].filter(isOutOfOrder).length,
    strangers: [...idsByName.keys()].filter((name) => !names.has(name)).length,
  };
}

/** @param {import('./receiver.mjs').Arrival} arrival */
function read({ id: webhookId, body }) {
  const { id, type, sequence, data } = JSON.parse(body.toString());
  return { webhookId, id, type, sequence, subject: data.id };
}

const nameOf = ({ type, subject, sequence }) => `${subject} ${sequence} ${type}`;

const isOutOfOrder = (sent) => sent.some(({ sequence }, i) => i > 0 && sequence <= sent[i - 1].sequence);
