import type { OpenAPIObject } from '@nestjs/swagger';
import { isWebhookRoute } from '#config/webhook-path.js';
import { entryOf } from '#error-catalogue/lookup.js';
import type { ProblemCode } from '#kernel/problem.js';
import type { JsonSchema } from './constraints.js';
import { headersOf, IDEMPOTENCY_PARAMETER, LANGUAGE_PARAMETER, pathParameterText } from './headers.js';
import type { RouteFacts } from './routes.js';

/** One operation, as far as this folder reads and writes it. */
export interface OperationObject {
  operationId: string;
  summary?: string;
  description?: string;
  parameters?: JsonSchema[];
  requestBody?: unknown;
  responses: Record<string, Response>;
  security?: Record<string, string[]>[];
}

interface Response {
  description: string;
  headers?: JsonSchema;
  content?: Record<string, JsonSchema>;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Every operation of the document with its path. */
export const operationsOf = ({ paths }: OpenAPIObject): { path: string; operation: OperationObject }[] =>
  Object.entries(paths as unknown as Record<string, Partial<Record<string, OperationObject>>>).flatMap(([path, item]) =>
    METHODS.flatMap((method) => item[method] ?? []).map((operation) => ({ path, operation })),
  );

/** What every route can answer. */
const ALWAYS: ProblemCode[] = ['store_unavailable', 'internal_error'];

/** What every route with a body can answer before its handler runs. */
const WITH_A_BODY: ProblemCode[] = [
  'invalid_json',
  'unsupported_media_type',
  'unsupported_content_encoding',
  'malformed_content_encoding',
  'payload_too_large',
  'too_many_bodies',
];

/** Writes into an operation what its decorators do not: access, refusals, common parameters and headers. */
export function describeOperation(path: string, operation: OperationObject, facts: RouteFacts): void {
  for (const response of Object.values(operation.responses)) describeAnswer(path, response, facts);
  for (const [status, refusal] of Object.entries(problemResponses(path, codesOf(path, operation, facts), facts))) {
    const { headers, content } = operation.responses[status] ?? {};
    operation.responses[status] = { ...refusal, headers: { ...headers, ...refusal.headers }, content: { ...content, ...refusal.content } };
  }
  operation.parameters = parametersOf(path, operation, facts);
  operation.security ??= facts.open ? [] : [{ bearer: [] }, { session: [] }];
  const { summary, rest } = sentences(operation.summary ?? '');
  operation.summary = summary;
  const description = [rest, operation.description, accessText(operation, facts)].filter(Boolean).join('\n\n');
  if (description) operation.description = description;
}

/** The first sentence of a docstring, and what follows it. */
function sentences(docstring: string): { summary: string; rest: string } {
  const text = docstring.replace(/\s+/g, ' ').trim();
  const [summary = text] = /^.*?[.!?](?=\s+[A-Z`"]|$)/.exec(text) ?? [];
  return { summary, rest: text.slice(summary.length).trim() };
}

function accessText({ security }: OperationObject, { scopes, open }: RouteFacts): string {
  if (open) return security?.length ? '' : 'Open without a key.';
  return scopes.length ? `Scopes: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.` : 'Scopes: none; any key will do.';
}

function parametersOf(path: string, { parameters = [] }: OperationObject, { idempotent }: RouteFacts): JsonSchema[] {
  const named = parameters.map((one) => ({
    ...one,
    ...(one.in === 'path' && one.description === undefined ? { description: pathParameterText(path, String(one.name)) } : {}),
  }));
  return [...named, ...(idempotent ? [IDEMPOTENCY_PARAMETER] : []), LANGUAGE_PARAMETER];
}

function codesOf(path: string, operation: OperationObject, { open, problems }: RouteFacts): ProblemCode[] {
  const access: ProblemCode[] = open ? [] : ['unauthenticated', 'key_suspended', 'insufficient_scope'];
  const input: ProblemCode[] = operation.parameters?.length || operation.requestBody ? ['invalid_request'] : [];
  const body: ProblemCode[] = operation.requestBody && !isWebhookRoute(path) ? WITH_A_BODY : [];
  const rate: ProblemCode[] = path.startsWith('/api/') && !isWebhookRoute(path) ? ['too_many_requests'] : [];
  return [...access, ...input, ...body, ...rate, ...problems, ...ALWAYS];
}

const commonHeaders = (path: string): string[] => [
  'X-Request-Id',
  'X-Gateway-Mode',
  ...(path.startsWith('/api/') ? ['Cache-Control'] : []),
];

function describeAnswer(path: string, response: Response, { idempotent }: RouteFacts): void {
  response.description ||= 'Success.';
  response.headers = { ...headersOf([...commonHeaders(path), ...(idempotent ? ['Idempotency-Replayed'] : [])]), ...response.headers };
  // A class describes the JSON alone.
  for (const [type, body] of Object.entries(response.content ?? {})) {
    if (type.startsWith('text/') && type !== 'text/event-stream') body.schema = { type: 'string' };
  }
}

/** Statuses whose answers say what the credential lacks; the others say when to ask again, where the code has a time. */
const WITH_CREDENTIALS = new Set([401, 403]);

/** One response per status, listing the codes that have it. */
function problemResponses(path: string, codes: readonly ProblemCode[], { idempotent }: RouteFacts): Record<string, Response> {
  const byStatus = Map.groupBy(
    [...new Set(codes)].map((code) => entryOf(code)),
    ({ status }) => status,
  );
  return Object.fromEntries(
    [...byStatus].map(([status, entries]) => [
      String(status),
      {
        description: entries.map(({ code, en }) => `\`${code}\`: ${en.title}`).join('\n\n'),
        headers: headersOf([
          ...commonHeaders(path),
          'Content-Language',
          ...(WITH_CREDENTIALS.has(status) ? ['WWW-Authenticate'] : ['Retry-After']),
          ...(idempotent ? ['Idempotency-Replayed'] : []),
        ]),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}
