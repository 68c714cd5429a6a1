import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { onPostgres, SqliteDatabase } from '../prove/database.mjs';
import { Gateway } from '../prove/gateway.mjs';
import { pause } from '../prove/pause.mjs';
import { connect, delivery, terminate } from '../prove/webhooks.mjs';
import { cpuMsOf } from './cpu.mjs';
import { DelayingProxy } from './delaying-proxy.mjs';

const MOST_MS = 300_000;
const LEFT = `select cast(coalesce((select max(id) from deliveries) + 1 - (select min(id) from deliveries where state = 'new'), 0) as integer) as n`;
const STATUSES = ['sent', 'delivered', 'read'];
const PRICING = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'marketing' };

/** @type {import('./main.mjs').Bench[]} */
export const benches = [
  {
    name: 'intake',
    says: 'kept webhooks of calls processed, on SQLite and Postgres',
    run: (context) => compared(context, bodiesOfCalls),
  },
  {
    name: 'campaign',
    says: 'kept message statuses processed, three for each message, on SQLite and Postgres',
    run: (context) => compared(context, bodiesOfStatuses),
  },
];

/** @returns {Promise<import('./main.mjs').Figure[]>} */
async function compared({ folder, upstream, webhooks, delayMs, replicas }, bodiesOf) {
  const given = { upstream, webhooks, bodiesOf };
  const onSqlite = join(folder, 'sqlite');
  mkdirSync(onSqlite);
  const sqlite = await processed({
    ...given,
    folder: onSqlite,
    database: new SqliteDatabase(join(onSqlite, 'gateway.db')),
    fill: intoSqlite,
  });
  const postgres = (at) => onPostgres((database) => processed({ ...given, folder, database, fill: intoPostgres, replicas, delayMs: at }));
  const near = await postgres(0);
  const far = delayMs ? await postgres(delayMs) : null;
  return [
    ...figuresOf('SQLite', sqlite),
    ...figuresOf('Postgres', near),
    { figure: 'Postgres ÷ SQLite', value: near.perSecond / sqlite.perSecond, unit: '×', atLeast: 0.5 },
    { figure: 'CPU of the gateway, Postgres ÷ SQLite', value: near.cpuMs / sqlite.cpuMs, unit: '×', atMost: 1.5 },
    { figure: 'statements per webhook, Postgres', value: near.statements, unit: '', atMost: 1 },
    { figure: 'sessions that wait for an advisory lock', value: near.waiting * 100, unit: '%', atMost: 5 },
    ...(far ? [...figuresOf(`Postgres at ${delayMs} ms`, far), { figure: 'far', value: far.perSecond, unit: '/s', atLeast: 1_000 }] : []),
  ];
}

const figuresOf = (name, { perSecond, cpuMs }) => [
  { figure: `${name}: processed`, value: perSecond, unit: '/s' },
  { figure: `${name}: CPU of the gateway per webhook`, value: cpuMs, unit: 'ms' },
];

/** Fills the inbox of a gateway that is down, starts it, and sees how fast it processes what waits. */
async function processed({ folder, upstream, webhooks, database, fill, bodiesOf, delayMs = 0, replicas = 1 }) {
  const isPostgres = database.url.startsWith('postgres');
  const { hostname, port } = new URL(isPostgres ? database.url : 'postgres://127.0.0.1:5432');
  const proxy = await new DelayingProxy({ host: hostname, port: Number(port || 5432), delayMs }).start();
  const databaseUrl = isPostgres ? proxy.through(database.url) : database.url;
  const make = (i) => new Gateway({ folder: join(folder, String(i)), databaseUrl, upstream: upstream.url });
  const first = make(0);
  await first.start();
  await first.kill();
  await fill(database, bodiesOf(webhooks));
  const gateways = Array.from({ length: replicas }, (_, i) => make(i));
  await Promise.all(gateways.map((gateway) => gateway.start()));
  const sample = async () => ({
    at: performance.now(),
    left: await left(database),
    cpuMs: gateways.reduce((sum, { child }) => sum + cpuMsOf(child.pid), 0),
    statements: proxy.statements,
  });
  let begun = null;
  const waits = { advisory: 0, active: 0 };
  for (const until = Date.now() + MOST_MS; Date.now() < until; await pause(20)) {
    const now = await sample();
    if (begun === null && now.left < webhooks) begun = now;
    if (isPostgres && begun !== null) await sampleWaits(database, waits);
    if (begun === null || now.left > 0) continue;
    await Promise.all(gateways.map((gateway) => gateway.kill()));
    proxy.stop();
    const done = begun.left - now.left;
    return {
      perSecond: (done / (now.at - begun.at)) * 1_000,
      cpuMs: (now.cpuMs - begun.cpuMs) / done,
      statements: (now.statements - begun.statements) / done,
      waiting: waits.advisory / Math.max(1, waits.active),
    };
  }
  throw new Error('the inbox is not processed');
}

/** Deliveries are processed in order, so the first that waits says how many are left; to count them would slow the database down. */
async function left({ path, pool }) {
  if (path === undefined) return (await pool.query(LEFT)).rows[0].n;
  const file = new Sqlite(path, { readonly: true });
  try {
    return file.prepare(LEFT).pluck().get();
  } finally {
    file.close();
  }
}

/** What the sessions of the gateways do at this moment. */
async function sampleWaits({ pool }, waits) {
  const { rows } = await pool.query(`select count(*) filter (where wait_event = 'advisory') as advisory, count(*) as active
    from pg_stat_activity where datname = current_database() and state <> 'idle' and application_name like 'whatsapp-calling-gateway%'`);
  waits.advisory += Number(rows[0].advisory);
  waits.active += Number(rows[0].active);
}

/** Calls of users who hang up: a connect and a terminate each, every user another. */
function* bodiesOfCalls(webhooks) {
  const now = Math.floor(Date.now() / 1_000);
  for (let i = 0; i < webhooks; i += 1) {
    const call = { wacid: `wacid.bench.${i >> 1}`, user: `52155${String(i >> 1).padStart(8, '0')}`, direction: 'USER_INITIATED' };
    yield Buffer.from(JSON.stringify(delivery([i % 2 === 0 ? connect(call, now) : terminate(call, now, null)])));
  }
}

/** What a campaign brings back: each message sent, delivered and read, every user another. */
function* bodiesOfStatuses(webhooks) {
  const now = Math.floor(Date.now() / 1_000);
  for (let i = 0; i < webhooks; i += 1) {
    const message = Math.floor(i / STATUSES.length);
    const user = `52155${String(message).padStart(8, '0')}`;
    const status = { id: `wamid.bench.${message}`, status: STATUSES[i % STATUSES.length], timestamp: String(now), recipient_id: user };
    yield Buffer.from(JSON.stringify(delivery([{ statuses: [{ ...status, pricing: PRICING }] }], 'messages')));
  }
}

async function intoSqlite({ path }, bodies) {
  const file = new Sqlite(path);
  const insert = file.prepare("insert into deliveries (received_at, body, state, attempts) values (?, ?, 'new', 0)");
  file.transaction(() => {
    for (const body of bodies) insert.run(Date.now(), body);
  })();
  file.close();
}

async function intoPostgres({ pool }, bodies) {
  await pool.query(
    "insert into deliveries (received_at, body, state, attempts) select $1::bigint, body, 'new', 0 from unnest($2::bytea[]) as given(body)",
    [Date.now(), [...bodies]],
  );
}
