import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { readSqlite } from './sqlite.js';

/**
 * Copies a SQLite database, also while a gateway writes to it: `VACUUM INTO` reads one snapshot, and in WAL mode a reader blocks
 * no writer. The copy is one file without a journal. `target` exists only once the copy is complete.
 * @throws Error when `target` exists or cannot be written, or when the copy is damaged
 */
export function backUp(source: string, target: string) {
  if (existsSync(target)) throw new Error(`${target} exists already`);
  const part = `${target}.part`;
  rmSync(part, { force: true });
  try {
    readSqlite(source, (file) => file.prepare('vacuum into ?').run(part));
    chmodSync(part, 0o600);
    const found = readSqlite(part, verify);
    renameSync(part, target);
    return found;
  } finally {
    rmSync(part, { force: true });
  }
}

/** Checks the copy. @returns its size, and how many rows of the main tables it holds. @throws Error when it is damaged */
function verify(copy: Database.Database) {
  const health = copy.pragma('integrity_check', { simple: true });
  if (health !== 'ok') throw new Error(`the copy is damaged: ${String(health)}`);
  const count = (table: 'calls' | 'events') => Number(copy.prepare(`select count(*) from ${table}`).pluck().get());
  const bytes = Number(copy.pragma('page_count', { simple: true })) * Number(copy.pragma('page_size', { simple: true }));
  return { bytes, calls: count('calls'), events: count('events') };
}
