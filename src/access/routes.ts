import { RequestMethod } from '@nestjs/common';
import { type DiscoveryService, MetadataScanner, type Reflector } from '@nestjs/core';
import type { Scope } from '#access/authorization/scope.js';
import { requirementOf, type Target } from '#access/authorization/scopes.decorator.js';

/** A route of a controller, and what its handler asks of a caller. */
interface DeclaredRoute {
  /** The class and the handler, such as `ApiKeysController.listApiKeys`. */
  name: string;
  /** Such as `GET`. */
  method: string;
  /** With the names of its parameters, such as `/api/keys/:id`. */
  url: string;
  needed: 'public' | readonly Scope[] | undefined;
}

/** Every route of every controller. */
export function routesIn(discovery: DiscoveryService, reflector: Reflector): DeclaredRoute[] {
  const scanner = new MetadataScanner();
  return discovery.getControllers().flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const prototype = metatype.prototype as Record<string, Target>;
    const base = pathsOf(reflector, metatype as Target);
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (!handler || reflector.get<string>('path', handler) === undefined) return [];
      const needed = requirementOf(reflector, [handler, metatype as Target]);
      const method = RequestMethod[reflector.get<RequestMethod>('method', handler)] ?? 'GET';
      const paths = pathsOf(reflector, handler);
      const urls = base.flatMap((start) => paths.map((end) => `/${[start, end].filter(Boolean).join('/')}`));
      return urls.map((url) => ({ name: `${metatype.name}.${name}`, method, url, needed }));
    });
  });
}

/** @throws Error that names every route with neither `@Scopes` nor `@Public` */
export function assertEveryRouteHasScope(routes: readonly DeclaredRoute[]): void {
  const open = new Set(routes.filter(({ needed }) => needed === undefined).map(({ name }) => name));
  if (open.size) throw new Error(`these routes declare neither @Scopes nor @Public: ${[...open].join(', ')}`);
}

/** The paths of a controller or a handler, without slashes at their ends. */
const pathsOf = (reflector: Reflector, target: Target): string[] =>
  [reflector.get<string | string[]>('path', target) ?? ''].flat().map((path) => path.replace(/^\/+|\/+$/g, ''));
