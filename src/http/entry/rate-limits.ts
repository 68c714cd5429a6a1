import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Settings } from '#config/settings.js';
import { type Clock, MINUTE } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';

/** The size of the cache of counts per credential and address; the least recently used are evicted. */
const COUNTS_LIMIT = 10_000;

type Count = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

/** Counts in windows of a minute; each process counts for itself. */
export class RateLimits {
  private constructor(
    private readonly clock: Clock,
    private readonly requests: ReturnType<FastifyInstance['createRateLimit']>,
    private readonly failures: ReturnType<FastifyInstance['createRateLimit']>,
  ) {}

  static async on(fastify: FastifyInstance, limits: Settings['limits'], clock: Clock): Promise<RateLimits> {
    await fastify.register(rateLimit, { global: false, timeWindow: MINUTE, cache: COUNTS_LIMIT });
    const keyGenerator = (counted: FastifyRequest) => (counted as unknown as Counted).key;
    return new RateLimits(
      clock,
      fastify.createRateLimit({ max: limits.requestsPerMinute, keyGenerator }),
      fastify.createRateLimit({ max: limits.failuresPerMinute, keyGenerator }),
    );
  }

  /** Counts a request of a caller: the digest of a credential, or an address. @throws Problem `too_many_requests` */
  async countRequest(caller: string): Promise<void> {
    const count = await this.requests(counted(caller));
    if (!count.isAllowed && count.isExceeded) throw this.#tooMany(count);
  }

  /** Counts a failed authentication of an address. */
  async countFailure(address: string): Promise<void> {
    await this.failures(counted(address));
  }

  /** The refusal for an address that has shown too many wrong credentials, or has asked too often without a good one; else null. */
  async refusalOf(address: string): Promise<Problem | null> {
    const counts = [
      await this.failures(counted(address), { increment: false }),
      await this.requests(counted(address), { increment: false }),
    ];
    const full = counts.find((count) => !count.isAllowed && count.remaining === 0);
    return full ? this.#tooMany(full) : null;
  }

  #tooMany(count: Count): Problem {
    return new Problem('too_many_requests', { retryAt: this.clock.now() + (count.isAllowed ? 0 : count.ttl) });
  }
}

/** An IPv6 network of 64 bits counts as one address, since one client can use all of it. */
export const addressOf = (request: FastifyRequest): string => `address ${normalizeIP(request.ip)}`;

interface Counted {
  key: string;
  routeOptions: object;
}

/** What the library reads of a request: the key that we count under, and no options of a route. */
const counted = (key: string): FastifyRequest => ({ key, routeOptions: {} }) satisfies Counted as unknown as FastifyRequest;
