import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { openApi } from '#simulator/control/openapi.js';
import { RULES } from './openapi-rules.js';
import { type Body, World } from './world.js';

/** A document that breaks every rule. */
const BROKEN: Body = {
  paths: {
    '/x': {
      get: {
        parameters: [{ name: 'limit', in: 'query', required: true, schema: { default: 50 } }],
        responses: { 200: { content: { 'application/json': { schema: { type: 'array' } } } }, 202: {} },
      },
    },
  },
  components: {
    schemas: {
      Gate: {
        type: 'object',
        properties: { value: { type: 'object' }, checked_at: { type: 'string' }, after: { $ref: '#/components/schemas/Gone' } },
      },
      Count: { type: 'integer', example: 'many' },
      Any: {},
    },
  },
};

describe('the description of the API', () => {
  let world: World;
  let document: Body;
  beforeAll(async () => {
    world = await World.open();
    document = (await world.get('/openapi.json')).body;
  });
  afterAll(() => world.close());

  describe.each(Object.entries(RULES))('%s', (_, rule) => {
    it('in the document', () => expect(rule(document)).toEqual([]));
    it('else it is found', () => expect(rule(BROKEN)).not.toEqual([]));
  });

  it('types what was an object without members', () => {
    const { schemas } = document.components;
    const types = ({ type }: Body) => [type].flat().sort();
    for (const name of ['Gate', 'PreflightGate', 'ReportGate']) {
      const { value, required } = schemas[name].properties;
      expect([name, types(value), types(required)]).toEqual([name, ['null', 'number', 'string'], ['null', 'number', 'string']]);
    }
    expect(schemas.CreateToken.properties.ttl_seconds).toMatchObject({ type: ['integer', 'null'], minimum: 1, maximum: 900 });
    expect(schemas.CreateToken.required).toEqual(['scopes']);
    expect(schemas.Projection.properties.range).toMatchObject({
      type: ['array', 'null'],
      items: { type: 'string', format: 'date' },
      minItems: 2,
    });
    expect(schemas.Status.properties.figures.additionalProperties).toEqual({ $ref: '#/components/schemas/Metric' });
    const limit = document.paths['/api/calling/calls'].get.parameters.find(({ name }: Body) => name === 'limit');
    expect(limit).toMatchObject({ required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } });
  });

  it('says that make-call takes to or recipient', () => {
    const { oneOf, properties } = document.components.schemas.MakeCall;
    expect(oneOf.map(({ required }: Body) => required)).toEqual([['to'], ['recipient']]);
    expect(properties.to.description).toContain('exactly one of both');
    expect(document.components.schemas.CallSession.anyOf.map(({ required }: Body) => required)).toEqual([['id'], ['call_id']]);
  });

  it('says how each route knows who asks', () => {
    const { paths } = document;
    expect(paths['/api/tokens'].post.security).toEqual([{ bearer: [] }]);
    expect(paths['/api/calling/make-call'].post.security).toEqual([{ bearer: [] }, { session: [] }]);
    expect(paths['/api/webhooks/360dialog'].post.security).toEqual([{ webhook: [] }]);
    expect(paths['/health/live'].get.security).toEqual([]);
  });

  it('describes Idempotency-Key where it is taken, and the answer that replays', () => {
    const taking = Object.entries(document.paths as Body).flatMap(([path, item]) =>
      Object.values(item as Body)
        .filter(({ parameters }: Body) => parameters.some(({ name }: Body) => name === 'Idempotency-Key'))
        .map((operation: Body) => ({
          path,
          replayed: Object.values(operation.responses).some(({ headers }: Body) => headers['Idempotency-Replayed']),
        })),
    );
    expect(taking.map(({ path }) => path)).toEqual(expect.arrayContaining(['/api/calling/make-call', '/api/keys', '/api/subscriptions']));
    expect(taking.filter(({ replayed }) => !replayed)).toEqual([]);
  });

  it('passes the rules that Redocly recommends, and a fault in it is found', async () => {
    const config = await createConfig({ extends: ['recommended'], rules: { 'operation-4xx-response': 'off' } });
    const lint = async (source: Body) =>
      (await lintFromString({ source: JSON.stringify(source), config })).map(({ message, location: [at] }) => `${at?.pointer}: ${message}`);
    expect(await lint(document)).toEqual([]);
    expect(await lint(openApi('/simulator/api'))).toEqual([]);
    const { security: _, ...open } = document.paths['/api/tokens'].post;
    expect(await lint({ ...document, paths: { ...document.paths, '/api/tokens': { post: open } } })).not.toEqual([]);
  });

  it('gives openapi-typescript types that compile strictly, also as a client uses them', async () => {
    const types = astToString(await openapiTS(document));
    expect(errorsIn(types, CLIENT)).toEqual([]);
    expect(errorsIn(types, `${HEAD}const call: MakeCall = { reference: 'neither to nor recipient' };\nexport { call };`)).toHaveLength(1);
  });
});

const HEAD = `import type { components, paths, webhooks } from './api.js';
type Schemas = components['schemas'];
type MakeCall = paths['/api/calling/make-call']['post']['requestBody']['content']['application/json'];
`;

const CLIENT = `${HEAD}
export const dialled: MakeCall = { to: '+52 55 1234 5678' };
export const hidden: MakeCall = { recipient: 'MX.1000000000000001', reference: null };
export const token: Schemas['CreateToken'] = { scopes: ['calls:read'] };
export const page: NonNullable<paths['/api/calling/calls']['get']['parameters']['query']> = { limit: 20 };
export function ends(event: Schemas['Event']): string | null {
  if (event.type === 'call.ended') return event.data.outcome;
  if (event.type === 'permission.updated') return event.data.user.wa_id;
  if (event.type === 'call.updated') return event.data.changed.join();
  return null;
}
export const value = ({ value, required }: Schemas['Gate']): string | number | null => value ?? required;
export const day = ({ range }: Schemas['Projection']): string | undefined => range?.[0];
export const posted = (body: webhooks['call.incoming']['post']['requestBody']['content']['application/json']): string => body.data.id;
`;

/** What the compiler says of a client that uses generated types, with every strict option. */
function errorsIn(types: string, client: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'api-types-'));
  try {
    writeFileSync(join(folder, 'api.ts'), types);
    writeFileSync(join(folder, 'client.ts'), client);
    const program = ts.createProgram([join(folder, 'client.ts')], {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: [],
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    });
    return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
