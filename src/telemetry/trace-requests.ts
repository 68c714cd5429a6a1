import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Tracing, tracingNow } from './traces.js';

type Open = ReturnType<Tracing['open']>;

/** The routes of the API, in either shape. */
const API_ROUTE = /^\/(?:api|graph)\//;
/** A stream lasts for hours; the events in it have spans of their own. */
const NOT_TRACED = new Set(['/api/events']);

/**
 * One span for each request to the API, named after its route: a path may hold a phone number, so no span contains it. A
 * `traceparent` header continues the trace of the client.
 */
export function traceRequests(fastify: FastifyInstance): void {
  const open = new WeakMap<FastifyRequest, Open>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const tracing = tracingNow();
    const route = request.routeOptions.url;
    if (!tracing || !route || !API_ROUTE.test(route) || NOT_TRACED.has(route)) return done();
    const { traceparent } = request.headers;
    const span = tracing.open(`${request.method} ${route}`, {
      kind: 'server',
      attributes: { 'http.request.method': request.method, 'http.route': route, 'wac.request_id': request.id },
      cause: typeof traceparent === 'string' ? { traceparent } : null,
    });
    open.set(request, span);
    span.within(done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = open.get(request);
    span?.span.set('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.span.fail();
    span?.end();
    done();
  });
}
