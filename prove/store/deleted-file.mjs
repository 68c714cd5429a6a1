import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { SqliteDatabase } from '../database.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { pause, until } from '../pause.mjs';
import { machineLoad } from '../statistics.mjs';
import { SteadyWebhooks } from './steady-webhooks.mjs';

const PER_SECOND = 50;
const [QUICK_ROUNDS, FULL_ROUNDS] = [1, 4];
/** How long the file stays away. */
const AWAY_MS = 6_000;
const UNREADY_WITHIN_MS = 2_000;
const ASK_EVERY_MS = 50;
const RECOVERY_MS = 10_000;
/** EX_CONFIG of sysexits.h: the owner must mend something. */
const EXIT_CONFIGURATION = 78;

/**
 * What happens to the file while the gateway runs; `back` undoes it. `keeps` says what a restart must still have: everything
 * acknowledged, everything before the copy, or nothing.
 * @typedef {{ away: (path: string) => void, back?: (path: string) => void, keeps: 'all' | 'copied' | 'nothing' }} Misfortune
 */

const LOGS = ['-wal', '-shm'];

/** @type {Record<string, Misfortune>} */
const MISFORTUNES = {
  'moved away and put back': {
    away: (path) => renameSync(path, `${path}.aside`),
    back: (path) => renameSync(`${path}.aside`, path),
    keeps: 'all',
  },
  'replaced by a copy': { away: (path) => renameSync(copyOf(path), path), keeps: 'copied' },
  'replaced by a copy and put back': {
    away: (path) => {
      linkSync(path, `${path}.aside`);
      renameSync(copyOf(path), path);
    },
    back: (path) => renameSync(`${path}.aside`, path),
    keeps: 'all',
  },
  deleted: { away: (path) => rmSync(path), keeps: 'nothing' },
  'deleted with its logs': {
    away: (path) => {
      for (const end of ['', ...LOGS]) rmSync(`${path}${end}`, { force: true });
    },
    keeps: 'nothing',
  },
};

/** Made before the file is replaced, as an owner restores a backup. */
const copyOf = (path) => `${path}.copy`;

/** Other names of the database of a running gateway; each returns the path that a second one is given. */
const ALIASES = {
  'the same path': ({ path }) => path,
  'a symlink to the file': ({ path, folder }) => {
    const alias = join(folder, 'alias.db');
    symlinkSync(path, alias);
    return alias;
  },
  'a symlink to the folder': ({ path, folder }) => {
    symlinkSync(join(path, '..'), join(folder, 'alias'));
    return join(folder, 'alias', 'gateway.db');
  },
  'a hard link': ({ path, folder }) => {
    const alias = join(folder, 'second-name.db');
    linkSync(path, alias);
    return alias;
  },
  'a deleted .lock': ({ path }) => {
    rmSync(`${path}.lock`, { force: true });
    return path;
  },
};

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'deleted-file',
    says: 'a SQLite file that is deleted or replaced under a running gateway ends the 200s and the readiness, and one file has one gateway',
    run: async (context) => {
      const found = await tryAll({ ...context, rounds: context.quick ? QUICK_ROUNDS : FULL_ROUNDS });
      const aliases = await tryAliases(context);
      return {
        passed: isRight(found) && aliases.refused.length === Object.keys(ALIASES).length && aliases.goesOn,
        summary: summaryOf(found, aliases),
      };
    },
  },
  {
    name: 'deleted-file-faulty',
    says: 'the proof goes red against a gateway that looks neither at the path nor at other gateways',
    run: async (context) => {
      const fault = 'never-look-at-the-file';
      const found = await tryAll({ ...context, rounds: 1, fault });
      const aliases = await tryAliases(context, fault);
      const red = found.acknowledgedAway > 0 && found.readyLate > 0 && aliases.refused.length < Object.keys(ALIASES).length;
      return { passed: red, summary: `${colourOf(red)}: ${summaryOf(found, aliases)}` };
    },
  },
];

const isRight = ({ acknowledgedAway, readyLate, lost, callsMissing, unsound, other, unrecovered }) =>
  acknowledgedAway + readyLate + lost + callsMissing + unsound + other.length + unrecovered.length === 0;

const summaryOf = (found, aliases) =>
  `${found.rounds} times each of ${Object.keys(MISFORTUNES).length} misfortunes, ${found.acknowledged} acknowledged before, ` +
  `${found.acknowledgedAway} while the file was away (${found.acknowledgedLate} later than ${UNREADY_WITHIN_MS / 1_000} s), ` +
  `${found.refused} refused with 503, ${found.other.length} otherwise ${[...new Set(found.other)].slice(0, 5)}, ` +
  `ready too long ${found.readyLate} times, ${found.lost} lost, ${found.callsMissing} calls missing, not sound ${found.unsound} times, ` +
  `not well after it: ${found.unrecovered.length ? [...new Set(found.unrecovered)].join(', ') : 'none'}; ` +
  `second gateway refused by ${aliases.refused.join(', ') || 'none'}, not by ${aliases.accepted.join(', ') || 'none'}, ` +
  `the first one ${aliases.goesOn ? 'goes on' : 'DOES NOT GO ON'}; ${machineLoad()}`;

async function tryAll({ rounds, fault, ...context }) {
  const total = { rounds, acknowledged: 0, acknowledgedAway: 0, acknowledgedLate: 0, refused: 0, other: [], readyLate: 0 };
  Object.assign(total, { lost: 0, callsMissing: 0, unsound: 0, unrecovered: [] });
  for (let round = 1; round <= rounds; round += 1) {
    for (const [name, misfortune] of Object.entries(MISFORTUNES)) {
      const found = await befall({
        ...context,
        misfortune,
        name,
        folder: join(context.folder, `${round}-${name.replaceAll(' ', '-')}`),
        fault,
      });
      for (const [key, value] of Object.entries(found)) {
        if (Array.isArray(value)) total[key].push(...value);
        else total[key] += value;
      }
    }
  }
  return total;
}

/** One gateway whose file meets one misfortune under webhooks, is put back or not, and the restart on what remains. */
async function befall({ folder, upstream, random, misfortune, name, fault }) {
  mkdirSync(folder);
  const path = join(folder, 'gateway.db');
  const database = new SqliteDatabase(path);
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
  await gateway.start();
  const [before, after] = [new Ledger(), new Ledger()];
  const load = (ledger) =>
    new SteadyWebhooks({ random, ledger, gatewayOf: () => gateway, perSecond: PER_SECOND, name: name.replaceAll(' ', '-') });
  const early = load(before);
  await pause(1_500);
  // What the copy must have is acknowledged by now; what comes later is in the file alone.
  await early.stop();
  copyDatabase(path);
  const result = { acknowledged: before.promised.size, unrecovered: [] };
  const late = load(after);
  await pause(random.between(100, 600));
  misfortune.away(path);
  const away = performance.now();
  const readyLate = await watchReadiness(gateway, away);
  misfortune.back?.(path);
  const back = performance.now();
  if (misfortune.back && !(await recovers(late))) result.unrecovered.push(name);
  await late.stop();
  gateway.child.kill('SIGTERM');
  await gateway.gone;
  // One that is answered once the file is back may be kept in it.
  const sent = late.sent.filter(({ at, ms }) => at > away && at + ms < back);
  const good = sent.filter(({ status }) => status === 200);
  result.acknowledgedAway = good.length;
  result.acknowledgedLate = good.filter(({ at }) => at > away + UNREADY_WITHIN_MS).length;
  result.refused = sent.filter(({ status }) => status === 503).length;
  result.other = sent.filter(({ status }) => status !== 200 && status !== 503).map(({ status }) => status || 'none');
  const remains = await restart({ gateway, database, misfortune, before, after }).catch((error) => {
    result.unrecovered.push(`${name}: ${error.message.split('\n', 1)[0].slice(0, 120)}`);
    return {};
  });
  return { lost: 0, callsMissing: 0, unsound: 0, readyLate, ...result, ...remains };
}

/** A copy of everything that the gateway has committed, made by SQLite itself. */
function copyDatabase(path) {
  const file = new Sqlite(path, { readonly: true, timeout: 5_000 });
  file.exec(`vacuum into '${copyOf(path)}'`);
  file.close();
}

/** Asks while the file is away. @returns {Promise<number>} 1 when the answer was 200 later than it may be, otherwise 0 */
async function watchReadiness(gateway, away) {
  let late = 0;
  while (performance.now() < away + AWAY_MS) {
    const asked = performance.now();
    const { status } = await gateway.api('GET', '/health/ready').catch(() => ({ status: 0 }));
    if (status === 200 && asked > away + UNREADY_WITHIN_MS) late = 1;
    await pause(ASK_EVERY_MS);
  }
  return late;
}

/** Whether a webhook is acknowledged again. */
async function recovers(webhooks) {
  const began = performance.now();
  const again = () => webhooks.sent.some(({ at, status }) => status === 200 && at > began);
  return until('a webhook is acknowledged', again, { withinMs: RECOVERY_MS }).then(
    () => true,
    () => false,
  );
}

/**
 * The next start takes what is there, answers, and works everything off. A copy that took the place of the file lies beside the log
 * of the file before, which does not fit it: the start may refuse that, and goes on once the owner has removed the log.
 */
async function restart({ gateway, database, misfortune, before, after }) {
  await gateway.start().catch(async (error) => {
    if (misfortune.keeps !== 'copied' || gateway.child.exitCode !== EXIT_CONFIGURATION) throw error;
    for (const end of LOGS) rmSync(`${database.path}${end}`, { force: true });
    await gateway.start();
  });
  await until('ready', async () => (await gateway.api('GET', '/health/ready')).status === 200, { withinMs: RECOVERY_MS });
  await until('the inbox is worked off', async () => (await database.countNotDone()).new === 0, { withinMs: 60_000 });
  await gateway.kill();
  const owed = { all: [before, after], copied: [before], nothing: [] }[misfortune.keeps];
  const result = { lost: 0, callsMissing: 0, unsound: (await database.isSound()) ? 0 : 1 };
  for (const ledger of owed) {
    result.lost += await ledger.countLostInAll(database);
    result.callsMissing += await ledger.countCallsMissing(database);
  }
  return result;
}

/** A second gateway on the file of the first one, by each of its names. */
async function tryAliases({ folder, upstream, random }, fault) {
  const home = join(folder, 'aliases');
  mkdirSync(home);
  const path = join(home, 'gateway.db');
  const database = new SqliteDatabase(path);
  const first = new Gateway({ folder: home, databaseUrl: database.url, upstream: upstream.url, fault });
  await first.start();
  const ledger = new Ledger();
  const webhooks = new SteadyWebhooks({ random, ledger, gatewayOf: () => first, perSecond: PER_SECOND, name: 'ALIAS' });
  const result = { refused: [], accepted: [] };
  for (const [name, aliasOf] of Object.entries(ALIASES)) {
    const databaseUrl = `sqlite:${aliasOf({ path, folder })}`;
    const second = new Gateway({ folder: join(folder, 'second'), databaseUrl, upstream: upstream.url, fault });
    const started = await second.start().then(
      () => true,
      () => false,
    );
    if (started) await second.kill();
    const isRefused = !started && second.child.exitCode === EXIT_CONFIGURATION;
    result[isRefused ? 'refused' : 'accepted'].push(isRefused ? name : `${name}${started ? '' : ` (exit code ${second.child.exitCode})`}`);
  }
  await webhooks.stop();
  const goesOn = webhooks.sent.every(({ status }) => status === 200);
  await first.kill();
  return { ...result, goesOn: goesOn && (await ledger.countLostInAll(database)) === 0 };
}
