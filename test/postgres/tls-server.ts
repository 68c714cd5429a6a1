import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RELEASES = '/usr/lib/postgresql';

/** The folder with the programs of the newest Postgres of this machine; null without one, or without openssl. */
export function serverPrograms(): string | null {
  const releases = existsSync(RELEASES) ? readdirSync(RELEASES).map(Number).filter(Number.isInteger) : [];
  const programs = join(RELEASES, String(Math.max(0, ...releases)), 'bin');
  const complete = existsSync(join(programs, 'initdb')) && spawnSync('openssl', ['version']).status === 0;
  return complete && (process.getuid?.() !== 0 || accountOf().uid !== undefined) ? programs : null;
}

/** Postgres refuses to run as root. */
function accountOf(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (which: string) => spawnSync('id', [which, 'postgres'], { encoding: 'utf8' });
  const [user, group] = [id('-u'), id('-g')];
  return user.status === 0 ? { uid: Number(user.stdout), gid: Number(group.stdout) } : {};
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** A Postgres of its own, whose certificate is of an authority of its own and for the name `localhost`. */
export class TlsServer {
  private constructor(
    private readonly programs: string,
    readonly folder: string,
    readonly port: number,
  ) {}

  static async start(programs: string): Promise<TlsServer> {
    const server = new TlsServer(programs, mkdtempSync(join(tmpdir(), 'gateway-tls-')), await freePort());
    server.#prepare();
    server.restart('on');
    return server;
  }

  /** The certificate of an authority: that of the server, or one that has signed nothing. */
  authority(whose: 'own' | 'other'): string {
    return join(this.folder, `${whose}-ca.pem`);
  }

  restart(ssl: 'on' | 'off'): void {
    if (existsSync(join(this.#data, 'postmaster.pid'))) this.#run('pg_ctl', ['stop', '-w', '-m', 'immediate', '-D', this.#data]);
    const tls = `-c ssl=${ssl} -c ssl_cert_file=${join(this.#data, 'server.pem')} -c ssl_key_file=${join(this.#data, 'server.key')}`;
    const options = `-p ${this.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off ${tls}`;
    this.#run('pg_ctl', ['start', '-w', '-D', this.#data, '-l', join(this.folder, 'log'), '-o', options]);
  }

  stop(): void {
    this.#run('pg_ctl', ['stop', '-w', '-m', 'immediate', '-D', this.#data]);
    rmSync(this.folder, { recursive: true });
  }

  get #data(): string {
    return join(this.folder, 'data');
  }

  #prepare(): void {
    const { uid, gid } = accountOf();
    mkdirSync(this.#data);
    for (const whose of ['own', 'other']) {
      const ca = ['-keyout', `${whose}-ca.key`, '-out', `${whose}-ca.pem`, '-subj', `/CN=${whose} authority`];
      this.#openssl(['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...ca]);
    }
    this.#openssl(['req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost']);
    writeFileSync(join(this.folder, 'names'), 'subjectAltName=DNS:localhost');
    const signed = ['-CA', 'own-ca.pem', '-CAkey', 'own-ca.key', '-CAcreateserial', '-extfile', 'names', '-out', 'server.pem'];
    this.#openssl(['x509', '-req', '-in', 'server.csr', '-days', '2', ...signed]);
    chmodSync(this.folder, 0o711);
    for (const path of [this.folder, this.#data]) if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
    this.#run('initdb', ['-D', this.#data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']);
    for (const name of ['server.pem', 'server.key']) {
      const path = join(this.#data, name);
      execFileSync('cp', [join(this.folder, name), path]);
      if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
      chmodSync(path, 0o600);
    }
  }

  #openssl(parameters: string[]): void {
    execFileSync('openssl', parameters, { cwd: this.folder, stdio: 'ignore' });
  }

  #run(program: string, parameters: string[]): void {
    const { status, error } = spawnSync(join(this.programs, program), parameters, { cwd: this.folder, stdio: 'ignore', ...accountOf() });
    if (status !== 0) throw new Error(`${program} ended with ${error?.message ?? status}`);
  }
}
