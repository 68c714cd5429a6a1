import type { INestApplication, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { PUBLIC_METADATA, SCOPES_METADATA } from '#access/authorization/scopes.decorator.js';
import { PROBLEMS_METADATA } from '#api-conventions/problems.decorator.js';
import { PRODUCT } from '#config/product.js';
import { entryOf } from '#error-catalogue/lookup.js';
import type { ProblemCode } from '#kernel/problem.js';
import { inOpenApi31 } from './openapi-31.js';
import { withSchemaNames } from './openapi-names.js';
import { problemSchema } from './problem-schema.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Responses = Operation['responses'];

/** What the decorators of a handler declare; those of the handler override those of its class. */
interface RouteFacts {
  scopes: readonly string[];
  open: boolean;
  problems: readonly ProblemCode[];
}

/**
 * The description of the API as OpenAPI 3.1, from the DTOs, the docstrings and the decorators of the handlers.
 */
export async function describeApi(app: INestApplication): Promise<OpenAPIObject> {
  await SwaggerModule.loadPluginMetadata(async () => withTypes(await (await import('#metadata.js')).default()));
  const config = new DocumentBuilder()
    .setTitle(PRODUCT.name)
    .setDescription(PRODUCT.description)
    .setVersion(PRODUCT.version)
    .setOpenAPIVersion('3.1.0')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key, or a token made from one.' })
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: operationId });
  assertUniqueIds(document);
  const facts = factsOfRoutes(app.get(ModulesContainer));
  for (const operation of operationsOf(document)) describeRoute(operation, facts.get(operation.operationId ?? '') ?? NO_FACTS);
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: problemSchema } };
  return inOpenApi31(withSchemaNames(document));
}

/**
 * The generator writes no type for what it cannot name, such as a tuple, and the whole description would fail on it; such
 * a member is described as any object.
 */
function withTypes(metadata: unknown): Record<string, unknown> {
  const written = metadata as PluginMetadata;
  const classes = (written['@nestjs/swagger']?.models ?? []).flatMap(([, file]) => Object.values(file));
  for (const member of classes.flatMap((properties) => Object.values(properties))) {
    if (!('type' in member || 'enum' in member)) Object.assign(member, { type: 'object', additionalProperties: true });
  }
  return { ...written };
}

/** What the generator writes: per file its classes, per class its members. */
interface PluginMetadata {
  '@nestjs/swagger'?: { models?: [Promise<unknown>, Record<string, Record<string, Record<string, unknown>>>][] };
}

const NO_FACTS: RouteFacts = { scopes: [], open: true, problems: [] };
const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** A handler is named as its operation, so that the class adds nothing. */
const operationId = (_controller: string, method: string): string => method;

function assertUniqueIds(document: OpenAPIObject): void {
  const ids = operationsOf(document).map((operation) => operation.operationId);
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (repeated.length > 0) throw new Error(`several handlers have the name of one operation: ${repeated.join(', ')}`);
}

const operationsOf = (document: OpenAPIObject): Operation[] =>
  Object.values(document.paths).flatMap((path) => METHODS.flatMap((method) => path[method] ?? []));

function factsOfRoutes(modules: ModulesContainer): Map<string, RouteFacts> {
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
    problems: read<readonly ProblemCode[]>(PROBLEMS_METADATA) ?? [],
  };
}

/** What every route can answer. */
const ALWAYS: ProblemCode[] = ['store_unavailable', 'internal_error'];

function describeRoute(operation: Operation, { scopes, open, problems }: RouteFacts): void {
  const access: ProblemCode[] = open ? [] : ['unauthenticated', 'insufficient_scope'];
  const input: ProblemCode[] = operation.parameters?.length || operation.requestBody ? ['invalid_request'] : [];
  operation.responses = { ...operation.responses, ...problemResponses([...access, ...input, ...problems, ...ALWAYS]) };
  if (open) return;
  operation.security = [{ bearer: [] }];
  const named = scopes.length ? `Scopes: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.` : 'Scopes: none; any key will do.';
  operation.description = [operation.description, named].filter(Boolean).join('\n\n');
}

/** One response per status, listing the codes that have it. */
function problemResponses(codes: readonly ProblemCode[]): Responses {
  const byStatus = Map.groupBy(
    [...new Set(codes)].map((code) => entryOf(code)),
    ({ status }) => status,
  );
  return Object.fromEntries(
    [...byStatus].map(([status, entries]) => [
      String(status),
      {
        description: entries.map(({ code, en }) => `\`${code}\`: ${en.title}`).join('\n\n'),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}
