import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeCursor } from '../../dist/events/cursor.js';
import { onPostgres } from '../database.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { digestOf } from '../ledger.mjs';
import { pause, until } from '../pause.mjs';
import { Receiver } from '../receiver.mjs';
import { ReconnectingReader } from '../stream-reader.mjs';
import { olderRelease } from './older-release.mjs';
import { ReverseProxy } from './reverse-proxy.mjs';
import { mostDials, Traffic } from './traffic.mjs';

/** The last commit before events were ordered by their sequence. */
const FROM = '2e0d6e8';
const REPLICAS = 3;
const [QUICK_ROUNDS, FULL_ROUNDS] = [1, 8];
/** A replica works for so long beside the others before the next is replaced. */
const SETTLE_MS = 150;
const NOW = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const MIGRATE = fileURLToPath(new URL('../../dist/cli/migrate.js', import.meta.url));
/** Longer than a webhook has. */
const LOCKED_MS = 6_000;
const SABOTAGE_MS = 2_000;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'rolling-upgrade',
    says: 'three replicas of an older release replaced by this one under load, and back: nothing fails, is lost or comes twice',
    run: (context) => withOlder(context, async (older) => judge(await rounds(older, context.quick ? QUICK_ROUNDS : FULL_ROUNDS))),
  },
  {
    name: 'rolling-upgrade-sabotage',
    says: 'the proof goes red when a migration removes what the older release writes, and when one holds a lock for long',
    run: (context) =>
      withOlder(context, async (older) => {
        const failed = [];
        for (const wrong of [dropsColumn, holdsLock]) failed.push([wrong.name, await failuresWith(wrong, older)]);
        const red = failed.every(([, requests]) => requests.length > 0);
        const found = failed.map(([name, requests]) => `${name}: ${requests.length} requests failed, such as ${requests[0]}`);
        return { passed: red, summary: `${colourOf(red)}: ${found.join('; ')}` };
      }),
  },
];

/** Runs `work` with the build of the older release. */
async function withOlder(context, work) {
  const from = context.from ?? FROM;
  const older = olderRelease(from);
  if (older === null) return { passed: null, summary: `there is no commit ${from} in this repository` };
  return work({ ...context, older });
}

/** What a migration must not do to a table in use. */
async function dropsColumn(pool) {
  await pool.query('alter table calls drop column reference');
}

async function holdsLock(pool) {
  const client = await pool.connect();
  await client.query('begin');
  await client.query('lock table deliveries in access exclusive mode');
  await pause(LOCKED_MS);
  await client.query('rollback');
  client.release();
}

/** Requests that fail at replicas of the older release while a migration does what it must not. */
async function failuresWith(wrong, context) {
  let failed = [];
  await onPostgres(async (database) => {
    const stage = await new Stage({ ...context, folder: join(context.folder, wrong.name), database }).start();
    await wrong(database.pool);
    await pause(SABOTAGE_MS);
    await stage.load.stop();
    failed = stage.load.failed;
    await stage.stop();
    return { passed: true };
  });
  return failed;
}

async function rounds(context, count) {
  let found = null;
  await onPostgres(async (database) => {
    const stage = await new Stage({ ...context, database }).start();
    await stage.replaceAll(NOW, migrate);
    for (let i = 0; i < count; i += 1) {
      await stage.replaceAll(context.older);
      await stage.replaceAll(NOW);
    }
    found = { rounds: count, ...(await stage.end()) };
    await stage.stop();
    return { passed: true };
  });
  return found;
}

function judge(found) {
  if (found === null) return { passed: null, summary: 'no Postgres answers at TEST_POSTGRES_URL or 127.0.0.1:5432' };
  const { wrong, failed, ...counts } = found;
  const isBusy = counts.dials > 0 && counts.events > 0 && counts.posted > 0 && counts.forwarded > 0;
  const said = (all) => Object.entries(all).map(([what, n]) => `${n} ${what}`);
  return {
    passed: isBusy && failed.length === 0 && Object.values(wrong).every((n) => n === 0),
    summary: `${said(counts).join(', ')}; ${failed.length} requests failed ${[...new Set(failed)].slice(0, 6)}, ${said(wrong).join(', ')}`,
  };
}

/** As an operator does it: while replicas of the older release work. */
async function migrate(databaseUrl, folder) {
  const env = { PATH: process.env.PATH, MIGRATE_DATABASE_URL: databaseUrl, LANG: 'en' };
  const child = spawn(process.execPath, [MIGRATE], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`npm run migrate ended with ${code}: ${said}`);
}

/** Replicas behind a proxy with calls, dials, a subscription, a forward target and a stream that resumes. */
class Stage {
  constructor({ folder, upstream, random, database, older }) {
    Object.assign(this, { folder, upstream, random, database, older });
  }

  async start() {
    this.posts = await new Receiver().start();
    this.forwards = await new Receiver().start();
    const environment = {
      EVENTS_ALLOW_PRIVATE_TARGETS: 'true',
      WEBHOOK_FORWARD_URL: this.forwards.url,
      MIGRATE: 'false',
      SHUTDOWN_GRACE_MS: '500',
      LOG_LEVEL: 'error',
    };
    this.gateways = Array.from({ length: REPLICAS }, (_, i) => {
      const folder = join(this.folder, String(i));
      const gateway = new Gateway({
        folder,
        databaseUrl: this.database.url,
        upstream: this.upstream.url,
        environment,
        log: `${folder}.log`,
      });
      gateway.entry = [this.older];
      return gateway;
    });
    for (const gateway of this.gateways) await gateway.start();
    const { status } = await this.gateways[0].api('POST', '/api/subscriptions', { body: { url: this.posts.url } });
    if (status !== 201) throw new Error(`the subscription was answered ${status}`);
    const { rows } = await this.database.pool.query('select xid, event_id from subscriptions');
    this.subscribedAfter = writeCursor({ xid: Number(rows[0].xid), id: Number(rows[0].event_id) });
    this.dialled = this.upstream.dials.length;
    this.proxy = await new ReverseProxy(this.gateways).start();
    this.load = new Traffic(this.proxy.port);
    await until('the first event', async () => (await this.database.events()).length > 0, { withinMs: 20_000 });
    this.reader = new ReconnectingReader({ gateways: [this.proxy], random: this.random });
    this.from = await this.reader.begin();
    this.hopping = this.reader.hopWhile(() => this.over);
    await pause(SETTLE_MS);
    return this;
  }

  /** Replaces the replicas one by one. @param before what is done first, while they all work */
  async replaceAll(entry, before = async () => undefined) {
    const to = entry === NOW ? 'this release' : 'the older one';
    this.load.phase = ` before the change to ${to}`;
    await before(this.database.url, this.folder);
    for (const [i, gateway] of this.gateways.entries()) {
      this.load.phase = ` while replica ${i + 1} changes to ${to}`;
      gateway.child.kill('SIGTERM');
      await gateway.gone;
      gateway.entry = [entry];
      await gateway.start();
      const isReady = async () => (await gateway.api('GET', '/health/ready').catch(() => null))?.status === 200;
      await until('ready', isReady, { everyMs: 25 });
      await pause(SETTLE_MS);
    }
  }

  /** Lets everything be worked off. @returns what was done, and what of it was wrong */
  async end() {
    const resets = this.reader.resets;
    await this.load.stop();
    await until('the inbox is worked off', async () => (await this.database.countNotDone()).new === 0);
    const events = await this.database.events();
    const newest = events.at(-1);
    const bodies = [...this.load.ledger.promised.keys()];
    await until('the newest event is posted', () => this.posts.taken.some(({ body }) => JSON.parse(body.toString()).id === newest.id));
    await until('all is forwarded', () => new Set(this.forwards.taken.map(({ body }) => digestOf(body))).size >= bodies.length);
    this.over = true;
    await this.hopping;
    await this.reader.finish(({ id }) => id === newest.id);
    const after = events.slice(events.findIndex(({ id }) => id === this.from) + 1);
    const posted = this.posts.taken.map(({ body }) => JSON.parse(body.toString()));
    const forwarded = this.forwards.taken.map(({ body }) => digestOf(body));
    const { ledger, requests, failed } = this.load;
    const dials = this.upstream.dials.slice(this.dialled);
    return {
      ...{ requests, webhooks: ledger.promised.size, dials: dials.length, events: events.length },
      ...{ posted: posted.length, forwarded: forwarded.length, hops: this.reader.hops, resets, failed },
      wrong: {
        'webhooks lost': await ledger.countLostInAll(this.database),
        'calls missing': await ledger.countCallsMissing(this.database),
        'calls not ended': await this.#countLive(),
        'dialled twice': mostDials({ dials }) - 1,
        'events not streamed': countMissing(idsOf(after), idsOf(this.reader.heard)),
        'streamed twice': this.reader.repeated,
        'streams reset by this release': this.reader.resets - resets,
        'events not posted': countMissing(idsOf(events.filter(({ id }) => id > this.subscribedAfter)), idsOf(posted)),
        'posted twice': countTwice(idsOf(posted)),
        'subjects out of order': countOutOfOrder(posted.map(({ data, sequence }) => ({ subject: data.id, sequence }))),
        'webhooks not forwarded': countMissing(bodies, forwarded),
        'forwarded twice': countTwice(forwarded),
      },
    };
  }

  async stop() {
    this.over = true;
    await this.hopping;
    this.proxy.stop();
    for (const gateway of this.gateways) await gateway.kill();
    this.posts.stop();
    this.forwards.stop();
  }

  async #countLive() {
    const { rows } = await this.database.pool.query("select count(*) as n from calls where direction = 'inbound' and live = 1");
    return Number(rows[0].n);
  }
}

const idsOf = (events) => events.map(({ id }) => id);

function countMissing(expected, found) {
  const all = new Set(found);
  return expected.filter((one) => !all.has(one)).length;
}

const countTwice = (all) => all.length - new Set(all).size;

const countOutOfOrder = (posted) =>
  [...Map.groupBy(posted, ({ subject }) => subject).values()].filter((sent) =>
    sent.some(({ sequence }, i) => i > 0 && sequence < sent[i - 1].sequence),
  ).length;
