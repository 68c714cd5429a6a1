import type { OpenAPIObject } from '@nestjs/swagger';

const REFERENCE = '#/components/schemas/';

/**
 * The document with the schema names of clients: the name of a class without its role in the code (`CallDto` is `Call`).
 * `scripts/schema-names.mjs` fails the build when two classes would get one name.
 */
export function withSchemaNames(document: OpenAPIObject): OpenAPIObject {
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [schemaName(name), schema]);
  const named = { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } };
  return JSON.parse(JSON.stringify(named), (key, value) =>
    key === '$ref' && value.startsWith(REFERENCE) ? REFERENCE + schemaName(value.slice(REFERENCE.length)) : value,
  );
}

const schemaName = (className: string): string => className.replace(/(Dto|View)$/, '');
