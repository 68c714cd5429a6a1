import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import Sqlite from 'better-sqlite3';
import { keyDigestOf } from '../../dist/identity/numbers/business-number.js';
import { SealingKey, SealingKeys } from '../../dist/kernel/sealed.js';
import { Secret, sha256 } from '../../dist/kernel/secret.js';
import { placeOf } from '../../dist/store/sealed/sealed-columns.js';
import { ask } from '../ask.mjs';
import { keyOf } from '../fake-360dialog.mjs';
import { Gateway } from '../gateway.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad } from '../statistics.mjs';

const NUMBERS = 500;
const KEY_BYTES = Buffer.alloc(32, 9);
const ids = Array.from({ length: NUMBERS - 1 }, (_, i) => String(300_000_000_100_000 + i));
const BARS = { readyMs: 5_000, megabytes: 400, coreShare: 0.05, pollsPerSecond: 5 };
/** The clock of Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;
const FAULT = 'polls-all-at-once';

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'five-hundred-numbers',
    says: '500 numbers in one process: ready in 5 s, 400 MB, 5 % of a core at rest, never more than 5 polls in a second',
    run: async (context) => {
      const right = await fiveHundred(context);
      const wrong = await fiveHundred({ ...context, folder: join(context.folder, 'faulty'), fault: FAULT });
      const seen = wrong.mostPolls > BARS.pollsPerSecond;
      return {
        passed: right.passed === null ? null : right.passed && seen,
        summary: `${right.summary}; a gateway that polls all at once: ${wrong.mostPolls} polls in a second${seen ? '' : ', which was not noticed'}`,
      };
    },
  },
];

async function fiveHundred({ folder, upstream, quick, fault }) {
  if (process.platform !== 'linux') return { passed: null, mostPolls: Number.POSITIVE_INFINITY, summary: 'needs /proc' };
  const polls = countPolls(upstream);
  const path = join(folder, 'gateway.db');
  const environment = { SECRETS_KEY: KEY_BYTES.toString('base64') };
  const first = new Gateway({ folder, databaseUrl: `sqlite:${path}`, upstream: upstream.url, environment });
  await first.start();
  await until('the number of the environment', async () => (await first.api('GET', '/api/numbers')).body?.data?.length === 1, {
    withinMs: 30_000,
  });
  await first.kill();
  addRows(path);
  // None of them was ever polled: all are due at once.
  const gateway = new Gateway({ folder, databaseUrl: `sqlite:${path}`, upstream: upstream.url, environment, fault });
  polls.begin();
  const readyMs = await timeToReady(gateway);
  const { body } = await gateway.api('GET', '/api/numbers?limit=200');
  // All are polled once, and get their first report.
  await pause(fault ? 12_000 : (NUMBERS / BARS.pollsPerSecond) * 1_000 + (quick ? 40_000 : 60_000));
  const mostPolls = polls.most();
  const polled = polls.count();
  polls.stop();
  if (fault) {
    await gateway.kill();
    return { mostPolls };
  }
  const before = processorMs(gateway.child.pid);
  const began = performance.now();
  await pause(quick ? 20_000 : 180_000);
  const share = (processorMs(gateway.child.pid) - before) / (performance.now() - began);
  const megabytes = residentMegabytes(gateway.child.pid);
  await gateway.kill();
  const passed =
    body.data.length === 200 &&
    polled >= NUMBERS - 1 &&
    readyMs <= BARS.readyMs &&
    megabytes <= BARS.megabytes &&
    share <= BARS.coreShare &&
    mostPolls <= BARS.pollsPerSecond;
  return {
    passed,
    mostPolls,
    summary:
      `ready after ${Math.round(readyMs)} ms, ${Math.round(megabytes)} MB, ${(share * 100).toFixed(1)} % of a core at rest, ` +
      `${polled} polls, at most ${mostPolls} in a second; ${machineLoad()}`,
  };
}

/** A number that was never polled is asked for its health as the first thing of its poll. */
function countPolls(upstream) {
  const times = new Map();
  const note = ({ url, headers }) => {
    const key = headers['d360-api-key'];
    if (url === '/health_status' && !times.has(key)) times.set(key, performance.now());
  };
  upstream.server.on('request', note);
  return {
    begin: () => times.clear(),
    count: () => times.size,
    stop: () => upstream.server.off('request', note),
    /** The most within any second, by a window that slides; requests of a busy machine do not travel equally fast, so that a fifth is left for their way. */
    most: () => {
      const all = [...times.values()];
      return Math.max(0, ...all.map((at, index) => all.slice(index).filter((other) => other < at + 800).length));
    },
  };
}

async function timeToReady(gateway) {
  const began = performance.now();
  await gateway.start();
  await until(
    'the gateway is ready',
    () => ask({ port: gateway.port, method: 'GET', path: '/health/ready' }).then(({ status }) => status === 200),
    {
      withinMs: 60_000,
      everyMs: 20,
    },
  );
  return performance.now() - began;
}

/** Numbers as `POST /api/numbers` leaves them, with sealed keys that are proven. */
function addRows(path) {
  const seals = new SealingKeys([new SealingKey(KEY_BYTES)]);
  const sealed = (text, column, id) => seals.seal(text, placeOf({ table: 'numbers', column, id }));
  const db = new Sqlite(path);
  const insert =
    db.prepare(`insert into numbers (phone_number_id, learned_at, created_at, display_phone_number, waba_id, portfolio_id, source, state,
    sealed_api_key, key_digest, key_accepted_at, webhook_token_digest, sealed_webhook_token, address_scope)
    values (@id, @at, @at, @display, @waba, '700000000000001', 'api', 'active', @key, @digest, @at, @token, @sealedToken, @id)`);
  db.transaction(() => {
    for (const [index, id] of ids.entries()) {
      const token = `webhook-token-of-${id}`;
      insert.run({
        id,
        at: Date.now() + index,
        display: `521${id.slice(-10)}`,
        waba: `2${id.slice(1)}`,
        key: sealed(keyOf(id), 'sealed_api_key', id),
        digest: keyDigestOf(id, new Secret(keyOf(id))),
        token: sha256(token),
        sealedToken: sealed(token, 'sealed_webhook_token', id),
      });
    }
  })();
  db.close();
}

function processorMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

const residentMegabytes = (pid) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
