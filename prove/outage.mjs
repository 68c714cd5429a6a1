import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Secret } from '../dist/kernel/secret.js';
import { onPostgres } from './database.mjs';
import { colourOf } from './kill-rounds.mjs';
import { pause } from './pause.mjs';
import { Receiver } from './receiver.mjs';
import { distinct, machineLoad, percentile, spread } from './statistics.mjs';
import { StoppedDeliveries } from './stopped.mjs';

const MINUTE = 60_000;
const MINUTES = 24 * 60;
/** A server that fails slowly occupies the connections that wait for it. */
const FAILS_AFTER_MS = 150;
/** Checks in a row of a delivery worker that sends nothing. */
const MOST_IDLE = 40;
const SUBJECTS = 500;
/** A delivery to the other consumer may take so much longer while one is down. */
const TOLERANCE_MS = 5;

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'outage',
    says: 'a consumer that is down for 24 h gets every event under its id afterwards, and others wait no longer meanwhile',
    run: (context) => prove({ ...context, databases: sqlites(context) }),
  },
  {
    name: 'outage-postgres',
    says: 'the same on Postgres',
    run: (context) =>
      onPostgres((one) => onPostgres((other) => prove({ ...context, databases: [one, other].map(({ url }) => postgres(url)) }))),
  },
  {
    name: 'outage-sabotage',
    says: 'the proof goes red when the place moves past what the consumer missed',
    run: async (context) => {
      const found = await outage({ ...context, events: 2_000, databases: sqlites(context), betweenTimes: forgetTheBacklog });
      return { passed: found.lost > 0, summary: `${colourOf(found.lost > 0)}: ${summaryOf(found)}` };
    },
  },
  {
    name: 'outage-shared-sabotage',
    says: 'the proof goes red when all consumers are served by one delivery worker',
    run: async (context) => {
      const found = await outage({ ...context, events: 2_000, databases: sqlites(context), one: true });
      const red = !isUnmoved(found);
      return { passed: red, summary: `${colourOf(red)}: ${summaryOf(found)}` };
    },
  },
];

const sqlites = ({ folder }) => ['gateway.db', 'calm.db'].map((name) => ({ kind: 'sqlite', path: join(folder, name) }));

const postgres = (url) => ({ kind: 'postgres', url: new Secret(url) });

async function prove(context) {
  const found = await outage({ ...context, events: context.quick ? 5_000 : 100_000 });
  const clean = found.lost + found.otherLost + found.renamed === 0;
  return { passed: clean && isUnmoved(found), summary: summaryOf(found) };
}

/** Against the same gateway at the same moments without a consumer that is down: other work of the machine slows both. */
const isUnmoved = ({ alone, during }) =>
  percentile(during, 0.5) <= percentile(alone, 0.5) + TOLERANCE_MS &&
  percentile(during, 0.99) <= percentile(alone, 0.99) * 2 + TOLERANCE_MS;

const summaryOf = ({ events, attemptsMeanwhile, lost, renamed, twice, otherLost, alone, during, after, seconds }) =>
  `${events} events in 24 h, ${attemptsMeanwhile} attempts while down, ${lost} lost, ${renamed} under a second id, ${twice} taken twice, ` +
  `caught up in ${seconds.toFixed(0)} s; of the other consumer ${otherLost} lost, ${spread(during)} meanwhile, ${spread(alone)} where nobody is down, ` +
  `${spread(after)} while the first catches up; ${machineLoad()}`;

/** The effect of a delivery worker that does not wait for its endpoint. */
async function forgetTheBacklog({ store, outbox, workers }, { id }) {
  const newest = await outbox.latestCursor();
  await store.write(async (tx) => {
    await tx.deleteFrom('dispatches').where('subscription_id', '=', id).execute();
    await tx.updateTable('subscriptions').set({ xid: newest.xid, event_id: newest.id, revision: 2 }).where('id', '=', id).execute();
  });
  await workers.refresh();
}

async function outage({ databases, random, events, one = false, betweenTimes = async () => undefined }) {
  const gateway = await StoppedDeliveries.open(databases[0], { one });
  const calm = await StoppedDeliveries.open(databases[1], { one });
  const [broken, other, control] = [await new Receiver().start(), await new Receiver().start(), await new Receiver().start()];
  const [day, calmDay] = [new Day(gateway, other, random), new Day(calm, control, random)];
  await gateway.subscribe(other.url);
  await calm.subscribe(control.url);
  const fate = { status: 503, holdMs: FAILS_AFTER_MS };
  broken.fateOf = () => fate;
  const subscription = await gateway.subscribe(broken.url);
  const [during, alone] = [[], []];
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    during.push(...(await day.minute(Math.round((events * minute) / MINUTES))));
    alone.push(...(await calmDay.minute(Math.round((events * minute) / MINUTES))));
  }
  const attemptsMeanwhile = broken.attempts.length;
  await betweenTimes(gateway, subscription);
  Object.assign(fate, { status: 204, holdMs: 0 });
  const began = performance.now();
  const after = await day.catchUp(broken, () => broken.taken.length >= events);
  const seconds = (performance.now() - began) / 1_000;
  for (const opened of [gateway, calm]) await opened.close();
  for (const receiver of [broken, other, control]) receiver.stop();
  const result = { events, attemptsMeanwhile, alone, during, after, seconds, ...judge(day.published.slice(0, events), broken) };
  return { ...result, otherLost: judge(day.published, other).lost };
}

/** Time that passes minute by minute, with what happens in each. */
class Day {
  /** @type {string[]} the name of every event in the order in which it was published */
  published = [];
  #sequences = new Map();

  constructor(gateway, other, random) {
    Object.assign(this, { gateway, other, random });
  }

  /**
   * One minute; at its end `due` events are published since the beginning. What has become due is under way when the
   * first of them is published.
   * @returns {Promise<number[]>} how long that one took to the other consumer, in ms of real time; empty when none was due
   */
  async minute(due) {
    const tookMs = [];
    this.gateway.clock.pass(MINUTE);
    this.gateway.workers.tick();
    if (due > this.published.length) {
      tookMs.push(await this.#probe());
      await this.gateway.tell(Array.from({ length: due - this.published.length }, () => this.#next()));
    }
    await this.gateway.workers.flush();
    return tookMs;
  }

  /** The same while `late` catches up with a day. A delivery worker that sends nothing more fails the proof. */
  async catchUp(late, isDone) {
    const tookMs = [];
    let attempts = 0;
    let idle = 0;
    while (!isDone() && idle < MOST_IDLE) {
      // Only until the next try of an endpoint that is down, which is at most some minutes away.
      if (tookMs.length < 10) this.gateway.clock.pass(MINUTE);
      this.gateway.workers.tick();
      tookMs.push(await this.#probe());
      idle = late.attempts.length === attempts ? idle + 1 : 0;
      attempts = late.attempts.length;
      await pause(20);
    }
    await this.gateway.workers.flush();
    return tookMs;
  }

  /** One event alone, from its commit to its arrival. */
  async #probe() {
    const before = this.other.taken.length;
    const event = this.#next();
    const began = performance.now();
    await this.gateway.tell([event]);
    while (this.other.taken.length === before) await new Promise(setImmediate);
    return this.other.taken[before].at - began;
  }

  #next() {
    const subject = `call_${this.random.between(1, SUBJECTS)}`;
    const sequence = (this.#sequences.get(subject) ?? 0) + 1;
    this.#sequences.set(subject, sequence);
    this.published.push(`${subject} ${sequence}`);
    return { subject, sequence };
  }
}

/** Compares the published events with those that arrived. */
function judge(published, { attempts, taken }) {
  const names = new Set(taken.map(nameOf));
  const idsByName = Map.groupBy(attempts, nameOf);
  return {
    lost: published.filter((name) => !names.has(name)).length,
    twice: taken.length - names.size,
    renamed: [...idsByName.values()].filter((sent) => distinct(sent.map(({ id }) => id)) > 1).length,
  };
}

function nameOf({ body }) {
  const { data, sequence } = JSON.parse(body.toString());
  return `${data.id} ${sequence}`;
}
