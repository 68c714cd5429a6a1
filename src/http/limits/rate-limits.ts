import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { foundPrincipal } from '#access/authorization/scopes.decorator.js';
import type { Settings } from '#config/settings.js';
import { WEBHOOK_PATH } from '#config/webhook-path.js';
import { type Clock, MINUTE } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { sha256 } from '#kernel/secret.js';

/** The size of the cache of counts per credential and address; the least recently used are evicted. */
const COUNTS_LIMIT = 10_000;
/** The size of the cache of valid credentials. */
const VALID_LIMIT = 1_000;

/**
 * Limits the rate of requests per client, and of failed authentications per address. Each process counts for itself, in
 * windows of a minute. Deliveries of 360dialog are never limited.
 *
 * An address with too many failed authentications is refused, except for credentials that were valid before: other clients
 * behind the same address go on.
 */
export async function limitRates(fastify: FastifyInstance, limits: Settings['limits'], clock: Clock): Promise<void> {
  await fastify.register(rateLimit, { global: false, timeWindow: MINUTE, cache: COUNTS_LIMIT });
  const valid = new ValidCredentials();
  // Only a valid credential has a count of its own; invented ones share the count of their address.
  const callerOf = (request: FastifyRequest) => valid.find(request) ?? addressOf(request);
  const requests = fastify.createRateLimit({ max: limits.requestsPerMinute, keyGenerator: callerOf });
  const failures = fastify.createRateLimit({ max: limits.failuresPerMinute, keyGenerator: addressOf });

  const check = async (request: FastifyRequest): Promise<void> => {
    const failed = await failures(request, { increment: false });
    if (!failed.isAllowed && failed.remaining === 0 && valid.find(request) === undefined) throw tooMany(clock, failed.ttl);
    const asked = await requests(request);
    if (!asked.isAllowed && asked.isExceeded) throw tooMany(clock, asked.ttl);
  };
  const note = async (request: FastifyRequest, status: number): Promise<void> => {
    if (status === 401) await failures(request);
    else if (foundPrincipal(request)) valid.add(request);
  };

  // A request without a limit is not delayed.
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

/** An IPv6 network of 64 bits counts as one address, since one client can use all of it. */
const addressOf = (request: FastifyRequest): string => `address ${normalizeIP(request.ip)}`;

/** A key, a token or the console's cookie, by digest; undefined when there is none. */
function credentialOf(request: FastifyRequest): string | undefined {
  const { authorization, cookie } = request.headers;
  const credential = authorization ?? cookie;
  return credential === undefined ? undefined : sha256(credential);
}

/** A cache of digests of valid credentials, the latest used last. */
class ValidCredentials {
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
    const oldest = this.#digests.size > VALID_LIMIT ? this.#digests.values().next().value : undefined;
    if (oldest !== undefined) this.#digests.delete(oldest);
  }
}
