import { join } from 'node:path';
import { onPostgres, SqliteDatabase } from '../prove/database.mjs';
import { Gateway } from '../prove/gateway.mjs';
import { deliver } from '../prove/load.mjs';
import { pause } from '../prove/pause.mjs';
import { connect, delivery, sdp } from '../prove/webhooks.mjs';
import { median } from './numbers.mjs';

const HANGING = 8;
const HEALTHY = 100;
const TIMEOUT_MS = 4_000;
/** The shortest lease there is: a call is due when it lapses. */
const LEASE_SECONDS = 5;
const BAR_MS = 2_000;
const MOST_MS = 60_000;
const ANSWER = { sdp_type: 'answer', sdp: sdp('active') };

/** @type {import('./main.mjs').Bench[]} */
export const benches = [
  {
    name: 'watchdog',
    says: 'how late a due hang-up is sent while eight others hang, on SQLite and Postgres',
    run: async ({ folder, upstream }) => {
      const sqlite = await measured({ folder: join(folder, 'sqlite'), upstream, database: new SqliteDatabase(join(folder, 'gateway.db')) });
      const postgres = await onPostgres((database) => measured({ folder: join(folder, 'postgres'), upstream, database }));
      return [...figuresOf('SQLite', sqlite), ...figuresOf('Postgres', postgres)];
    },
  },
];

const figuresOf = (name, { ninthMs, hundredMs }) => [
  { figure: `${name}: the ninth, while eight hang`, value: ninthMs, unit: 'ms late', atMost: BAR_MS },
  { figure: `${name}: the last of ${HEALTHY} healthy`, value: Math.max(...hundredMs), unit: 'ms late' },
  { figure: `${name}: the median of ${HEALTHY} healthy`, value: median(hundredMs), unit: 'ms late' },
];

/** Softphones that play the audio of calls vanish, so each call is due for a hang-up when its lease has lapsed. */
async function measured({ folder, upstream, database }) {
  const environment = { D360_TIMEOUT_MS: String(TIMEOUT_MS), CALL_LEASE_SECONDS: String(LEASE_SECONDS) };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment });
  await gateway.start();
  const sent = new Map();
  const hanging = new Set();
  upstream.take = (method, path, body) => {
    if (method !== 'POST' || path !== '/calling/calls' || body.action !== 'terminate') return false;
    if (!sent.has(body.call_id)) sent.set(body.call_id, Date.now());
    return hanging.has(body.call_id);
  };
  try {
    const nine = await talking(gateway, HANGING + 1, 'hang');
    for (const { wacid } of nine.slice(0, HANGING)) hanging.add(wacid);
    // The ninth comes last of those that are due.
    for (const call of nine) await lease(gateway, call);
    const [ninthMs] = await latenessOf(nine.slice(HANGING), sent);
    const hundred = await talking(gateway, HEALTHY, 'healthy');
    await Promise.all(hundred.map((call) => lease(gateway, call)));
    return { ninthMs, hundredMs: await latenessOf(hundred, sent) };
  } finally {
    upstream.take = () => false;
    await gateway.kill();
  }
}

/** Calls of users that are accepted. */
async function talking(gateway, count, name) {
  const calls = Array.from({ length: count }, (_, n) => ({
    wacid: `wacid.bench.${name}.${n}`,
    user: `52155${String(n + (name === 'hang' ? 0 : 1_000)).padStart(8, '0')}`,
    direction: 'USER_INITIATED',
  }));
  const now = Math.floor(Date.now() / 1_000);
  await deliver(gateway.port, delivery(calls.map((call) => connect(call, now))));
  for (const { wacid } of calls) {
    const body = { call_id: wacid, session: ANSWER };
    for (const until = Date.now() + MOST_MS; ; await pause(50)) {
      const { status } = await gateway.api('POST', '/api/calling/accept', { body });
      if (status === 200) break;
      if (Date.now() > until) throw new Error(`a call is not accepted: ${status}`);
    }
  }
  return calls;
}

/** Takes the lease of a call, once, and notes when it lapses. */
async function lease(gateway, call) {
  const path = `/api/calling/calls/${encodeURIComponent(call.wacid)}/lease`;
  const { status, body } = await gateway.api('PUT', path, { body: { holder: 'window-0123456789' } });
  if (status !== 200) throw new Error(`a lease is refused: ${status}`);
  call.dueAt = Date.parse(body.expires_at);
}

/** How late each hang-up was sent, in ms. */
async function latenessOf(calls, sent) {
  for (const until = Date.now() + MOST_MS; Date.now() < until; await pause(20))
    if (calls.every(({ wacid }) => sent.has(wacid))) return calls.map(({ wacid, dueAt }) => sent.get(wacid) - dueAt);
  throw new Error('a due hang-up is not sent');
}
