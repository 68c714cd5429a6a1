import type { OpenAPIObject } from '@nestjs/swagger';
import type { JsonSchema } from './constraints.js';

const REFERENCE = /#\/components\/schemas\/([^"]+)"/g;

/** The document without schemas that nothing refers to, and the others in the order of their names. */
export function withUsedSchemas(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, JsonSchema>;
  const { components: { schemas: _, ...components } = {}, ...rest } = document;
  const used = new Set<string>();
  const follow = (text: string): void => {
    for (const [, name = ''] of text.matchAll(REFERENCE)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(JSON.stringify(schemas[name] ?? {}));
    }
  };
  follow(JSON.stringify({ ...rest, components }));
  const kept = [...used].sort().map((name) => [name, schemas[name]]);
  return { ...document, components: { ...components, schemas: Object.fromEntries(kept) } };
}
