import { realpathSync, statSync } from 'node:fs';

/**
 * The file at the path of the database is not the one that is open: it was deleted, moved or replaced. What is written from now
 * on would be gone after a restart. The code is the one with which SQLite itself says so.
 */
export class FileReplaced extends Error {
  readonly code = 'SQLITE_READONLY_DBMOVED';

  constructor(path: string) {
    super(`${path} is not the file that is open any more: it was deleted, moved or replaced. Put it back, or restart the gateway`);
  }
}

/** The identity of a SQLite database and of its write-ahead log while they are open. */
export class DatabaseFile {
  readonly #database: string | null;
  readonly #logPath: string;
  /** Known from the first check on: SQLite makes the log with the first access, and keeps it until the last handle closes. */
  #log: string | null = null;

  /** @param path of a database that is open; the next start opens what is there under this name, a link followed */
  constructor(private readonly path: string) {
    this.#database = identityOf(path);
    this.#logPath = `${realpathSync(path)}-wal`;
  }

  /** Takes a few microseconds. @throws FileReplaced */
  assertInPlace(): void {
    const log = identityOf(this.#logPath);
    this.#log ??= log;
    if (log !== this.#log || identityOf(this.path) !== this.#database) throw new FileReplaced(this.path);
  }
}

/** Device and inode; null when there is no such file. */
function identityOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found ? `${found.dev}:${found.ino}` : null;
}
