import Database from 'better-sqlite3';

/**
 * Keeps a second gateway off a SQLite file. Who else runs on it would take our live requests for those of a dead process.
 * The lock is the operating system's own, on a file beside the database: it goes with the process, however that ends.
 * @returns releases the lock; null when another process holds it
 */
export function lockInstance(path: string): (() => void) | null {
  const lock = new Database(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return () => lock.close();
  } catch {
    lock.close();
    return null;
  }
}
