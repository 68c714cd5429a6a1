import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type JsonSchema, withConstraints, withoutNull } from './constraints.js';

/** What the generator of Nest writes: per file its classes, per class its members. */
interface PluginMetadata {
  '@nestjs/swagger'?: { models?: [Promise<Record<string, unknown>>, Record<string, Record<string, JsonSchema>>][] };
}

/** Per class its members, as `scripts/member-schemas.mjs` reads them from TypeScript. */
type MemberSchemas = Record<string, Record<string, { required: boolean; schema: JsonSchema }>>;

/** Where a member carries its schema through the library that writes the document. */
const CARRIER = 'x-member';
/** What the library knows of a member and TypeScript does not. */
const KEPT = ['description', 'deprecated', 'example', 'examples'];

/** The metadata of the generator, and every class of a DTO or a view. Each member carries its schema. */
export async function describedClasses(written: unknown, schemas: MemberSchemas): Promise<{ metadata: JsonSchema; classes: Type[] }> {
  const metadata = written as PluginMetadata;
  const classes: Type[] = [];
  for (const [file, described] of metadata['@nestjs/swagger']?.models ?? []) {
    const exported = await file;
    for (const [name, members] of Object.entries(described)) {
      const type = exported[name] as Type;
      classes.push(type);
      for (const [member, found] of Object.entries(schemas[name] ?? {})) {
        members[member] = {
          ...asObject(members[member]),
          required: found.required,
          [CARRIER]: withConstraints(found.schema, type, member),
        };
      }
    }
  }
  return { metadata: { ...metadata }, classes };
}

/** The library fails on a member without a type; what it writes for one is replaced anyway. */
const asObject = (member: JsonSchema = {}): JsonSchema =>
  'type' in member || 'enum' in member ? member : { ...member, type: 'object', additionalProperties: true };

/** The document in which each member and each parameter has the schema that it carries. */
export const withMemberSchemas = (document: OpenAPIObject): OpenAPIObject =>
  JSON.parse(JSON.stringify(document), (_key, node) => {
    const schema = (node as JsonSchema | null)?.[CARRIER] as JsonSchema | undefined;
    if (schema === undefined) return node;
    if ('in' in node) return parameter(node, schema);
    // Generators of clients make a member with a default one that must be given.
    const { default: _, ...rest } = schema;
    return { ...described(pick(node, KEPT)), ...rest };
  });

const parameter = (node: JsonSchema, schema: JsonSchema): JsonSchema => ({
  ...described(pick(node, ['name', 'in', 'required', 'description'])),
  schema: { ...pick((node.schema ?? {}) as JsonSchema, ['default']), ...withoutNull(schema) },
});

/** The description without the tags that the generator leaves in it. */
const described = ({ description, ...rest }: JsonSchema): JsonSchema =>
  description === undefined
    ? rest
    : {
        ...rest,
        description: String(description)
          .replace(/\s*@format .*$/s, '')
          .replace(/\s+/g, ' '),
      };

const pick = (node: JsonSchema, names: readonly string[]): JsonSchema =>
  Object.fromEntries(names.filter((name) => node[name] !== undefined).map((name) => [name, node[name]]));
