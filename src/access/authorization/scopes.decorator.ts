import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';
import type { Scope } from './scope.js';

export const SCOPES_METADATA = 'access:scopes';
export const PUBLIC_METADATA = 'access:public';

/** What a handler, or every handler of a controller, asks of the caller's key: all of these. */
export const Scopes = (...scopes: [Scope, ...Scope[]]) => SetMetadata(SCOPES_METADATA, scopes);

/** Open without a key; the reason belongs beside it. */
export const Public = () => SetMetadata(PUBLIC_METADATA, true);

export type Target = Parameters<Reflector['get']>[1];

/** What a handler and its controller ask for. The nearer word counts: the handler's before its controller's. */
export function requirementOf(reflector: Reflector, targets: Target[]): 'public' | readonly Scope[] | undefined {
  for (const target of targets) {
    const scopes = reflector.get<readonly Scope[] | undefined>(SCOPES_METADATA, target);
    if (scopes?.length) return scopes;
    if (reflector.get<boolean | undefined>(PUBLIC_METADATA, target)) return 'public';
  }
  return undefined;
}

const principals = new WeakMap<FastifyRequest, Principal>();

/** The guard notes who makes a request. */
export const notePrincipal = (request: FastifyRequest, principal: Principal): void => {
  principals.set(request, principal);
};

/** Who makes the request, as far as the guard has found out. */
export const foundPrincipal = (request: FastifyRequest): Principal | undefined => principals.get(request);

/** Who makes the request; a handler without `@Scopes` has nobody, and asking is a bug. */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (!principal) throw new Error(`no principal on ${request.method} ${request.routeOptions.url}: the route has no @Scopes`);
  return principal;
}

/** The principal as a parameter of a handler. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
