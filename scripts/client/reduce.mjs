/** What 360dialog asks, and the console's own session. */
const NOT_FOR_CLIENTS = /^\/api\/(?:webhooks|session)(?:\/|$)/;
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
const REFERENCE = /#\/components\/schemas\/([^"]+)"/g;
/** The client sets this one for all requests. */
const LANGUAGE = 'Accept-Language';

/**
 * The document as the client needs it: JSON answers without the list of their headers, one shape for every refusal, and the schemas
 * that these name. An operation without a JSON answer is left out, unless its answer has no body.
 */
export function forClients({ openapi, info, paths, components: { schemas } }) {
  const kept = Object.fromEntries(
    Object.entries(paths).flatMap(([path, item]) => {
      const operations = NOT_FOR_CLIENTS.test(path) ? [] : METHODS.flatMap((method) => operationOf(item[method], method));
      return operations.length > 0 ? [[path, Object.fromEntries(operations)]] : [];
    }),
  );
  return { openapi, info, paths: kept, components: { schemas: usedSchemas(schemas, kept) } };
}

function operationOf(operation, method) {
  if (operation === undefined) return [];
  const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  const isJson = answers.every(([, { content }]) => content === undefined || content['application/json']);
  if (answers.length === 0 || !isJson) return [];
  const { security: _, parameters = [], ...rest } = operation;
  const responses = Object.fromEntries(answers.map(([status, answer]) => [status, jsonOf(answer)]));
  const refusal = {
    description: 'A refusal.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return [
    [method, { ...rest, parameters: parameters.filter(({ name }) => name !== LANGUAGE), responses: { ...responses, default: refusal } }],
  ];
}

function jsonOf({ description, content }) {
  return content === undefined ? { description } : { description, content: { 'application/json': content['application/json'] } };
}

/** Events reach clients by the stream and by subscriptions, which no operation here names. */
function usedSchemas(schemas, paths) {
  const used = new Set();
  const follow = (text) => {
    for (const [, name] of text.matchAll(REFERENCE)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(JSON.stringify(schemas[name]));
    }
  };
  follow(JSON.stringify(paths));
  follow('"#/components/schemas/Event" "#/components/schemas/Problem"');
  return Object.fromEntries([...used].sort().map((name) => [name, schemas[name]]));
}
