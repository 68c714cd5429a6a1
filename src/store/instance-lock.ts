import { closeSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

/** The lock beside the database was deleted, and another gateway has taken a new one: it treats our requests as those of a dead process. */
export class LockLost extends Error {
  readonly code = 'SQLITE_LOCKED';

  constructor(path: string) {
    super(`another gateway has taken ${path}, since ${path}.lock was deleted: stop one of the two`);
  }
}

/**
 * Keeps a second gateway off a SQLite file: it would treat our live requests as those of a dead process. There are two locks, and both end
 * with the process. One is of the operating system, on a file beside the database, by the name that is left when
 * all links are followed; other machines and containers see it. The other is a socket of Linux without a file, named after the inode of the
 * database: it keeps gateways of this machine apart when the first lock was deleted, or the database has two names.
 */
export class InstanceLock {
  #lock: Database.Database;
  #identity: string;

  private constructor(
    private readonly path: string,
    lock: Database.Database,
    private readonly socket: Server | null,
  ) {
    this.#lock = lock;
    this.#identity = identityOf(`${path}.lock`);
  }

  /**
   * Makes the database when there is none, since the lock is on what the path leads to.
   * @returns null when another process has the lock
   * @throws errors of the system when the file cannot be opened
   */
  static async take(path: string): Promise<InstanceLock | null> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    const real = realpathSync(path);
    const lock = lockFile(real);
    if (!lock) return null;
    const socket = await bind(identityOf(real));
    if (socket !== 'in_use') return new InstanceLock(real, lock, socket);
    lock.close();
    return null;
  }

  /** Takes the lock anew when its file was deleted. @throws LockLost when another process was faster */
  assertHeld(): void {
    if (identityOf(`${this.path}.lock`) === this.#identity) return;
    const lock = lockFile(this.path);
    if (!lock) throw new LockLost(this.path);
    this.#lock.close();
    this.#lock = lock;
    this.#identity = identityOf(`${this.path}.lock`);
  }

  release(): void {
    this.socket?.close();
    this.#lock.close();
  }
}

/** @returns null when another process has it */
function lockFile(path: string): Database.Database | null {
  const lock = new Database(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    return null;
  }
}

/** @returns null where there are no such sockets */
function bind(name: string): Promise<Server | 'in_use' | null> {
  if (process.platform !== 'linux') return Promise.resolve(null);
  const server = createServer((socket) => socket.destroy()).unref();
  return new Promise((resolve) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EADDRINUSE' ? 'in_use' : null));
    server.listen(`\0whatsapp-calling-gateway:${name}`, () => resolve(server));
  });
}

/** Device and inode; empty when there is no such file. */
function identityOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found ? `${found.dev}:${found.ino}` : '';
}
