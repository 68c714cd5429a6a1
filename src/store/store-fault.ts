import { isNativeError } from 'node:util/types';

/**
 * SQLSTATE classes of faults of the database, not of the data: connection (08), transaction rolled back (40), resources (53),
 * object not available (55), operator intervention and time limits (57), system (58), sign-in refused (28), no such database (3D).
 * Source: PostgreSQL documentation, appendix A, 2026-11-28.
 */
const POSTGRES_CLASSES = new Set(['08', '28', '3D', '40', '53', '55', '57', '58']);
/** A primary that has become a standby answers the first to every write; the others end a session or transaction that took too long. */
const POSTGRES_CODES = new Set(['25006', '25P03', '25P04']);

/** Result codes of SQLite for the file and the machine; extended codes begin with them. Source: sqlite.org/rescode.html, 2026-11-28. */
const SQLITE_CODES = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM|PROTOCOL|CORRUPT|NOTADB)(_|$)/;

/** What Node reports of a connection. */
const SOCKET_CODES = /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** Errors of `pg` and its pool without a code. */
const POSTGRES_CLIENT =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|The server does not support SSL|There was an error establishing an SSL)/;

/** The certificate of the server is not accepted. */
const TLS_CODES = /^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER))/;

/**
 * Whether an error is a fault of the database itself: unreachable, locked, full, too slow. The same work succeeds once the
 * database works again, so a delivery that fails with it counts no attempt, and a request is refused with `store_unavailable`.
 */
export function isStoreFault(error: unknown): boolean {
  for (let one = error; one instanceof Error || isNativeError(one); one = one.cause) {
    const { code, isAxiosError = false } = one as { code?: unknown; isAxiosError?: boolean };
    if (isAxiosError) return false;
    if (typeof code === 'string' && isFaultCode(code)) return true;
    if (POSTGRES_CLIENT.test(one.message)) return true;
  }
  return false;
}

const isFaultCode = (code: string): boolean =>
  SOCKET_CODES.test(code) ||
  TLS_CODES.test(code) ||
  SQLITE_CODES.test(code) ||
  POSTGRES_CODES.has(code) ||
  (/^[0-9A-Z]{5}$/.test(code) && POSTGRES_CLASSES.has(code.slice(0, 2)));
