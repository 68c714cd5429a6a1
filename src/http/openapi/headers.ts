import type { JsonSchema } from './constraints.js';

const header = (description: string, schema: JsonSchema = { type: 'string' }): JsonSchema => ({ description, schema });

/** Each header of an answer that a client can use, by its name. Security headers for browsers are left out. */
export const RESPONSE_HEADERS: Readonly<Record<string, JsonSchema>> = {
  'X-Request-Id': header('The id of this request in the log of the gateway.'),
  'X-Gateway-Mode': header('`simulator`: a simulated 360dialog answers, and no real call is made.', {
    type: 'string',
    enum: ['live', 'simulator'],
  }),
  'Cache-Control': header('Answers of the API are not stored by caches.', { type: 'string', enum: ['no-store'] }),
  'Retry-After': header('After so many seconds the same request can succeed.', { type: 'integer', minimum: 1 }),
  'WWW-Authenticate': header('What the credential lacks (RFC 6750).'),
  'Content-Language': header('The language of the texts.', { type: 'string', enum: ['en', 'es'] }),
  'Idempotency-Replayed': header('There when this is the stored answer to an earlier request with the same `Idempotency-Key`.', {
    type: 'string',
    enum: ['true'],
  }),
  Location: header('The path of what the request has begun.', { type: 'string', format: 'uri-reference' }),
  'Content-Disposition': header('The name of the file.'),
  'X-Accel-Buffering': header('Tells proxies to pass each event on at once.', { type: 'string', enum: ['no'] }),
  Vary: header('The request headers that the answer depends on.'),
  'Set-Cookie': header('The cookie of the session; empty when it ends.'),
};

const referenceTo = (name: string): JsonSchema => ({ $ref: `#/components/headers/${name}` });

/** References to headers, as an answer lists them. */
export const headersOf = (names: readonly string[]): JsonSchema => Object.fromEntries(names.map((name) => [name, referenceTo(name)]));

/** What every route takes. */
export const LANGUAGE_PARAMETER: JsonSchema = {
  name: 'Accept-Language',
  in: 'header',
  required: false,
  description: 'The language of texts for people: English, or Spanish with `es` (`es-MX` …).',
  schema: { type: 'string', examples: ['es'] },
};

/** What requests with side effects take. */
export const IDEMPOTENCY_PARAMETER: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Repeats the request safely: the same key with the same body gets the stored answer for 72 hours, with `Idempotency-Replayed: true`. ' +
    'Keys belong to one API key.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** What a route under a path with an id takes, in words. */
const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  id: 'The id, as another answer shows it.',
  phone_number_id: "Meta's id of the business number.",
  user: 'A phone number with its country code, in any usual writing, or a business-scoped user id (BSUID).',
  code: 'An error code such as `permission_required`, or a number of Meta such as `138006`.',
};
const CALL_ID = "The gateway's id of the call (`call_…`) or its `wacid`, percent-encoded.";

export const pathParameterText = (path: string, name: string): string | undefined =>
  name === 'id' && path.startsWith('/api/calling/calls/') ? CALL_ID : PATH_PARAMETERS[name];
