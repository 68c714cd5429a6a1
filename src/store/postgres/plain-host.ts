import pg from 'pg';
import type { DatabaseUrl } from '#config/read-database.js';

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1|\[::1\]|\/.*)$/;

/**
 * The host that a connection reaches without TLS, or with TLS of which the certificate is not verified: machines in between can read every
 * webhook and the password.
 * @returns null for verified TLS, for this machine, and for SQLite
 */
export function plainHostOf(database: DatabaseUrl): string | null {
  if (database.kind === 'sqlite') return null;
  // The client reads the URL and the variables of Postgres as it does to connect.
  const { host, ssl } = new pg.Client({ connectionString: database.url.reveal() }) as unknown as { host: string; ssl: unknown };
  if (LOOPBACK.test(host)) return null;
  const isVerified = ssl === true || (typeof ssl === 'object' && ssl !== null && !('rejectUnauthorized' in ssl && !ssl.rejectUnauthorized));
  return isVerified ? null : host;
}
