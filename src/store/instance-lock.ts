import Database from 'better-sqlite3';

/**
 * Keeps a second gateway off a SQLite file: it would treat our live requests as those of a dead process. The lock is one of the
 * operating system on a file beside the database, so it ends with the process.
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
