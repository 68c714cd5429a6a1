import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { PRODUCT } from '#config/product.js';
import { Settings } from '#config/settings.js';
import { INTRODUCTION, inReadingOrder } from '#http/pages/introduction.js';
import { withUsedSchemas } from './components.js';
import { eventSchemas, eventWebhooks } from './events.js';
import { RESPONSE_HEADERS } from './headers.js';
import { describedClasses, withMemberSchemas } from './members.js';
import { inOpenApi31 } from './openapi-31.js';
import { describeOperation, operationsOf } from './operations.js';
import { problemSchema } from './problem-schema.js';
import { factsOfRoutes, operationId, type RouteFacts } from './routes.js';
import { withSchemaNames } from './schema-names.js';
import { securitySchemes } from './security.js';
import { withShapes } from './shapes.js';
import { TAGS } from './tags.js';

const NO_FACTS: RouteFacts = { scopes: [], open: true, idempotent: false, problems: [] };

/**
 * The description of the API as OpenAPI 3.1, from the types and docstrings of DTOs and views, the rules of their validators, and
 * the decorators of the handlers. `test/openapi.e2e-spec.ts` compares it with real answers.
 */
export async function describeApi(app: INestApplication): Promise<OpenAPIObject> {
  const { default: written, memberSchemas, openClasses } = await import('#metadata.js');
  const { metadata, classes } = await describedClasses(await written(), memberSchemas);
  await SwaggerModule.loadPluginMetadata(async () => metadata);
  const config = new DocumentBuilder()
    .setTitle(PRODUCT.name)
    .setDescription(INTRODUCTION)
    .setVersion(PRODUCT.version)
    .setOpenAPIVersion('3.1.0')
    .addServer('/')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: operationId, extraModels: classes });
  document.info.license = { name: 'MIT License', identifier: PRODUCT.license } as NonNullable<OpenAPIObject['info']['license']>;
  document.tags = Object.entries(TAGS).map(([name, description]) => ({ name, description }));
  document.paths = inReadingOrder(document.paths);
  assertUniqueIds(document);
  const facts = factsOfRoutes(app.get(ModulesContainer));
  for (const { path, operation } of operationsOf(document))
    describeOperation(path, operation, facts.get(operation.operationId) ?? NO_FACTS);
  const components = {
    securitySchemes: securitySchemes(app.get(Settings).publicUrl),
    headers: RESPONSE_HEADERS,
    schemas: { ...withShapes(document, classes, openClasses), ...eventSchemas(), Problem: problemSchema },
  };
  const whole = { ...document, webhooks: eventWebhooks(), components } as unknown as OpenAPIObject;
  return withUsedSchemas(withSchemaNames(inOpenApi31(withMemberSchemas(whole))));
}

function assertUniqueIds(document: OpenAPIObject): void {
  const ids = operationsOf(document).map(({ operation }) => operation.operationId);
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (repeated.length > 0) throw new Error(`several handlers have the name of one operation: ${repeated.join(', ')}`);
}
