/** Writes `nullable` of OpenAPI 3.0 as 3.1 does: `null` is a type like any other. */
export function inOpenApi31<T>(document: T): T {
  return rewrite(document) as T;
}

function rewrite(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(rewrite);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, rewrite(value)]));
  if (nullable === undefined || nullable === false) return rest;
  if (nullable !== true) return { ...rest, nullable };
  if (typeof rest.type === 'string') {
    return { ...rest, type: [rest.type, 'null'], ...(Array.isArray(rest.enum) ? { enum: [...rest.enum, null] } : {}) };
  }
  const { description, ...shape } = rest;
  return { ...(description === undefined ? {} : { description }), anyOf: [shape, { type: 'null' }] };
}
