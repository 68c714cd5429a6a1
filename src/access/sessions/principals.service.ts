import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { bearerToken } from '#access/keys/api-key.js';
import { ApiKeysService, type KeyReach } from '#access/keys/api-keys.service.js';
import { Settings } from '#config/settings.js';
import { Problem } from '#kernel/problem.js';
import { text as readText, record } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';
import { isFromOurPage, type Provenance } from './same-origin.js';
import { cookieIn, cookieName, isBrowserToken } from './session.js';
import { SessionsService } from './sessions.service.js';
import type { SessionRecord } from './sessions.store.js';

/** Authenticates a request by an API key, a browser token or the console's cookie. */
@Injectable()
export class PrincipalsService {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly sessions: SessionsService,
    @Inject(Settings) private readonly settings: Pick<Settings, 'publicUrl' | 'graph'>,
  ) {}

  /**
   * `null` for a request without a valid credential. With an `Authorization` header the cookie is ignored.
   * @throws Problem `origin_not_allowed` for a cookie that no page of ours has sent, `key_suspended` for a credential of a suspended key
   */
  async of(request: FastifyRequest): Promise<Principal | null> {
    const text = this.credentialOf(request);
    if (text === undefined) return null;
    const isCookie = request.headers.authorization === undefined && this.#queryTokenOf(request) === undefined;
    const principal = isCookie ? toPrincipal(await this.session(request)) : await this.#ofToken(text);
    return principal && { ...principal, credential: new Secret(text) };
  }

  /** The key, token or cookie itself, whatever stands around it in its header; undefined when there is none. */
  credentialOf(request: FastifyRequest): string | undefined {
    const { authorization } = request.headers;
    return authorization === undefined ? (this.#queryTokenOf(request) ?? this.#cookieOf(request)) : bearerToken(authorization);
  }

  /** `?access_token=` of a route of the Graph API, where the operator allows it. */
  #queryTokenOf({ query, routeOptions }: FastifyRequest): string | undefined {
    if (!this.settings.graph.queryToken || !routeOptions.url?.startsWith('/graph/')) return undefined;
    return readText(record(query)?.access_token);
  }

  /**
   * The session of the request's cookie, also while its key is suspended.
   * @throws Problem `origin_not_allowed`
   */
  async session(request: FastifyRequest): Promise<SessionRecord | null> {
    const text = this.#cookieOf(request);
    if (text === undefined) return null;
    this.requireOurPage(request);
    return this.sessions.authenticate('session', text);
  }

  /** @throws Problem `origin_not_allowed` */
  requireOurPage(request: FastifyRequest): void {
    if (!isFromOurPage(provenanceOf(request), this.settings.publicUrl)) throw new Problem('origin_not_allowed');
  }

  /** Prolongs the session of an operator who holds a call to at least that moment. */
  async outlast({ operatorId }: Principal, until: number): Promise<void> {
    if (operatorId !== undefined) await this.sessions.outlast(operatorId, until);
  }

  /** Whether the principal of a long-lived connection is still valid. */
  isInForce({ keyId, operatorId }: Principal): Promise<boolean> {
    return operatorId === undefined ? this.keys.isInForce(keyId) : this.sessions.isInForce(operatorId);
  }

  /** What each of these keys reaches now; a deleted one is not among them. */
  reachesOf(keyIds: readonly string[]): Promise<ReadonlyMap<string, KeyReach>> {
    return this.keys.reaches(keyIds);
  }

  async #ofToken(text: string): Promise<Principal | null> {
    return isBrowserToken(text) ? toPrincipal(await this.sessions.authenticate('token', text)) : this.keys.authenticate(text);
  }

  #cookieOf({ headers }: FastifyRequest): string | undefined {
    return cookieIn(headers.cookie, cookieName(this.settings.publicUrl));
  }
}

function toPrincipal(session: SessionRecord | null): Principal | null {
  if (!session) return null;
  if (session.isSuspended) throw new Problem('key_suspended');
  const { api_key_id: keyId, id: operatorId, name, numbers } = session;
  return { keyId, operatorId, name, numbers, scopes: new Set(session.scopes) };
}

const provenanceOf = ({ method, headers }: FastifyRequest): Provenance => ({
  method,
  requestedWith: text(headers['x-requested-with']),
  fetchSite: text(headers['sec-fetch-site']),
  origin: headers.origin,
  host: headers.host,
});

const text = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header.join() : header);
