import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/**
 * Copies a SQLite database, also while a gateway writes to it: `VACUUM INTO` reads one snapshot, and in WAL mode a reader blocks
 * no writer. The copy is one file without a journal. `target` exists only once the copy is complete.
 * @throws Error when `target` exists or cannot be written, or when the copy is damaged
 */
export function backUp(source: string, target: string) {
  if (existsSync(target)) throw new Error(`${target} exists already`);
  const part = `${target}.part`;
  rmSync(part, { force: true });
  const file = new Database(source, { readonly: true, fileMustExist: true });
  try {
    file.prepare('vacuum into ?').run(part);
    chmodSync(part, 0o600);
    const found = verify(part);
    renameSync(part, target);
    return found;
  } finally {
    file.close();
    rmSync(part, { force: true });
  }
}

/** Reads the copy back. @returns its size, and how many rows of the main tables it holds. @throws Error when it is damaged */
function verify(path: string) {
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
