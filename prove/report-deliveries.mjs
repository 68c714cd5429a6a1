import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { Secret } from '../dist/kernel/secret.js';
import { openStore } from '../dist/store/open-store.js';
import { onPostgres } from './database.mjs';
import { PHONE_NUMBER_ID } from './fake-360dialog.mjs';
import { colourOf } from './kill-rounds.mjs';
import { pause, until } from './pause.mjs';

const WORKER = fileURLToPath(new URL('./report-delivery-worker.mjs', import.meta.url));
const WORKERS = 3;
const READERS = 20;
const [DAY_MS, HOUR_MS, MINUTE_MS] = [86_400_000, 3_600_000, 60_000];
const BEGIN = Date.UTC(2026, 0, 10);
/** How long each step of the clock lasts: an attempt takes less, so that no turn ends while it is made. */
const STEP_MS = 400;
const [QUICK, FULL] = [{ days: 3 }, { days: 15 }];

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'report-deliveries',
    says: '3 replicas on Postgres, killed at random while the mail server is away for hours, send every reader each day under one Message-ID',
    run: (context) =>
      onPostgres(async (database) => {
        const found = await live({ ...context, ...(context.quick ? QUICK : FULL), database });
        return { passed: isRight(found), summary: summaryOf(found) };
      }),
  },
  {
    name: 'report-deliveries-sabotage',
    says: 'the proof goes red when no replica sees that another one has its turn',
    run: (context) =>
      onPostgres(async (database) => {
        const found = await live({ ...context, ...QUICK, database, prepare: forgetTurns });
        return { passed: !isRight(found), summary: `${colourOf(!isRight(found))}: ${summaryOf(found)}` };
      }),
  },
];

/** A turn that no other replica sees: the table forgets who took it, and when it ends. */
async function forgetTurns(pool) {
  await pool.query(`create function forget() returns trigger language plpgsql as $$ begin new.held_until := null; return new; end $$`);
  await pool.query(
    'create trigger forget before update on report_sends for each row when (new.held_until is not null) execute function forget()',
  );
}

const isRight = ({ missing, strange, copies, kills }) => missing === 0 && strange === 0 && copies <= kills;

const summaryOf = ({ expected, missing, strange, copies, kills, refused }) =>
  `${expected} mails expected, ${missing} missing, ${strange} of no period, ${copies} copies under the same Message-ID after ${kills} kills, ${refused} connections while the server was away`;

async function live({ upstream, random, database, days, prepare = async () => undefined }) {
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const mails = await new Mails().open();
  const clock = { now: BEGIN + DAY_MS - MINUTE_MS };
  const workers = [];
  let kills = 0;
  try {
    await makeReady(database, pool, days);
    await prepare(pool);
    const environment = environmentOf(database, upstream, mails.port);
    workers.push(...Array.from({ length: WORKERS }, () => new Worker(environment, clock)));
    await until('every replica', () => workers.every(({ ready }) => ready), { withinMs: 60_000 });
    for (let day = 1; day <= days; day += 1) {
      for (const [hour, isAway] of [
        [0.1, day % 3 === 0],
        [3, day % 3 === 0],
        [6, false],
        [7, false],
        [8, false],
      ]) {
        mails.isAway = isAway;
        set(clock, workers, BEGIN + day * DAY_MS + hour * HOUR_MS);
        await pause(random.between(10, STEP_MS));
        const victim = workers[random.between(0, WORKERS - 1)];
        if (hour < 7 && victim.ready) {
          victim.kill();
          kills += 1;
        }
        await pause(STEP_MS);
        for (const worker of workers) worker.reviveIfDead();
        await until('every replica', () => workers.every(({ ready }) => ready), { withinMs: 60_000 });
        await pause(STEP_MS);
      }
    }
    const { rows } = await pool.query('select id from report_deliveries');
    const expected = new Set(rows.flatMap(({ id }) => Array.from({ length: days }, (_, day) => `${id}.${dateOf(BEGIN + day * DAY_MS)}`)));
    await until('every mail', () => new Set(mails.ids).size >= expected.size, { withinMs: 10_000 }).catch(() => undefined);
    const found = new Set(mails.ids);
    return {
      expected: expected.size,
      missing: [...expected].filter((id) => !found.has(id)).length,
      strange: [...found].filter((id) => !expected.has(id)).length,
      copies: mails.ids.length - found.size,
      kills,
      refused: mails.refused,
    };
  } finally {
    for (const worker of workers) worker.kill();
    await mails.close();
    await pool.end();
  }
}

const dateOf = (at) => new Date(at).toISOString().slice(0, 10);

function set(clock, workers, at) {
  clock.now = at;
  for (const { child } of workers) if (child.connected) child.send(at, () => undefined);
}

/** The schema, a key, its readers, and the reports of all days. */
async function makeReady({ url }, pool, days) {
  const store = await openStore({ database: { kind: 'postgres', url: new Secret(url) }, mode: 'live' });
  await store.close();
  await pool.query('insert into numbers (phone_number_id, learned_at) values ($1, $2)', [PHONE_NUMBER_ID, BEGIN]);
  await pool.query(
    `insert into api_keys (id, hash, name, scopes, source, created_at) values ('key_1', 'x', 'reports', '["compliance:read","compliance:write"]', 'api', $1)`,
    [BEGIN],
  );
  for (let n = 0; n < READERS; n += 1) {
    await pool.query(
      `insert into report_deliveries (id, channel, address, every, language, time_zone, created_by, key_id, created_at, confirmed_at, next_at, secret)
       values ($1, 'mail', $2, 'day', 'en', 'UTC', 'key_1', 'key_1', $3, $3, $4, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')`,
      [`rdl_${String(n).padStart(26, '0')}`, `reader${n}@example.com`, BEGIN, BEGIN + DAY_MS],
    );
  }
  for (let day = 0; day < days; day += 1) {
    const from = BEGIN + day * DAY_MS;
    const calls = { outbound: { total: 1, answered: 1, unanswered: 0 }, inbound: { total: 0, answered: 0, missed: 0 } };
    const report = {
      id: `rep_${day}`,
      phone_number_id: PHONE_NUMBER_ID,
      period: { date: dateOf(from) },
      figures: { conversations: [], calls },
    };
    await pool.query(
      `insert into reports (id, phone_number_id, from_at, until_at, revision, created_at, digest, data) values ($1, $2, $3, $4, 1, $4, '', $5)`,
      [report.id, PHONE_NUMBER_ID, from, from + DAY_MS, JSON.stringify(report)],
    );
  }
}

const environmentOf = ({ url }, upstream, port) => ({
  PATH: process.env.PATH,
  DATABASE_URL: url,
  D360_API_KEY: 'prove-key-of-the-number',
  D360_BASE_URL: upstream.url,
  D360_WEBHOOK_TOKEN: 'prove-webhook-token-0001',
  SMTP_URL: `smtp://127.0.0.1:${port}`,
  MAIL_FROM: 'reports@gateway.example',
  LOG_LEVEL: 'silent',
});

/** A mail server that keeps the ids of its mails, and refuses connections while it is away. */
class Mails {
  ids = [];
  refused = 0;
  isAway = false;

  async open() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onConnect: (_session, done) => {
        if (this.isAway) this.refused += 1;
        done(this.isAway ? Object.assign(new Error('away'), { responseCode: 421 }) : undefined);
      },
      onData: (stream, _session, done) => {
        let source = '';
        stream.on('data', (chunk) => {
          source += chunk.toString('latin1');
        });
        stream.on('end', () => {
          this.ids.push(/^Message-ID: <([^@>]+)@/im.exec(source)?.[1] ?? 'none');
          done();
        });
      },
    });
    // A killed replica cuts its connection.
    this.server.on('error', () => undefined);
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.server.address().port;
    return this;
  }

  close() {
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** A replica in a process of its own. */
class Worker {
  constructor(environment, clock) {
    this.environment = environment;
    this.clock = clock;
    this.revive();
  }

  revive() {
    this.ready = false;
    const env = { ...this.environment, PROVE_NOW: String(this.clock.now) };
    this.child = spawn(process.execPath, [WORKER], { env, stdio: ['ignore', 'pipe', 'ignore', 'ipc'] });
    this.child.stdout.once('data', () => {
      this.ready = true;
    });
  }

  reviveIfDead() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) this.revive();
  }

  kill() {
    this.child.kill('SIGKILL');
  }
}
