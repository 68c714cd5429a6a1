import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

/** A JSON Schema (draft 2020-12) or a part of one. */
export type JsonSchema = Record<string, unknown>;

/** What a rule of class-validator, by its name, says about the value, or, for `each`, about every item. */
const RULES: Readonly<Record<string, (constraints: readonly unknown[]) => JsonSchema>> = {
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  isInt: () => ({ type: 'integer' }),
  isIn: ([values]) => ({ enum: values }),
  matches: ([pattern]) => ({ pattern: (pattern as RegExp).source }),
  isLength: ([minLength, maxLength]) => defined({ minLength, maxLength }),
  isTime: () => ({ format: 'date-time' }),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
  arrayUnique: () => ({ uniqueItems: true }),
};

/** The schema of a member of a DTO with what its validators ask for. A member that may be left out may be null as well. */
export function withConstraints(schema: JsonSchema, dto: Type, member: string): JsonSchema {
  const rules = getMetadataStorage()
    .getTargetValidationMetadatas(dto, '', false, false)
    .filter(({ propertyName }) => propertyName === member);
  const result: JsonSchema = { ...schema };
  for (const { name, type, constraints, each } of rules) {
    const said = RULES[name ?? type]?.(constraints) ?? {};
    if (each && result.items) result.items = { ...(result.items as JsonSchema), ...said };
    else Object.assign(result, said);
  }
  return rules.some(({ name }) => name === 'isOptional') ? orNull(result) : result;
}

/** The same or null. */
function orNull(schema: JsonSchema): JsonSchema {
  if (schema.$ref !== undefined) return { anyOf: [schema, { type: 'null' }] };
  const types = [schema.type].flat();
  if (types.includes('null') || Array.isArray(schema.anyOf)) return schema;
  return { ...schema, type: [...types, 'null'], ...(Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}) };
}

/** The same without null, which no query and no path holds. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const types = [schema.type].flat().filter((type) => type !== 'null');
  const values = Array.isArray(schema.enum) ? { enum: schema.enum.filter((value) => value !== null) } : {};
  return { ...schema, type: types.length === 1 ? types[0] : types, ...values };
}

const defined = (schema: JsonSchema): JsonSchema => Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
