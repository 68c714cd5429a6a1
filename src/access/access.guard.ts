import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Scope } from '#access/authorization/scope.js';
import { notePrincipal, requirementOf, type Target } from '#access/authorization/scopes.decorator.js';
import { bearerToken } from '#access/keys/api-key.js';
import { PrincipalsService } from '#access/sessions/principals.service.js';
import { Problem } from '#kernel/problem.js';

/** Authenticates and authorizes every request. A handler that declares no scopes is refused. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly principals: PrincipalsService,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const needed = requirementOf(this.reflector, [context.getHandler(), context.getClass()]);
    return needed === 'public' || this.#admit(context, needed);
  }

  async #admit(context: ExecutionContext, needed: readonly Scope[] | undefined): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const principal = await this.principals.of(request);
    if (!principal) {
      reply.header(
        'WWW-Authenticate',
        bearerToken(request.headers.authorization) === undefined ? 'Bearer' : 'Bearer error="invalid_token"',
      );
      throw new Problem('unauthenticated');
    }
    if (!needed) throw new Error(`no scope is declared for ${context.getClass().name}.${context.getHandler().name}`);
    const lacking = needed.find((scope) => !principal.scopes.has(scope));
    if (lacking) {
      reply.header('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${needed.join(' ')}"`);
      throw new Problem('insufficient_scope', { params: { scope: lacking } });
    }
    notePrincipal(request, principal);
    return true;
  }
}

/** Stops the start when a route says neither `@Scopes` nor `@Public`, naming all of them. */
export function assertEveryRouteHasScope(discovery: DiscoveryService, reflector: Reflector): void {
  const scanner = new MetadataScanner();
  const open = discovery.getControllers().flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const prototype = metatype.prototype as Record<string, Target>;
    return scanner
      .getAllMethodNames(prototype)
      .map((name) => ({ name, handler: prototype[name] }))
      .filter(({ handler }) => handler && reflector.get<string>('path', handler) !== undefined)
      .filter(({ handler }) => requirementOf(reflector, [handler as Target, metatype as Target]) === undefined)
      .map(({ name }) => `${metatype.name}.${name}`);
  });
  if (open.length) throw new Error(`these routes declare neither @Scopes nor @Public: ${open.join(', ')}`);
}
