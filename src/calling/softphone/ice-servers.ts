import { createHmac } from 'node:crypto';
import type { Settings } from '#config/settings.js';
import { SECOND } from '#kernel/clock.js';
import type { Secret } from '#kernel/secret.js';

/** Servers for one browser; `expiresAt` is null when no credential ends. */
export interface OfferedServers {
  servers: Array<{ urls: string[]; username?: string; credential?: string }>;
  expiresAt: number | null;
}

/**
 * The servers that a softphone may use. A TURN server without a password of its own gets one for this operator alone,
 * which ends by itself: the name is the end in seconds and the operator, the password its HMAC under the shared secret.
 * @see https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00, coturn `use-auth-secret` (2026-11-24)
 */
export function offered({ servers, turnSecret, turnMs }: Settings['ice'], operator: string, now: number): OfferedServers {
  const expiresAt = now + turnMs;
  let ends = false;
  const given = servers.map(({ urls, username, credential }) => {
    if (username !== null && credential !== null) return { urls: [...urls], username, credential: credential.reveal() };
    if (turnSecret === null || !urls.some((url) => url.startsWith('turn'))) return { urls: [...urls] };
    ends = true;
    const name = `${Math.floor(expiresAt / SECOND)}:${operator}`;
    return { urls: [...urls], username: name, credential: passwordOf(name, turnSecret) };
  });
  return { servers: given, expiresAt: ends ? expiresAt : null };
}

const passwordOf = (name: string, secret: Secret): string => createHmac('sha1', secret.reveal()).update(name).digest('base64');
