import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { SqliteDatabase } from '../database.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { Load } from '../load.mjs';
import { pause, until } from '../pause.mjs';

const DISK_MB = 24;
const [QUICK_CYCLES, FULL_CYCLES] = [3, 50];
const LOCKS_MS = [100, 3_000, 8_000];
/** What a body may wait while the database is locked: the lock is waited for, then refused. */
const LOCKED_ANSWER_MS = 5_000;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'disk-full',
    says: 'on a full disk nothing acknowledged is lost, webhooks are refused with 503, and all is well when there is room again',
    run: ({ quick, ...stage }) =>
      onSmallDisk(stage, async (disk) => {
        const result = await fillAndFree({ ...stage, disk, cycles: quick ? QUICK_CYCLES : FULL_CYCLES });
        const { cycles, acknowledged, refused, other, lost, sound, recovered } = result;
        return {
          passed: lost === 0 && sound && recovered === cycles && refused >= cycles && other.length === 0 && acknowledged > cycles,
          figures:
            `${cycles} times full, ${acknowledged} acknowledged, ${refused} refused with 503, ${other.length} otherwise ${other.slice(0, 5)}, ` +
            `${lost} lost, ${sound ? 'sound' : 'NOT SOUND'}, recovered ${recovered} times`,
        };
      }),
  },
  {
    name: 'disk-full-sabotage',
    says: 'the proof goes red against a gateway that answers before it commits',
    run: (stage) =>
      onSmallDisk(stage, async (disk) => {
        const fault = 'ack-before-commit';
        const { lost } = await fillAndFree({ ...stage, disk, cycles: 2, fault });
        return { passed: lost > 0, figures: `${colourOf(lost > 0)}: ${lost} acknowledged and lost` };
      }),
  },
  {
    name: 'locked',
    says: 'while another process locks the database a webhook is kept or refused within 5 s, and nothing acknowledged is lost',
    run: async ({ quick, ...stage }) => {
      const locks = quick ? LOCKS_MS : [...LOCKS_MS, ...LOCKS_MS, ...LOCKS_MS];
      const { acknowledged, refused, slowestMs, lost, other } = await lockedNowAndThen({ ...stage, locks });
      return {
        passed: lost === 0 && other === 0 && slowestMs <= LOCKED_ANSWER_MS && refused > 0,
        figures: `${acknowledged} acknowledged, ${refused} refused, slowest answer ${Math.round(slowestMs)} ms, ${lost} lost`,
      };
    },
  },
  {
    name: 'locked-sabotage',
    says: 'the proof goes red against a gateway that waits as long as the lock is held',
    run: async (stage) => {
      const fault = 'wait-for-lock';
      const { slowestMs } = await lockedNowAndThen({ ...stage, locks: [LOCKS_MS.at(-1)], fault });
      const red = slowestMs > LOCKED_ANSWER_MS;
      return { passed: red, figures: `${colourOf(red)}: slowest answer ${Math.round(slowestMs)} ms` };
    },
  },
];

const NO_DISK = { passed: null, figures: 'needs Linux and the right to mount a tmpfs' };

/** A disk of its own, small enough to be filled. */
async function onSmallDisk({ folder }, work) {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', disk]);
  if (mounted.status !== 0) return NO_DISK;
  try {
    return await work(disk);
  } finally {
    spawnSync('umount', [disk]);
  }
}

async function fillAndFree({ folder, upstream, random, disk, cycles, fault }) {
  const database = new SqliteDatabase(join(disk, 'gateway.db'));
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
  const ledger = new Ledger();
  const result = { cycles, refused: 0, other: [], recovered: 0 };
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    const small = new Sqlite(database.path, { timeout: 5_000 });
    // What was taken in so far makes room: the disk is small, and this is about the moment when nothing is left.
    if (small.prepare("select 1 from sqlite_schema where name = 'deliveries'").get()) small.pragma('wal_checkpoint(TRUNCATE)');
    small.close();
    await gateway.start();
    const load = new WatchedLoad({ port: gateway.port, random, ledger, round: cycle, connections: 4, pauseMs: 10 });
    await load.flowing;
    const filler = join(disk, 'filler');
    fill(filler);
    const refusedBefore = load.refused;
    await until('a refusal', () => load.refused > refusedBefore || fault !== undefined, { withinMs: 60_000 });
    await pause(500);
    rmSync(filler);
    const before = ledger.promised.size;
    await until('room again', () => ledger.promised.size > before, { withinMs: 20_000 }).then(
      () => {
        result.recovered += 1;
      },
      () => undefined,
    );
    await gateway.kill();
    await load.ended();
    result.refused += load.refused;
    result.other.push(...load.statuses.filter((status) => status !== 200 && status !== 503));
  }
  const lost = await ledger.countLostInAll(database);
  return { ...result, lost, acknowledged: ledger.promised.size, sound: await database.isSound() };
}

/** Writes until nothing more fits. */
function fill(path) {
  const block = Buffer.alloc(64 * 1024);
  for (let size = block.length; size >= 512; size = Math.floor(size / 2)) {
    try {
      for (;;) writeFileSync(path, block.subarray(0, size), { flag: 'a' });
    } catch {}
  }
}

/** Webhooks all the time, while another process holds the database for each of `locks`, in ms. */
async function lockedNowAndThen({ folder, upstream, random, locks, fault }) {
  const database = new SqliteDatabase(join(folder, 'gateway.db'));
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
  await gateway.start();
  const ledger = new Ledger();
  const load = new WatchedLoad({ port: gateway.port, random, ledger, round: 1, connections: 4, pauseMs: 20 });
  await load.flowing;
  for (const ms of locks) await lockFor(database.path, ms);
  const before = ledger.promised.size;
  await until('webhooks are kept again', () => ledger.promised.size > before, { withinMs: 10_000 });
  await gateway.kill();
  await load.ended();
  const other = load.statuses.filter((status) => status !== 200 && status !== 503).length;
  const { refused, slowestMs } = load;
  return { acknowledged: ledger.promised.size, refused, slowestMs, other, lost: await ledger.countLostInAll(database) };
}

async function lockFor(path, ms) {
  const other = new Sqlite(path, { timeout: 5_000 });
  other.exec('begin immediate');
  await pause(ms);
  other.exec('rollback');
  other.close();
  await pause(300);
}

/** The load, with an eye on how each was answered and how long that took. */
class WatchedLoad extends Load {
  statuses = [];
  slowestMs = 0;

  answered(status, tookMs) {
    this.statuses.push(status);
    this.slowestMs = Math.max(this.slowestMs, tookMs);
  }
}
