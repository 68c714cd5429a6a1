import http from 'node:http';
import { join } from 'node:path';
import { onPostgres, SqliteDatabase } from '../database.mjs';
import { API_KEY, Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { deliver } from '../load.mjs';
import { until } from '../pause.mjs';
import { connect, delivery } from '../webhooks.mjs';
import { crowd } from './crowd.mjs';
import { oddRequest, operationsOf } from './rest-requests.mjs';

/** Half of them on each engine. */
const [QUICK, FULL, SABOTAGED] = [2_000, 26_000, 1_000];
/** Refusals that say that 360dialog or a limit of time has refused; each names itself in a problem document. */
const EXPECTED = new Set([502, 503, 504]);

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'fuzz-rest',
    says: 'no request to the API, however odd, is answered with a fault of the gateway, on either engine',
    run: async ({ folder, upstream, random, quick }) => {
      const count = (quick ? QUICK : FULL) / 2;
      const runs = [await fuzz({ folder, upstream, random, count, database: new SqliteDatabase(join(folder, 'gateway.db')) })];
      const onSecond = await onPostgres(async (database) => {
        runs.push(await fuzz({ folder, upstream, random, count, database }));
        return { passed: true, summary: '' };
      });
      if (onSecond.passed === null) return onSecond;
      const unexpected = runs.flatMap((run) => run.unexpected);
      const alive = runs.every(({ lived, understood }) => lived && understood);
      const statuses = runs.map((run) => JSON.stringify(run.statuses)).join(' and ');
      return {
        passed: unexpected.length === 0 && alive,
        summary:
          `${count * runs.length} odd requests on ${runs.length} engines, answers ${statuses}, ${unexpected.length} unexpected` +
          `${unexpected.length ? `, such as ${unexpected.slice(0, 3).join(' | ')}` : ''}; ${alive ? 'a true call after them understood' : 'NO CALL AFTER THEM UNDERSTOOD'}`,
      };
    },
  },
  {
    name: 'fuzz-rest-sabotage',
    says: 'the proof goes red against a gateway that believes the id in a path',
    run: async ({ folder, upstream, random }) => {
      const database = new SqliteDatabase(join(folder, 'gateway.db'));
      const { unexpected } = await fuzz({ folder, upstream, random, count: SABOTAGED, database, fault: 'trust-the-id' });
      const red = unexpected.length > 0;
      return { passed: red, summary: `${colourOf(red)}: ${unexpected.length} of ${SABOTAGED} were faults of the gateway` };
    },
  },
];

async function fuzz({ folder, upstream, random, count, database, fault }) {
  const environment = { AUTH_FAILURES_PER_MINUTE: '100000' };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment, fault });
  await gateway.start();
  const operations = operationsOf((await gateway.api('GET', '/openapi.json')).body);
  const statuses = {};
  const unexpected = [];
  await crowd(count, async (_, agent) => {
    const request = oddRequest(random.pick(operations), random);
    const { status, isProblem } = await statusOf(gateway.port, request, agent);
    statuses[status] = (statuses[status] ?? 0) + 1;
    const isExpected = status < 500 ? status < 400 || isProblem : EXPECTED.has(status) && isProblem;
    if (!isExpected) unexpected.push(`${request.method} ${request.path.slice(0, 100)} → ${status}`);
  });
  const call = { wacid: 'wacid.AFTER', user: '5215500000001', direction: 'USER_INITIATED' };
  await deliver(gateway.port, delivery([connect(call, Math.floor(Date.now() / 1_000))])).catch(() => null);
  await until('worked off', async () => (await database.countNotDone()).new === 0, { withinMs: 60_000 }).catch(() => undefined);
  const understood = (await database.wacids()).has(call.wacid);
  const lived = gateway.child.exitCode === null;
  await gateway.kill();
  return { statuses, unexpected, understood, lived };
}

/** The status of the answer; 0 when none came. An event stream, which never ends, is closed. */
function statusOf(port, { method, path, headers, body }, agent) {
  const typed = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  const given = { authorization: `Bearer ${API_KEY}`, ...typed, ...headers };
  return new Promise((resolve) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, agent, headers: given }, (answer) => {
      const type = answer.headers['content-type'] ?? '';
      resolve({ status: answer.statusCode, isProblem: type.startsWith('application/problem+json') });
      if (type.startsWith('text/event-stream')) request.destroy();
      else answer.resume();
    });
    request.setTimeout(30_000, () => request.destroy());
    request.on('error', () => resolve({ status: 0, isProblem: false }));
    request.end(body);
  });
}
