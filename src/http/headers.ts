import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';
import type { Settings } from '#config/settings.js';
import { isApiRoute } from './entry/api-routes.js';

const EXPOSED = 'X-Request-Id, X-Gateway-Mode, Idempotency-Replayed, Retry-After, Location, WWW-Authenticate';
const ALLOWED = 'Authorization, Content-Type, Accept, Accept-Language, Idempotency-Key, Last-Event-ID';
const METHODS = 'GET, POST, PUT, PATCH, DELETE';

/** Sets the headers that every answer has. */
export function stamp(
  request: FastifyRequest,
  reply: FastifyReply,
  mode: Settings['mode'],
  security: Readonly<Record<string, string>>,
): void {
  reply.headers(security);
  reply.header('X-Request-Id', request.id);
  reply.header('X-Gateway-Mode', mode);
  // What reaches no route is a 404, under /api or elsewhere.
  if (request.is404 || isApiRoute(request)) reply.header('Cache-Control', 'no-store');
}

/**
 * Lets pages of the listed origins call the API with a bearer token. Cookies are never allowed across origins, and a page
 * of any other origin gets no header at all, so its browser refuses it.
 */
export function allowOrigins(fastify: FastifyInstance, origins: readonly string[]): void {
  const listed = new Set(origins.map((origin) => origin.replace(/\/+$/, '')));
  if (listed.size === 0) return;
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('Vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !listed.has(origin)) return;
    reply.header('Access-Control-Allow-Origin', origin).header('Access-Control-Expose-Headers', EXPOSED);
    if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return;
    reply
      .header('Access-Control-Allow-Methods', METHODS)
      .header('Access-Control-Allow-Headers', ALLOWED)
      .header('Access-Control-Max-Age', '600');
    return reply.status(204).send();
  });
}

/** The headers of helmet, computed once: they are the same for every answer. */
export function securityHeaders(publicUrl: string): Record<string, string> {
  const headers: Record<string, string> = {};
  const answer = { setHeader: (name: string, value: string) => (headers[name] = value), removeHeader: () => undefined };
  helmet(pageSecurity(publicUrl))({} as IncomingMessage, answer as unknown as ServerResponse, () => undefined);
  return headers;
}

/** The gateway's pages load from this origin only; inline scripts and styles do not run. */
const pageSecurity = (publicUrl: string): HelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'font-src': ["'self'"],
      'media-src': ["'self'", 'blob:'],
      'connect-src': ["'self'"],
      'manifest-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
    },
  },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: publicUrl.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: false } : false,
});
