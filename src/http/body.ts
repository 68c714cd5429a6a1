import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noteEncodedBody } from '#api-conventions/encoded-body.js';
import { invalidField } from '#api-conventions/invalid-field.js';
import { isWebhookRoute } from '#config/webhook-path.js';
import { Problem } from '#kernel/problem.js';
import { isMailLinkRoute, SIGN_IN_PATH } from './entry/api-routes.js';
import { decoded, encodingOf, undeclaredEncodingOf } from './entry/content-encoding.js';
import { nulIn } from './entry/nul.js';

/** 360dialog's own limit for one delivery. */
export const WEBHOOK_LIMIT = 3 * 1024 * 1024;
export const JSON_LIMIT = 256 * 1024;
/** Signing in is open to everybody, and its body holds a key and a name. */
const SIGN_IN_LIMIT = 8 * 1024;
/** The deepest nesting of a body; no DTO nests deeper than a dozen levels. */
const DEEPEST = 32;

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

const isDelivery = ({ method, url }: { method: string | string[]; url: string | undefined }): boolean =>
  method === 'POST' && isWebhookRoute(url);

const isDeliveryRequest = (request: FastifyRequest): boolean => isDelivery({ method: request.method, url: request.routeOptions.url });

/**
 * How bodies are parsed: a delivery of 360dialog as raw bytes for every content type, everything else as JSON. A body with a
 * `Content-Encoding` is decoded first, and the limit of its route holds for the decoded bytes.
 * Plugins registered later may replace the parsers within their own prefix.
 */
export function readBodies(fastify: FastifyInstance, onDeliveryTooLarge: () => void): void {
  fastify.addHook('onRoute', (route) => {
    if (isDelivery(route)) route.bodyLimit = WEBHOOK_LIMIT;
    if (route.method === 'POST' && route.url === SIGN_IN_PATH) route.bodyLimit = SIGN_IN_LIMIT;
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Fastify refuses a type that it cannot read before any parser sees the body; a delivery may claim anything.
    if (isDeliveryRequest(request)) request.raw.headers['content-type'] = 'application/octet-stream';
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode === 413 && isDeliveryRequest(request)) onDeliveryTooLarge();
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    const encoding = encodingOf(request) ?? (isDeliveryRequest(request) ? undeclaredEncodingOf(body as Buffer) : null);
    // A promise for each webhook would be a tenth of its cost.
    if (encoding === null || body.length === 0) return parse(request, body as Buffer, done);
    if (isDeliveryRequest(request)) noteEncodedBody(request, body as Buffer);
    const { bodyLimit } = request.routeOptions;
    decoded(body as Buffer, encoding, bodyLimit ?? JSON_LIMIT).then((content) => parse(request, content, done), done);
  });
}

function parse(request: FastifyRequest, body: Buffer, done: (error: Error | null, body?: unknown) => void): void {
  try {
    done(null, isDeliveryRequest(request) ? body : readJson(request, body));
  } catch (error) {
    done(error as Error, undefined);
  }
}

/** @throws Problem `unsupported_media_type`, `invalid_json`, or `invalid_request` for members that no request of ours has */
function readJson(request: FastifyRequest, body: Buffer): unknown {
  // The form of a page and a mail program's own post: only the link counts.
  if (request.is404 || body.length === 0 || isMailLinkRoute(request.routeOptions.url)) return undefined;
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) throw new Problem('unsupported_media_type');
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    throw new Problem('invalid_json');
  }
  refuseTraps(value, [], null);
  return value;
}

/** Members that poison prototypes, depths that exhaust the stack, and NUL, which no Postgres text can hold. */
function refuseTraps(value: unknown, path: readonly string[], key: string | null): void {
  if ((typeof value === 'string' && value.includes('\0')) || key?.includes('\0')) throw nulIn(nameOf(path));
  if (key === '__proto__' || (key === 'prototype' && path.at(-2) === 'constructor'))
    throw refused(path, 'is not allowed', 'no está permitido');
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= DEEPEST) throw refused(path.slice(0, 3), 'is nested too deeply', 'tiene demasiados niveles');
  for (const [name, member] of Object.entries(value)) refuseTraps(member, [...path, name], name);
}

const refused = (path: readonly string[], en: string, es: string): Problem => invalidField(nameOf(path), en, es);

const nameOf = (path: readonly string[]): string => path.join('.').slice(0, 200) || 'body';
