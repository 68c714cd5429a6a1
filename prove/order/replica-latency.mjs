import http from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { onPostgres, PROOF } from '../database.mjs';
import { EventStream } from '../event-stream.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { deliver } from '../load.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad, percentile, spread } from '../statistics.mjs';
import { connect, delivery, terminate } from '../webhooks.mjs';
import { OwnPgbouncer } from './own-pgbouncer.mjs';

const CALLS_PER_SECOND = 200;
const IDLE_WEBHOOKS = 60;
const IDLE_APART_MS = 100;
const SETTLE_MS = 7_000;
/** A process that has just started is slow: its code is not compiled yet. What it takes for its first webhooks is not measured. */
const WARM_UP_SECONDS = 3;
/** For so long the transaction of another database stays open in the full tier. */
const STRANGER_MS = 60_000;
/**
 * By how much half of the events may come later than at the replica that publishes them. The goals are 10 ms, and 150 ms without a
 * line; a busy machine has to pass as well.
 */
const NOTIFIED_MS = 50;
const UNNOTIFIED_MS = 250;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'replica-latency',
    says: 'webhook at one replica to the event at a stream of another, also while a stranger writes, and through PgBouncer: none lost',
    run: (context) =>
      onPostgres(async (database) => {
        const direct = await measured({ ...context, database });
        const bouncer = await OwnPgbouncer.start(context.folder, database.url);
        if (!bouncer) return verdict([...direct, 'PgBouncer is not installed: that part was left out']);
        const pooled = { ...context, database, databaseUrl: bouncer.url, seconds: 0 };
        const withLine = await measured({ ...pooled, name: 'through PgBouncer', environment: { DATABASE_LISTEN_URL: database.url } });
        const without = await measured({ ...pooled, name: 'through PgBouncer without DATABASE_LISTEN_URL', laterMs: UNNOTIFIED_MS });
        bouncer.stop();
        return verdict([...direct, ...withLine, ...without]);
      }),
  },
  {
    name: 'replica-latency-sabotage',
    says: 'the proof goes red when no replica tells the others',
    run: (context) =>
      onPostgres(async (database) => {
        const [result] = await measured({ ...context, database, seconds: 0, fault: 'announce-nothing' });
        const red = !isFast(result);
        return { passed: red, summary: `${colourOf(red)}: ${spread(result.tookMs)} (same replica ${spread(result.nearMs)})` };
      }),
  },
];

const isFast = ({ tookMs, nearMs, laterMs }) => percentile(tookMs, 0.5) <= percentile(nearMs, 0.5) + laterMs;

function verdict(results) {
  const figures = results.filter((result) => typeof result !== 'string');
  const passed = figures.every((result) => result.lost === 0 && isFast(result));
  const said = results.map((result) =>
    typeof result === 'string'
      ? result
      : `${result.name}: ${spread(result.tookMs)}, n ${result.tookMs.length}, ${result.lost} lost (same replica ${spread(result.nearMs)})`,
  );
  return { passed, summary: `${said.join('; ')}; ${machineLoad()}` };
}

/** Two replicas; webhooks go to the one that holds their queue, and the stream is at the other. */
async function measured(options) {
  const { folder, upstream, database, databaseUrl = database.url, environment = {}, fault, name, laterMs = NOTIFIED_MS, quick } = options;
  const { seconds = quick ? 5 : 20 } = options;
  const make = (which) =>
    new Gateway({ folder: join(folder, `${which}-${name ?? ''}`), databaseUrl, upstream: upstream.url, environment, fault });
  const [writer, reader] = [make('writer'), make('reader')];
  await writer.start();
  // Who keeps a webhook first holds the queue.
  await deliver(writer.port, delivery([callOf(`first.${name}`)[0]()]));
  await reader.start();
  await pause(SETTLE_MS);
  const run = new Run(writer, reader);
  run.name = name ?? 'direct';
  await run.begin();
  await run.measure('warm-up', () => run.fast(WARM_UP_SECONDS));
  const results = [];
  const part = async (what, load) => results.push({ name: name ? `${name}, ${what}` : what, laterMs, ...(await run.measure(what, load)) });
  await part('idle', () => run.slowly());
  if (seconds > 0) {
    await part(`${CALLS_PER_SECOND} calls/s`, () => run.fast(seconds));
    const stranger = await strangersTransaction(database.serverUrl);
    const writesSince = performance.now();
    const slowly = async () => {
      do await run.slowly();
      while (!quick && performance.now() - writesSince < STRANGER_MS - seconds * 1_000);
    };
    await part('idle, a stranger writes', slowly);
    await part(`${CALLS_PER_SECOND} calls/s, a stranger writes`, () => run.fast(seconds));
    await stranger.end();
  }
  run.end();
  await writer.kill();
  await reader.kill();
  return results;
}

/** A transaction of another database that has written and does not end. */
async function strangersTransaction(url) {
  const stranger = new pg.Client({ connectionString: url, application_name: PROOF });
  stranger.on('error', () => undefined);
  await stranger.connect();
  await stranger.query('begin');
  await stranger.query('select pg_current_xact_id()');
  return stranger;
}

function callOf(name) {
  const user = `5215${String(Math.abs([...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7)) % 1e9).padStart(9, '0')}`;
  const call = { wacid: `wacid.REPLICA.${name}`, user, direction: 'USER_INITIATED' };
  const now = () => Math.floor(Date.now() / 1_000);
  return [() => connect(call, now()), () => terminate(call, now(), null), call.wacid];
}

class Run {
  #sentAt = new Map();
  #tookMs = [];
  /** The same at a stream of the replica that got the webhook, for comparison. */
  #nearMs = [];
  #slow = 0;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

  constructor(writer, reader) {
    Object.assign(this, { writer, reader });
  }

  async begin() {
    const at = ({ type, data }) => this.#sentAt.get(`${data.call_id} ${type}`);
    const far = (event) => {
      const sent = at(event);
      if (sent !== undefined && !sent.heard) this.#tookMs.push(performance.now() - sent.at);
      if (sent !== undefined) sent.heard = true;
    };
    const near = (event) => {
      const sent = at(event);
      if (sent !== undefined) this.#nearMs.push(performance.now() - sent.at);
    };
    this.streams = [new EventStream(this.reader.port, { onEvent: far }), new EventStream(this.writer.port, { onEvent: near })];
    for (const { opened } of this.streams) await opened;
  }

  end() {
    for (const stream of this.streams) stream.cut();
    this.#agent.destroy();
  }

  async measure(what, load) {
    this.what = `${this.name}.${what}`;
    this.#tookMs = [];
    this.#nearMs = [];
    this.#sentAt.clear();
    await load();
    const unheard = () => [...this.#sentAt.values()].filter(({ heard }) => !heard).length;
    await until('every event', () => unheard() === 0, { withinMs: 10_000 }).catch(() => undefined);
    return { tookMs: this.#tookMs, nearMs: this.#nearMs, lost: unheard() };
  }

  async slowly() {
    for (let i = 0; i < IDLE_WEBHOOKS; i += 1) {
      this.#slow += 1;
      const [rings, , wacid] = callOf(`${this.what}.slow.${this.#slow}`);
      await this.#send(rings, wacid, 'call.incoming');
      await pause(IDLE_APART_MS);
    }
  }

  /** Calls at a fixed rate, independent of the answers; each begins and ends. */
  async fast(seconds) {
    const began = performance.now();
    const sent = [];
    for (let i = 0; i < CALLS_PER_SECOND * seconds; i += 1) {
      const [rings, ends, wacid] = callOf(`${this.what}.${i}`);
      sent.push(this.#send(rings, wacid, 'call.incoming').then(() => this.#send(ends, wacid, 'call.ended')));
      await pause(Math.max(0, began + ((i + 1) * 1_000) / CALLS_PER_SECOND - performance.now()));
    }
    await Promise.all(sent);
  }

  async #send(webhook, wacid, type) {
    this.#sentAt.set(`${wacid} ${type}`, { at: performance.now(), heard: false });
    const { status } = await deliver(this.writer.port, delivery([webhook()]), { agent: this.#agent });
    if (status !== 200) throw new Error(`a webhook was answered with ${status}`);
  }
}
