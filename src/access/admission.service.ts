import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import type { Scope } from '#access/authorization/scope.js';
import { foundPrincipal, notePrincipal } from '#access/authorization/scopes.decorator.js';
import { bearerToken } from '#access/keys/api-key.js';
import { PrincipalsService } from '#access/sessions/principals.service.js';
import { Problem } from '#kernel/problem.js';

/** Authenticates and authorizes a request by its headers alone. */
@Injectable()
export class AdmissionService {
  constructor(private readonly principals: PrincipalsService) {}

  /**
   * Notes the principal of the request. A principal that is noted already is not looked up again.
   * @throws Problem `unauthenticated`, `key_suspended`, `insufficient_scope` or `origin_not_allowed`
   */
  async admit(request: FastifyRequest, reply: FastifyReply, needed: readonly Scope[]): Promise<void> {
    const principal = foundPrincipal(request) ?? (await this.#authenticate(request, reply));
    const lacking = needed.filter((scope) => !principal.scopes.has(scope));
    if (lacking.length > 0) {
      reply.header('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${needed.join(' ')}"`);
      throw new Problem('insufficient_scope', { params: { scope: lacking.join(', ') } });
    }
    notePrincipal(request, principal);
  }

  async #authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    const principal = await this.principals.of(request);
    if (principal) return principal;
    reply.header('WWW-Authenticate', bearerToken(request.headers.authorization) === undefined ? 'Bearer' : 'Bearer error="invalid_token"');
    throw new Problem('unauthenticated');
  }
}
