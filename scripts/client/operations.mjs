/** One method for each operation, which are sorted as in the document. */
export function operationsText({ paths }) {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );
  return `import type { Client, FetchOptions } from 'openapi-fetch';
import type { components, operations, paths } from './api.ts';
import { answered } from './errors.ts';

/** Every shape of the API by its name. */
export type Schemas = components['schemas'];

type Init<Id extends keyof operations> = FetchOptions<operations[Id]>;

/** Every operation of the API that answers JSON, or with no body. */
export interface Operations {
${operations.map(memberOf).join('\n')}
}

export const operationsOf = (api: Client<paths, 'application/json'>): Operations => ({
${operations.map(({ path, method, operationId }) => `  ${operationId}: (init) => answered(api.${method}('${path}', init)),`).join('\n')}
});
`;
}

function memberOf(operation) {
  const { operationId, method, path, summary, description } = operation;
  const scopes = /^Scopes: .*$/m.exec(description ?? '')?.[0] ?? '';
  const text = [summary, scopes, `${method} ${path}`].filter(Boolean).join(' ').replaceAll('*/', '*\\/');
  return `  /** ${text} */\n  ${operationId}(init${needsInit(operation) ? '' : '?'}: Init<'${operationId}'>): Promise<${answerOf(operation)}>;`;
}

function needsInit({ parameters, requestBody }) {
  return requestBody?.required === true || parameters.some(({ required }) => required === true);
}

/** @throws Error for an answer that has no name of its own */
function answerOf({ operationId, responses }) {
  const names = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, { content }]) => {
      if (content === undefined) return 'undefined';
      const name = /^#\/components\/schemas\/(\w+)$/.exec(content['application/json'].schema?.$ref ?? '')?.[1];
      if (name === undefined) throw new Error(`${operationId}: the schema of its answer has no name`);
      return `Schemas['${name}']`;
    });
  return [...new Set(names)].join(' | ');
}
