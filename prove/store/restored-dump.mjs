import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { PROOF } from '../database.mjs';
import { EventStream } from '../event-stream.mjs';
import { Gateway } from '../gateway.mjs';
import { deliver } from '../load.mjs';
import { until } from '../pause.mjs';
import { Receiver } from '../receiver.mjs';
import { connect, delivery } from '../webhooks.mjs';
import { OwnPostgres } from './own-postgres.mjs';

const WEBHOOKS = 5;
/** So far the first server is ahead of the second in its transaction ids. */
const BURNT_TRANSACTIONS = 20_000;
const LACKING = 'the programs of a Postgres server or pg_dump are missing';

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'restored-dump',
    says: 'a dump restored on a server with younger transaction ids: subscription and resumed stream get every event from there on, once',
    run: restoreDump,
  },
];

async function restoreDump({ folder, upstream }) {
  const servers = await startServers(folder);
  if (servers === null || !hasProgram('pg_dump')) return { passed: null, summary: LACKING };
  const [older, younger] = servers;
  const receiver = await new Receiver().start();
  const environment = { EVENTS_ALLOW_PRIVATE_TARGETS: 'true' };
  const on = (server, name) => new Gateway({ folder: join(folder, name), databaseUrl: server.url, upstream: upstream.url, environment });

  await query(older, burn(BURNT_TRANSACTIONS));
  const before = on(older, 'before');
  await before.start();
  await before.api('POST', '/api/subscriptions', { body: { url: receiver.url, types: ['call.incoming'] } });
  const read = [];
  const stream = await listen(before, read);
  await ring(before, 'OLD');
  await until('the first events at stream and subscription', () => read.length >= WEBHOOKS && receiver.taken.length >= WEBHOOKS);
  const lastEventId = read.at(-1).id;
  stream.cut();
  await before.kill();

  move(older, younger);
  const [oldest, youngest] = [await nextTransaction(older), await nextTransaction(younger)];
  const after = on(younger, 'after');
  await after.start();
  const resumed = [];
  await listen(after, resumed, lastEventId);
  await ring(after, 'NEW');
  const delivered = () => receiver.taken.map(({ body }) => JSON.parse(body.toString()).data.call_id);
  const isNew = (id) => id.startsWith('wacid.RESTORED.NEW');
  const all = () => resumed.length >= WEBHOOKS && delivered().filter(isNew).length >= WEBHOOKS;
  await until('the events after the restore', all, { withinMs: 60_000 }).catch(() => undefined);
  await after.kill();
  receiver.stop();
  for (const server of servers) server.stop('immediate');

  const streamed = resumed.map(({ callId }) => callId);
  const posted = delivered().filter(isNew);
  const passed = youngest < oldest && isEachOnce(streamed) && isEachOnce(posted);
  const summary =
    `next transaction ${oldest} there, ${youngest} here; ${streamed.length} of ${WEBHOOKS} at the resumed stream, ` +
    `${posted.length} of ${WEBHOOKS} at the subscription`;
  return { passed, summary };
}

const isEachOnce = (calls) => calls.length === WEBHOOKS && new Set(calls).size === WEBHOOKS;

async function startServers(folder) {
  const [older, younger] = [await OwnPostgres.create(folder, 'older'), await OwnPostgres.create(folder, 'younger')];
  return older && younger && [older, younger];
}

const hasProgram = (name) => spawnSync(name, ['--version']).status === 0;

/** `pg_dump` of one server into `psql` of the other. */
function move(from, to) {
  const dump = spawnSync('pg_dump', [from.url], { maxBuffer: 2 ** 30 });
  if (dump.status !== 0) throw new Error(`pg_dump ended with ${dump.status}: ${dump.stderr}`);
  const restored = spawnSync('psql', ['-v', 'ON_ERROR_STOP=1', '-q', to.url], { input: dump.stdout });
  if (restored.status !== 0) throw new Error(`psql ended with ${restored.status}: ${restored.stderr}`);
}

const burn = (times) => `do $$ begin for i in 1..${times} loop perform pg_current_xact_id(); commit; end loop; end $$`;

const nextTransaction = async (server) =>
  Number((await query(server, 'select pg_snapshot_xmax(pg_current_snapshot())::text as next')).rows[0].next);

async function query({ url }, sql) {
  const client = new pg.Client({ connectionString: url, application_name: PROOF });
  await client.connect();
  return client.query(sql).finally(() => client.end());
}

async function listen({ port }, into, lastEventId = null) {
  const onEvent = ({ type, data }, id) => type === 'call.incoming' && into.push({ id, callId: data.call_id });
  const stream = new EventStream(port, { lastEventId, onEvent });
  await stream.opened;
  return stream;
}

async function ring({ port }, which) {
  for (let i = 0; i < WEBHOOKS; i += 1) {
    const call = { wacid: `wacid.RESTORED.${which}.${i}`, user: `521556000000${i}`, direction: 'USER_INITIATED' };
    const { status } = await deliver(port, delivery([connect(call, Math.floor(Date.now() / 1_000))]));
    if (status !== 200) throw new Error(`a webhook was answered with ${status}`);
  }
}
