import { Injectable, RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
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

/** The routes of all controllers, and what each asks of its callers. */
@Injectable()
export class DeclaredRoutes {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  /** Every route. @throws Error that names each route with neither `@Scopes` nor `@Public`, which stops the start */
  all(): DeclaredRoute[] {
    const routes = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? this.#routesOf(metatype) : []));
    const open = new Set(routes.filter(({ needed }) => needed === undefined).map(({ name }) => name));
    if (open.size) throw new Error(`these routes declare neither @Scopes nor @Public: ${[...open].join(', ')}`);
    return routes;
  }

  #routesOf(controller: Target & { name: string }): DeclaredRoute[] {
    const prototype = controller.prototype as Record<string, Target>;
    const base = pathsOf(this.reflector, controller);
    return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (!handler || this.reflector.get<string>('path', handler) === undefined) return [];
      const needed = requirementOf(this.reflector, [handler, controller]);
      const method = RequestMethod[this.reflector.get<RequestMethod>('method', handler)] ?? 'GET';
      const ends = pathsOf(this.reflector, handler);
      const urls = base.flatMap((start) => ends.map((end) => `/${[start, end].filter(Boolean).join('/')}`));
      return urls.map((url) => ({ name: `${controller.name}.${name}`, method, url, needed }));
    });
  }
}

/** The paths of a controller or a handler, without slashes at their ends. */
const pathsOf = (reflector: Reflector, target: Target): string[] =>
  [reflector.get<string | string[]>('path', target) ?? ''].flat().map((path) => path.replace(/^\/+|\/+$/g, ''));
