import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { foundPrincipal } from '#access/authorization/scopes.decorator.js';
import type { Settings } from '#config/settings.js';
import { WEBHOOK_PATH } from '#config/webhook-path.js';
import { type Clock, MINUTE } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { sha256 } from '#kernel/secret.js';

/** So many credentials and addresses are counted; the longest unseen are forgotten first. */
const MOST_COUNTED = 10_000;
const MOST_KNOWN = 1_000;

/**
 * Keeps one caller from taking the gateway from all others, and guessing keys from being fast. Counted in this process, in
 * windows of a minute. Deliveries of 360dialog are never limited.
 *
 * An address that has shown too many wrong keys is heard no more, but for credentials that were found good before: whoever
 * shares the address with the one who guesses goes on.
 */
export async function limitRates(fastify: FastifyInstance, limits: Settings['limits'], clock: Clock): Promise<void> {
  await fastify.register(rateLimit, { global: false, timeWindow: MINUTE, cache: MOST_COUNTED });
  const known = new Known();
  // A credential is a caller once it was found good: made-up ones must not each have a count of their own.
  const callerOf = (request: FastifyRequest) => known.find(request) ?? addressOf(request);
  const requests = fastify.createRateLimit({ max: limits.requestsPerMinute, keyGenerator: callerOf });
  const failures = fastify.createRateLimit({ max: limits.failuresPerMinute, keyGenerator: addressOf });

  const check = async (request: FastifyRequest): Promise<void> => {
    const failed = await failures(request, { increment: false });
    if (!failed.isAllowed && failed.remaining === 0 && known.find(request) === undefined) throw tooMany(clock, failed.ttl);
    const asked = await requests(request);
    if (!asked.isAllowed && asked.isExceeded) throw tooMany(clock, asked.ttl);
  };
  const note = async (request: FastifyRequest, status: number): Promise<void> => {
    if (status === 401) await failures(request);
    else if (foundPrincipal(request)) known.add(request);
  };

  // What is not limited waits for nothing.
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (isLimited(request)) check(request).then(() => done(), done);
    else done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (isLimited(request)) note(request, reply.statusCode).then(() => done(), done);
    else done();
  });
}

const isLimited = (request: FastifyRequest): boolean => request.url.startsWith('/api/') && request.routeOptions.url !== WEBHOOK_PATH;

const tooMany = (clock: Clock, ttlMs: number): Problem => new Problem('too_many_requests', { retryAt: clock.now() + ttlMs });

/** An IPv6 network of 64 bits is one address: whoever has one has all of it. */
const addressOf = (request: FastifyRequest): string => `address ${normalizeIP(request.ip)}`;

/** A key, a token or the console's cookie, by digest; undefined when there is none. */
function credentialOf(request: FastifyRequest): string | undefined {
  const { authorization, cookie } = request.headers;
  const credential = authorization ?? cookie;
  return credential === undefined ? undefined : sha256(credential);
}

/** Credentials that were found good, the latest used last. */
class Known {
  readonly #digests = new Set<string>();

  find(request: FastifyRequest): string | undefined {
    const digest = credentialOf(request);
    return digest !== undefined && this.#digests.has(digest) ? digest : undefined;
  }

  add(request: FastifyRequest): void {
    const digest = credentialOf(request);
    if (digest === undefined) return;
    this.#digests.delete(digest);
    this.#digests.add(digest);
    const oldest = this.#digests.size > MOST_KNOWN ? this.#digests.values().next().value : undefined;
    if (oldest !== undefined) this.#digests.delete(oldest);
  }
}
