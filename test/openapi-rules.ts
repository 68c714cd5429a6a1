/** Each check walks an OpenAPI document and returns a line per fault; nothing when the document keeps the rule. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Body } from './world.js';

type Node = Record<string, Body>;

/** Members of a schema that hold one schema, a list of them, or schemas by name. */
const ONE = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames', 'unevaluatedProperties'];
const LISTS = ['oneOf', 'anyOf', 'allOf', 'prefixItems'];
const NAMED = ['properties', 'patternProperties', '$defs'];
/** One of these says what a value is. */
const SAYS = ['$ref', 'type', 'oneOf', 'anyOf', 'allOf', 'const', 'enum'];

const isSchema = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A schema and all within it, with their paths. */
function* within(schema: Node, path: string): Generator<[Node, string]> {
  yield [schema, path];
  for (const key of ONE) if (isSchema(schema[key])) yield* within(schema[key], `${path}/${key}`);
  for (const key of LISTS) for (const [index, one] of (schema[key] ?? []).entries()) yield* within(one, `${path}/${key}/${index}`);
  for (const key of NAMED)
    for (const [name, one] of Object.entries(schema[key] ?? {})) yield* within(one as Node, `${path}/${key}/${name}`);
}

/** Every operation, also those that subscriptions receive. */
export function operationsIn(document: Node): { name: string; path: string; method: string; operation: Node }[] {
  return ['paths', 'webhooks'].flatMap((section) =>
    Object.entries((document[section] ?? {}) as Node).flatMap(([path, item]) =>
      Object.entries(item as Node).map(([method, operation]) => ({
        name: `${method} ${path}`,
        path,
        method,
        operation: operation as Node,
      })),
    ),
  );
}

/** Every place of the document where a schema stands. */
function* placesOf(document: Node): Generator<[Node, string]> {
  for (const [name, schema] of Object.entries(document.components.schemas)) yield [schema as Node, name];
  for (const [name, header] of Object.entries((document.components.headers ?? {}) as Node)) yield [header.schema, `header ${name}`];
  for (const { name, operation } of operationsIn(document)) {
    for (const one of operation.parameters ?? []) yield [one.schema, `${name} ${one.in} ${one.name}`];
    const bodies = [operation.requestBody, ...Object.values(operation.responses as Node)].filter((body) => body?.content);
    for (const { content } of bodies) for (const [type, { schema }] of Object.entries(content as Node)) yield [schema, `${name} ${type}`];
  }
}

const all = (document: Node): [Node | undefined, string][] =>
  [...placesOf(document)].flatMap<[Node | undefined, string]>(([schema, path]) =>
    isSchema(schema) ? [...within(schema, path)] : [[schema, path]],
  );

const includes = (schema: Node, type: string): boolean => [schema.type].flat().includes(type);

export const RULES: Record<string, (document: Node) => string[]> = {
  'every schema says what a value is': (document) =>
    all(document)
      .filter(([schema]) => schema === undefined || !SAYS.some((key) => key in schema))
      .map(([, path]) => path),

  'every object names its members, or says what its members are': (document) =>
    all(document)
      .filter(([schema]) => schema && [schema.type].flat().join() !== ANY_JSON && includes(schema, 'object') && !describesMembers(schema))
      .map(([, path]) => path),

  'every list says what its items are': (document) =>
    all(document)
      .filter(
        ([schema]) =>
          schema && [schema.type].flat().join() !== ANY_JSON && includes(schema, 'array') && !schema.items && !schema.prefixItems,
      )
      .map(([, path]) => path),

  'every member of an answer or a body has a description': (document) =>
    all(document)
      .flatMap(([schema, path]) =>
        Object.entries((schema?.properties ?? {}) as Node).map(([name, member]) => ({ path: `${path}.${name}`, member })),
      )
      .filter(({ path, member }) => !member.description && !('const' in member) && !IN_DESCRIBED.test(path) && !member.$ref)
      .map(({ path }) => path),

  'what is called a time, a day or a duration has that format': (document) =>
    all(document)
      .flatMap(([schema, path]) =>
        Object.entries((schema?.properties ?? {}) as Node).map(([name, member]) => ({ name, path: `${path}.${name}`, member })),
      )
      .filter(({ name, member }) => {
        if (/_at$/.test(name)) return member.format !== 'date-time';
        if (name === 'date') return member.format !== 'date';
        return /_(seconds|ms|days)$/.test(name) && !includes(member, 'integer');
      })
      .map(({ path }) => path),

  'every reference leads somewhere': (document) =>
    [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)]
      .map(([, path = '']) => path)
      .filter((path) => path.split('/').reduce<Body>((node, name) => node?.[name.replaceAll('~1', '/')], document) === undefined),

  'every operation has a short summary, tags, an id and its security': (document) =>
    operationsIn(document)
      .filter(
        ({ operation: { summary, tags, operationId, security } }) =>
          !summary || summary.length > 200 || !tags?.length || !operationId || !security,
      )
      .map(({ name }) => name),

  'every tag of an operation is described': (document) =>
    operationsIn(document)
      .flatMap(({ name, operation }) => (operation.tags ?? [UNTAGGED]).map((tag: string) => ({ name, tag })))
      .filter(({ tag }) => !document.tags?.some(({ name }: Node) => name === tag))
      .map(({ name, tag }) => `${name}: ${tag}`),

  'every parameter has a description, and only those of a path are always there or say so': (document) =>
    operationsIn(document)
      .flatMap(({ name, operation }) => (operation.parameters ?? []).map((one: Node) => ({ name: `${name} ${one.in} ${one.name}`, one })))
      .filter(({ one }) => !one.description || ('default' in one.schema && one.required) || (one.in === 'path' && !one.required))
      .map(({ name }) => name),

  'every answer with a body says its shape, also a refusal': (document) =>
    operationsIn({ paths: document.paths })
      .flatMap(({ name, operation }) =>
        Object.entries(operation.responses as Node).map(([status, response]) => ({ name: `${name} ${status}`, status, response })),
      )
      .filter(({ status, response }) => status !== '204' && !Object.values((response.content ?? {}) as Node).some(({ schema }) => schema))
      .map(({ name }) => name),

  'every answer lists the headers that each answer has': (document) =>
    operationsIn({ paths: document.paths })
      .flatMap(({ name, operation }) =>
        Object.entries(operation.responses as Node).map(([status, { headers }]) => ({ name: `${name} ${status}`, headers })),
      )
      .filter(({ headers }) => !headers?.['X-Request-Id'] || !headers['X-Gateway-Mode'])
      .map(({ name }) => name),

  'every example fits its schema': (document) => {
    const check = checkerOf(document);
    return all(document).flatMap(([schema, path]) => {
      const examples = [...(schema?.examples ?? []), ...(schema && 'example' in schema ? [schema.example] : [])];
      return examples.flatMap((example) => (schema ? check(schema, example) : [])).map((fault) => `${path}: ${fault}`);
    });
  },
};

const UNTAGGED = 'no tag';
const ANY_JSON = 'object,array,string,number,boolean,null';
/** Words of Meta that say what they are, and alternatives, which name members that stand above them. */
const IN_DESCRIBED = /\/properties\/upstream\.|\/(one|any)Of\/\d+\.\w+$/;

const describesMembers = (schema: Node): boolean =>
  Object.keys(schema.properties ?? {}).length > 0 ||
  isSchema(schema.additionalProperties) ||
  schema.additionalProperties === false ||
  (schema.additionalProperties === true && Boolean(schema.description)) ||
  LISTS.some((key) => schema[key]);

/** Compares values with schemas of a document. With `closed` a member that no schema names is a fault as well. */
export function checkerOf(document: Node, { closed = false } = {}): (schema: Node, value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addFormat('double', true);
  const schemas = structuredClone(document.components.schemas) as Node;
  for (const [schema] of Object.values(schemas).flatMap((one) => [...within(one as Node, '')]))
    if (closed && schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false;
  ajv.addSchema({ $id: 'openapi', components: { schemas } });
  return (schema, value) => {
    const { example: _, examples: __, ...rest } = schema;
    const validate = ajv.compile(JSON.parse(JSON.stringify(rest).replaceAll('"#/components', '"openapi#/components')));
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  };
}
