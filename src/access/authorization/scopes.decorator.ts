import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';
import type { Scope } from './scope.js';

export const SCOPES_METADATA = 'access:scopes';
export const PUBLIC_METADATA = 'access:public';

/** The scopes that the client's key needs for a handler, or for every handler of a controller: all of these. */
export const Scopes = (...scopes: [Scope, ...Scope[]]) => SetMetadata(SCOPES_METADATA, scopes);

/** Any key, token or session may call the handler, whatever its scopes. */
export const AnyKey = () => SetMetadata(SCOPES_METADATA, []);

/** Open without a key; the reason belongs beside it. */
export const Public = () => SetMetadata(PUBLIC_METADATA, true);

export type Target = Parameters<Reflector['get']>[1];

/** The scopes that a handler needs; its own decorator overrides that of its controller. `undefined` when neither has one. */
export function requirementOf(reflector: Reflector, targets: Target[]): 'public' | readonly Scope[] | undefined {
  for (const target of targets) {
    const scopes = reflector.get<readonly Scope[] | undefined>(SCOPES_METADATA, target);
    if (scopes) return scopes;
    if (reflector.get<boolean | undefined>(PUBLIC_METADATA, target)) return 'public';
  }
  return undefined;
}

const principals = new WeakMap<FastifyRequest, Principal>();

/** `AccessGuard` stores here who makes a request. */
export const notePrincipal = (request: FastifyRequest, principal: Principal): void => {
  principals.set(request, principal);
};

/** Who makes the request; `undefined` before `AccessGuard` has run and on public routes. */
export const foundPrincipal = (request: FastifyRequest): Principal | undefined => principals.get(request);

/** Who makes the request. @throws Error in a handler without `@Scopes`, which has no principal */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (!principal) throw new Error(`no principal on ${request.method} ${request.routeOptions.url}: the route has no @Scopes`);
  return principal;
}

/** The principal as a parameter of a handler. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
