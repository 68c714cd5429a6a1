import type { DynamicModule, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '#config/settings.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { endIdleConnections } from '#kernel/idle-connections.js';
import { createLogger, NestLogger } from '#telemetry/logger.js';
import { Metrics } from '#telemetry/metrics.js';
import { traceRequests } from '#telemetry/trace-requests.js';
import { JSON_LIMIT, readBodies } from './body.js';
import { mountDocs } from './docs.js';
import { allowOrigins, securityHeaders, stamp } from './headers.js';
import { limitRates } from './limits/rate-limits.js';
import { ProblemFilter } from './problem.filter.js';

export interface BuildOptions {
  /** Nest's own logger; `false` for none. */
  logger?: LoggerService | false;
}

/**
 * The whole gateway, made from its root module and ready for `init()` and `listen()`. The database is open and up to date by then.
 * @throws WrongDatabase
 */
export async function buildApp(root: DynamicModule, settings: Settings, { logger }: BuildOptions = {}): Promise<NestFastifyApplication> {
  let unreadable: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void = () => undefined;
  const adapter = new FastifyAdapter({
    bodyLimit: JSON_LIMIT,
    // Without a timeout 2,000 slow bodies would hold their sockets for ever.
    requestTimeout: 10 * SECOND,
    http: { headersTimeout: 5 * SECOND, connectionsCheckingInterval: SECOND },
    // While the process drains it still accepts deliveries on open connections; a 503 would delay a ringing call.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    ...(settings.trustedProxies.length ? { trustProxy: [...settings.trustedProxies] } : {}),
    genReqId: () => newId('req'),
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => unreadable(error, request, reply),
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: logger ?? new NestLogger(createLogger(settings)),
  });
  const filter = app.get(ProblemFilter);
  const security = securityHeaders(settings.publicUrl);
  unreadable = (error, request, reply) => {
    stamp(request, reply, settings.mode, security);
    filter.answer(error, request, reply);
  };
  await addHttpHooks(app, settings, security);
  return app;
}

/** Everything about HTTP that holds for all routes; must come before the routes are made by `init()`. */
async function addHttpHooks(app: NestFastifyApplication, settings: Settings, security: Readonly<Record<string, string>>): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const metrics = app.get(Metrics);
  // Synchronous hooks use callbacks: a promise each would be a tenth of the cost of a webhook.
  fastify.addHook('onRequest', (request, reply, done) => {
    stamp(request, reply, settings.mode, security);
    done();
  });
  traceRequests(fastify);
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.httpSeconds.observe({ route, status: reply.statusCode }, reply.elapsedTime / SECOND);
    done();
  });
  allowOrigins(fastify, settings.corsOrigins);
  await limitRates(fastify, settings.limits, app.get(Clock));
  readBodies(fastify, () => metrics.webhooks.inc({ result: 'too_large' }));
  mountDocs(app, fastify);
  endIdleConnections(fastify);
}
