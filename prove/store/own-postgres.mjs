import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { claimPort } from '../port.mjs';

/** Where Debian and its kin keep the programs of each release of Postgres. */
const RELEASES = '/usr/lib/postgresql';
const ACCOUNTS = ['postgres', 'nobody'];

/**
 * A Postgres server of the proof's own, which it may stop as it likes. Postgres refuses to run as root, so root starts it
 * under another account.
 */
export class OwnPostgres {
  /** @param {string} folder @param {string} name of its own folder in it @returns {Promise<OwnPostgres | null>} null where the programs of a server are missing */
  static async create(folder, name = 'postgres') {
    const programs = findPrograms();
    const account = accountOf();
    if (programs === null || account === null) return null;
    const server = new OwnPostgres(programs, account, join(folder, name), await claimPort());
    server.#prepare(folder);
    server.start();
    process.on('exit', () => server.stop('immediate'));
    return server;
  }

  constructor(programs, account, home, port) {
    Object.assign(this, { programs, account, home, port, url: `postgres://postgres@127.0.0.1:${port}/postgres` });
  }

  start() {
    const options = `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100`;
    this.#run('pg_ctl', ['start', '-w', '-t', '60', '-D', this.#data, '-l', join(this.home, 'log'), '-o', options]);
  }

  /** @param {'fast' | 'immediate'} mode `fast` ends the sessions, `immediate` leaves recovery to the next start */
  stop(mode) {
    if (!existsSync(join(this.#data, 'postmaster.pid'))) return;
    this.#run('pg_ctl', ['stop', '-w', '-t', '60', '-D', this.#data, '-m', mode]);
  }

  get #data() {
    return join(this.home, 'data');
  }

  #prepare(folder) {
    mkdirSync(this.home);
    if (this.account.uid !== undefined) {
      // The account must reach its own folder in that of the proof.
      chmodSync(folder, 0o711);
      chownSync(this.home, this.account.uid, this.account.gid);
    }
    this.#run('initdb', ['-D', this.#data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']);
  }

  #run(program, parameters) {
    const options = { cwd: this.home, stdio: ['ignore', 'ignore', 'ignore'], ...this.account };
    const { status, error } = spawnSync(join(this.programs, program), parameters, options);
    if (status !== 0) throw new Error(`${program} ${parameters[0]} ended with ${error?.message ?? status}: see ${join(this.home, 'log')}`);
  }
}

/** The folder with the programs of the newest release. */
function findPrograms() {
  const releases = existsSync(RELEASES) ? readdirSync(RELEASES) : [];
  const newest = releases
    .map(Number)
    .filter(Number.isInteger)
    .sort((a, b) => b - a)[0];
  const programs = join(RELEASES, String(newest), 'bin');
  return existsSync(join(programs, 'initdb')) ? programs : null;
}

/** What `spawn` needs to start the server: nothing for an ordinary user. */
function accountOf() {
  if (process.getuid?.() !== 0) return {};
  const found = ACCOUNTS.map((name) => ({ uid: idOf('-u', name), gid: idOf('-g', name) }));
  return found.find(({ uid, gid }) => uid !== undefined && gid !== undefined) ?? null;
}

function idOf(which, name) {
  const { status, stdout } = spawnSync('id', [which, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}
