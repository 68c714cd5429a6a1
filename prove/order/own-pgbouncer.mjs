import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { until } from '../pause.mjs';
import { claimPort } from '../port.mjs';

/** PgBouncer between the proof and a server, with transactions as its unit: a session belongs to nobody for longer than one. */
export class OwnPgbouncer {
  /** @param {string} folder @param {string} url of the database @returns {Promise<OwnPgbouncer | null>} null where PgBouncer is missing */
  static async start(folder, url) {
    if (spawnSync('pgbouncer', ['--version']).status !== 0) return null;
    const bouncer = new OwnPgbouncer(url, await claimPort());
    await bouncer.#launch(join(folder, 'pgbouncer'));
    return bouncer;
  }

  constructor(url, port) {
    const through = new URL(url);
    through.host = `127.0.0.1:${port}`;
    Object.assign(this, { server: new URL(url), port, url: through.href });
  }

  stop() {
    this.child.kill('SIGKILL');
  }

  async #launch(folder) {
    mkdirSync(folder);
    const { hostname, port, username, password } = this.server;
    const credentials = `user=${username || 'postgres'}${password ? ` password=${password}` : ''}`;
    const settings = `[databases]
* = host=${hostname} port=${port || 5432} ${credentials}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${this.port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 40
max_client_conn = 200
`;
    const file = join(folder, 'pgbouncer.ini');
    writeFileSync(file, settings);
    const account = process.getuid?.() === 0 ? nobody() : {};
    if (account.uid !== undefined) {
      chmodSync(join(folder, '..'), 0o711);
      chmodSync(folder, 0o755);
    }
    this.child = spawn('pgbouncer', ['-q', file], { stdio: 'ignore', ...account });
    process.on('exit', () => this.stop());
    await until('PgBouncer', () => answers(this.url));
  }
}

/** PgBouncer refuses to run as root. */
function nobody() {
  const id = (which) => Number(spawnSync('id', [which, 'nobody'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

async function answers(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 500 });
  client.on('error', () => undefined);
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}
