import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ALTERNATIVES_METADATA, type Alternatives } from '#api-conventions/fields.decorator.js';
import type { JsonSchema } from './constraints.js';

/** The schemas of the document with what holds for a class as a whole: alternatives of members, and members that have no name yet. */
export const withShapes = (
  { components }: OpenAPIObject,
  classes: readonly Type[],
  openClasses: readonly string[],
): Record<string, JsonSchema> => {
  const schemas = { ...components?.schemas } as Record<string, JsonSchema>;
  for (const type of classes) {
    const alternatives = Reflect.getMetadata(ALTERNATIVES_METADATA, type) as Alternatives | undefined;
    const shape = { ...(alternatives && oneOf(alternatives)), ...(openClasses.includes(type.name) ? { additionalProperties: true } : {}) };
    schemas[type.name] = { ...schemas[type.name], ...shape };
  }
  return schemas;
};

/** A member that is null counts as left out. */
const oneOf = ({ members, exactly }: Alternatives): JsonSchema => ({
  [exactly ? 'oneOf' : 'anyOf']: members.map((member) => ({
    type: 'object',
    required: [member],
    properties: { [member]: { type: 'string' } },
  })),
});
