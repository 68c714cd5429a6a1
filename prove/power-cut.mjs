import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SqliteDatabase } from './database.mjs';
import { Gateway } from './gateway.mjs';
import { colourOf, killRounds, workOff } from './kill-rounds.mjs';

const SHIM = fileURLToPath(new URL('./power-cut.c', import.meta.url));
const HEAD_BYTES = 5 * 8;

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'power-cut',
    says: 'a webhook answered 200 survives the loss of every write that no fsync had made durable',
    run: async ({ folder, upstream, random, quick }) => {
      const stage = prepare(folder, upstream);
      if (stage === null) return NO_COMPILER;
      const { database, gateway } = stage;
      const { ledger, rounds, lost, unsound } = await killRounds({ ...stage, random, rounds: quick ? 20 : 300 });
      const after = await workOff({ gateway, database, ledger });
      const clean = lost + after.lost + after.callsMissing + after.failed + unsound === 0;
      return {
        // Were nothing ever taken back, the shim would not be in place and the proof would prove nothing.
        passed: clean && ledger.promised.size > rounds && stage.undone.writes > 0,
        figures:
          `${rounds} cuts, ${stage.undone.writes} unsynced writes taken back, ${ledger.promised.size} acknowledged, ` +
          `${lost + after.lost} lost, ${unsound} unsound, ${after.callsMissing} calls missing, ${after.failed} set aside`,
      };
    },
  },
  {
    name: 'power-cut-sabotage',
    says: 'the proof goes red against a gateway with synchronous=NORMAL',
    run: async ({ folder, upstream, random }) => {
      const stage = prepare(folder, upstream, 'synchronous-normal');
      if (stage === null) return NO_COMPILER;
      const { ledger, rounds, lost } = await killRounds({ ...stage, random, rounds: 20, untilRed: true });
      return {
        passed: lost > 0,
        figures: `${colourOf(lost > 0)} in round ${rounds}: ${lost} lost of ${ledger.promised.size} acknowledged`,
      };
    },
  },
];

const NO_COMPILER = { passed: null, figures: 'needs Linux and a C compiler (cc)' };

/** A gateway under the shim, with the hooks that cut its power; null where the shim cannot be built. */
function prepare(folder, upstream, fault) {
  const library = join(folder, 'power-cut.so');
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-Wall', '-o', library, SHIM, '-ldl'], { encoding: 'utf8' });
  if (process.platform !== 'linux' || built.error) return null;
  if (built.status !== 0) throw new Error(built.stderr);
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const journal = join(folder, 'journal');
  const database = new SqliteDatabase(join(disk, 'gateway.db'));
  const environment = { LD_PRELOAD: library, POWER_CUT_FOLDER: `${disk}/`, POWER_CUT_JOURNAL: journal };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment, fault });
  const undone = { writes: 0 };
  const afterKill = () => {
    undone.writes += undoUnsynced(disk, journal);
  };
  return { database, gateway, undone, beforeStart: () => rmSync(journal, { force: true }), afterKill };
}

/** Takes back, the latest first, what was written and never synced. @returns {number} how many writes that were */
function undoUnsynced(disk, journal) {
  if (!existsSync(journal)) return 0;
  const unsynced = new Map();
  for (const record of recordsIn(readFileSync(journal))) {
    if (record.kind === 'S') unsynced.delete(record.inode);
    else unsynced.set(record.inode, [...(unsynced.get(record.inode) ?? []), record]);
  }
  let undone = 0;
  for (const name of readdirSync(disk)) {
    const path = join(disk, name);
    for (const record of (unsynced.get(statSync(path).ino) ?? []).reverse()) {
      undo(path, record);
      undone += 1;
    }
  }
  return undone;
}

function undo(path, { offset, size, bytes }) {
  const file = openSync(path, 'r+');
  if (bytes.length > 0) writeSync(file, bytes, 0, bytes.length, offset);
  ftruncateSync(file, size);
  closeSync(file);
}

/** The records of `power-cut.c`; one that was cut off belongs to a write that never happened. */
function* recordsIn(journal) {
  for (let at = 0; at + HEAD_BYTES <= journal.length; ) {
    const [kind, inode, offset, size, length] = [0, 1, 2, 3, 4].map((field) => Number(journal.readBigInt64LE(at + field * 8)));
    const end = at + HEAD_BYTES + length;
    if (end > journal.length) return;
    yield { kind: String.fromCharCode(kind), inode, offset, size, bytes: journal.subarray(at + HEAD_BYTES, end) };
    at = end;
  }
}
