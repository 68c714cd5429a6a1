import type { Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { PUBLIC_METADATA, SCOPES_METADATA } from '#access/authorization/scopes.decorator.js';
import { IDEMPOTENCY_METADATA } from '#access/idempotency/idempotency.decorator.js';
import { PROBLEMS_METADATA } from '#api-conventions/problems.decorator.js';
import type { ProblemCode } from '#kernel/problem.js';

/** What the decorators of a handler declare; those of the handler override those of its class. */
export interface RouteFacts {
  scopes: readonly string[];
  open: boolean;
  /** Whether it takes an `Idempotency-Key`. */
  idempotent: boolean;
  problems: readonly ProblemCode[];
}

/** A handler is named as its operation, so that the class adds nothing. */
export const operationId = (_controller: string, method: string): string => method;

/** The facts of every handler, by the id of its operation. */
export function factsOfRoutes(modules: ModulesContainer): Map<string, RouteFacts> {
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  return new Map(
    controllers.flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const handlers = Object.entries(Object.getOwnPropertyDescriptors((metatype as Type).prototype as object));
      return handlers
        .filter(([, { value }]) => typeof value === 'function')
        .map(([name, { value }]) => [operationId(metatype.name, name), factsOf(value as object, metatype)] as const);
    }),
  );
}

function factsOf(handler: object, controller: object): RouteFacts {
  const read = <T>(key: string): T | undefined => Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
  const scopes = Reflect.getMetadata(SCOPES_METADATA, handler) as readonly string[] | undefined;
  const open = scopes === undefined && read<boolean>(PUBLIC_METADATA) === true;
  return {
    open,
    scopes: open ? [] : (read<readonly string[]>(SCOPES_METADATA) ?? []),
    idempotent: Reflect.getMetadata(IDEMPOTENCY_METADATA, handler) === true,
    problems: read<readonly ProblemCode[]>(PROBLEMS_METADATA) ?? [],
  };
}
