import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HeaderGates } from '#access/authorization/header-gates.service.js';
import { foundPrincipal } from '#access/authorization/scopes.decorator.js';
import type { CredentialLookupService } from '#access/sessions/credential-lookup.service.js';
import type { PrincipalsService } from '#access/sessions/principals.service.js';
import { isWebhookRoute } from '#config/webhook-path.js';
import { Problem } from '#kernel/problem.js';
import { record, text } from '#kernel/read.js';
import { sha256 } from '#kernel/secret.js';
import { isApiRoute, SIGN_IN_PATH } from './api-routes.js';
import { GoodCredentials } from './good-credentials.js';
import { refuseNul } from './nul.js';
import { addressOf, type RateLimits } from './rate-limits.js';
import { isLedToSignIn } from './sign-in-first.js';

/** What the admission asks of other modules. */
export interface AdmissionParts {
  limits: RateLimits;
  gates: HeaderGates;
  principals: Pick<PrincipalsService, 'credentialOf'>;
  lookup: CredentialLookupService;
}

/**
 * Decides on each request when its headers are there, by the route that it has reached and never by its URL: one route has many
 * spellings. In this order: the limit of the caller, the gate of the route, NUL in the path or the query.
 *
 * - A spelling that reaches no route is a 404, and counts against the limit of its address.
 * - A delivery of 360dialog has no limit.
 * - A caller is the digest of a good credential, or else an address. An address with too many failures is refused, except for
 *   credentials that are good: they are known to this process, or it looks them up.
 */
export class Admission {
  readonly #good = new GoodCredentials();

  constructor(private readonly parts: AdmissionParts) {}

  /** Registers the hooks; after this one, hooks of the same kind find an admitted request. */
  hook(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      // A promise for each webhook would be a tenth of its cost.
      if (isDeliveryPath(request)) callGate(this.parts.gates, request, reply, done);
      else if (request.is404 || isApiRoute(request)) this.#admit(request, reply).then(() => done(), done);
      else done();
    });
    fastify.addHook('preHandler', (request, _reply, done) => {
      if (isSignIn(request)) this.#admitSignIn(request).then(() => done(), done);
      else done();
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      if ((reply.statusCode === 401 || isLedToSignIn(request)) && isApiRoute(request) && !isDeliveryPath(request))
        this.#noteFailure(request).then(() => done(), done);
      else done();
    });
  }

  /** Counts a request that reaches no route against its address. @throws Problem `too_many_requests` */
  countUnmatched(request: FastifyRequest): Promise<void> {
    return this.parts.limits.countRequest(addressOf(request));
  }

  async #admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (request.is404) {
      await this.countUnmatched(request);
      throw new Problem('route_not_found');
    }
    const digest = this.#digestOf(request);
    await this.#countCaller(request, digest);
    await this.parts.gates.of(request)?.(request, reply);
    if (digest !== undefined && foundPrincipal(request)) this.#good.add(digest);
    refuseNul(request);
  }

  async #countCaller(request: FastifyRequest, digest: string | undefined): Promise<void> {
    const { limits } = this.parts;
    const address = addressOf(request);
    if (digest !== undefined && this.#good.has(digest)) return limits.countRequest(digest);
    const refusal = await limits.refusalOf(address);
    if (refusal === null) return limits.countRequest(address);
    if (digest !== undefined && (await this.parts.lookup.isKnown(digest))) return limits.countRequest(digest);
    // Signing in shows its key in the body.
    if (!isSignIn(request)) throw refusal;
  }

  async #admitSignIn(request: FastifyRequest): Promise<void> {
    const refusal = await this.parts.limits.refusalOf(addressOf(request));
    if (refusal === null) return;
    const key = text(record(request.body)?.key)?.trim();
    const digest = key === undefined ? undefined : sha256(key);
    if (digest === undefined || !(await this.parts.lookup.isKnown(digest))) throw refusal;
    await this.parts.limits.countRequest(digest);
  }

  async #noteFailure(request: FastifyRequest): Promise<void> {
    const digest = this.#digestOf(request);
    if (digest !== undefined) this.#good.delete(digest);
    await this.parts.limits.countFailure(addressOf(request));
  }

  /** The digest of the credential itself: `Bearer`, blanks and other cookies around it make no other caller. */
  #digestOf(request: FastifyRequest): string | undefined {
    const credential = this.parts.principals.credentialOf(request);
    return credential === undefined ? undefined : sha256(credential);
  }
}

function callGate(gates: HeaderGates, request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  try {
    const checked = gates.of(request)?.(request, reply);
    if (checked === undefined) done();
    else checked.then(() => done(), done);
  } catch (error) {
    done(error as Error);
  }
}

const isDeliveryPath = ({ is404, routeOptions }: FastifyRequest): boolean => !is404 && isWebhookRoute(routeOptions.url);
const isSignIn = ({ is404, method, routeOptions }: FastifyRequest): boolean =>
  !is404 && method === 'POST' && routeOptions.url === SIGN_IN_PATH;
