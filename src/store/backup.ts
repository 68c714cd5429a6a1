import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/** What a copy holds, as far as a glance tells. */
export interface BackedUp {
  bytes: number;
  calls: number;
  events: number;
}

/**
 * Copies a SQLite database as it stands at this moment, also while a gateway writes to it: `VACUUM INTO` reads one snapshot, and
 * in WAL mode a reader holds up no writer. The copy is one file without a journal, and is there whole or not at all.
 * @throws Error when `target` exists, cannot be written, or turns out damaged
 */
export function backUp(source: string, target: string): BackedUp {
  if (existsSync(target)) throw new Error(`${target} exists already`);
  const part = `${target}.part`;
  rmSync(part, { force: true });
  const file = new Database(source, { readonly: true, fileMustExist: true });
  try {
    file.prepare('vacuum into ?').run(part);
    chmodSync(part, 0o600);
    const found = look(part);
    renameSync(part, target);
    return found;
  } finally {
    file.close();
    rmSync(part, { force: true });
  }
}

/** A copy that cannot be read back is none. */
function look(path: string): BackedUp {
  const copy = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const health = copy.pragma('integrity_check', { simple: true });
    if (health !== 'ok') throw new Error(`the copy is damaged: ${String(health)}`);
    const count = (table: 'calls' | 'events') => (copy.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n;
    const pages = Number(copy.pragma('page_count', { simple: true })) * Number(copy.pragma('page_size', { simple: true }));
    return { bytes: pages, calls: count('calls'), events: count('events') };
  } finally {
    copy.close();
  }
}
