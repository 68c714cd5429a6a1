import type { DatabaseUrl } from '#config/read-database.js';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|::1|)$/;

/**
 * The host that a connection reaches without TLS, or with TLS of which the certificate is not verified: machines in between can read every webhook
 * and the password. @param fallback `PGSSLMODE`, which holds when the URL names no `sslmode`
 * @returns null for TLS, for this machine, and for SQLite
 */
export function plainHostOf(database: DatabaseUrl, fallback: string | undefined): string | null {
  if (database.kind === 'sqlite') return null;
  const { hostname, searchParams } = new URL(database.url.reveal());
  const host = searchParams.get('host') ?? hostname;
  if (LOOPBACK.test(host) || host.startsWith('/') || host.startsWith('%2F')) return null;
  const mode = searchParams.get('sslmode') ?? (searchParams.has('ssl') || searchParams.has('sslrootcert') ? 'verify-full' : fallback);
  return mode === undefined || mode === 'disable' || mode === 'no-verify' ? host : null;
}
