import { existsSync, statSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import type { DatabaseUrl } from '#config/read-database.js';
import { isStoreFault } from './store-fault.js';

/** The database does not fit this build or this configuration; the start ends with exit code 78. */
export class WrongDatabase extends Error {}

/** The database cannot be used now, and may be later without a change of the configuration; the start ends with exit code 75. */
export class DatabaseAway extends Error {}

/** What the owner has to mend, by SQLSTATE. */
const POSTGRES_FAULTS: Readonly<Record<string, string>> = {
  '3D000': 'has no such database: create it, or correct the name',
  '28000': 'refuses the role: create it, let it sign in (pg_hba.conf), or correct the name',
  '28P01': 'refuses the password of the role',
  '42501':
    'does not let the role do what the gateway needs: make it the owner of the database, or give it the rights of docs/operations/upgrade.md',
  '25006': 'takes no writes: it is a standby, or set to read only',
};

/** What passes by itself, or with what others do. */
const POSTGRES_LATER: Readonly<Record<string, string>> = {
  '53300': 'has no connection left: lower DATABASE_CONNECTIONS, or raise max_connections',
  '57P03': 'is starting up or shutting down',
  '55P03': 'is being migrated by another start, or holds a lock that the migration needs',
};

const TLS_FAULTS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows a certificate for another host name: connect by the name in it, or give it one with this name',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired',
};
const UNTRUSTED = 'shows a certificate that no trusted authority has signed: name the file of its authority with sslrootcert=';
const NO_TLS = 'offers no TLS, which sslmode= asks for: turn it on there (ssl = on)';

const SQLITE_FAULTS: readonly (readonly [codes: RegExp, says: string])[] = [
  [/^SQLITE_NOTADB/, 'is not a SQLite database: correct the path, or move that file away'],
  [/^SQLITE_CORRUPT/, 'is damaged: restore a backup (docs/operations/runbook.md)'],
  [
    /^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|EACCES|EPERM|EROFS)/,
    'cannot be written: check its owner, its permissions and those of its folder',
  ],
  [/^(ENOTDIR|ENOENT|EEXIST|ELOOP|ENAMETOOLONG)/, 'is no path to a file'],
];
const SQLITE_LATER: readonly (readonly [codes: RegExp, says: string])[] = [
  [/^(SQLITE_FULL|ENOSPC|EDQUOT)/, 'has no space left on its disk'],
  [/^(SQLITE_BUSY|SQLITE_LOCKED)/, 'is locked by another process'],
  [/^(SQLITE_IOERR|EIO)/, 'cannot be read or written: its disk reports an error'],
];

/** An error of opening the database as one sentence that says what to do; any other error as it is. */
export function startFaultOf(error: unknown, database: DatabaseUrl): unknown {
  if (!(error instanceof Error || isNativeError(error)) || error instanceof WrongDatabase || error instanceof DatabaseAway) return error;
  const { code = '' } = error as { code?: string };
  return database.kind === 'sqlite' ? ofSqlite(error, code, database.path) : ofPostgres(error, code, new URL(database.url.reveal()));
}

function ofSqlite(error: Error, code: string, path: string): Error {
  const name = `DATABASE_URL points at ${path}, which`;
  if (existsSync(path) && statSync(path).isDirectory()) return new WrongDatabase(`${name} is a directory: name a file in it`);
  const fault = SQLITE_FAULTS.find(([codes]) => codes.test(code));
  if (fault) return new WrongDatabase(`${name} ${fault[1]}`);
  const later = SQLITE_LATER.find(([codes]) => codes.test(code));
  return later ? new DatabaseAway(`${name} ${later[1]}`) : error;
}

/** The sentence names host and database, and neither role nor password. */
function ofPostgres(error: Error, code: string, { host, pathname, searchParams }: URL): Error {
  const name = `DATABASE_URL points at ${searchParams.get('host') ?? (host || 'this machine')}${pathname}, which`;
  if (code === 'ENOENT' && error.message.includes('open '))
    return new WrongDatabase(`DATABASE_URL names a file of TLS that does not exist: ${error.message}`);
  const fault = POSTGRES_FAULTS[code] ?? TLS_FAULTS[code] ?? tlsFaultOf(error, code);
  if (fault) return new WrongDatabase(`${name} ${fault}`);
  // A pooler reports with this code that it knows no such database or role, or does not take the parameters of the connection.
  if (code === '08P01') return new WrongDatabase(`${name} refuses the connection: ${error.message}`);
  const later = POSTGRES_LATER[code];
  if (later) return new DatabaseAway(`${name} ${later}`);
  return isStoreFault(error) ? new DatabaseAway(`${name} does not answer: ${error.message || code}`) : error;
}

function tlsFaultOf({ message }: Error, code: string): string | undefined {
  if (message === 'The server does not support SSL connections') return NO_TLS;
  return /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_)/.test(code) ? UNTRUSTED : undefined;
}
