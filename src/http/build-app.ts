import type { DynamicModule, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HeaderGates } from '#access/authorization/header-gates.service.js';
import { CredentialLookupService } from '#access/sessions/credential-lookup.service.js';
import { PrincipalsService } from '#access/sessions/principals.service.js';
import type { Settings } from '#config/settings.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { endIdleConnections } from '#kernel/idle-connections.js';
import { Problem } from '#kernel/problem.js';
import { createLogger, NestLogger } from '#telemetry/logger.js';
import { Metrics } from '#telemetry/metrics.js';
import { traceRequests } from '#telemetry/trace-requests.js';
import { JSON_LIMIT, readBodies } from './body.js';
import { mountDocs } from './docs.js';
import { Admission } from './entry/admission.js';
import { BodyBudget } from './entry/body-budget.js';
import { refuseUnknownEncodings } from './entry/content-encoding.js';
import { OperationsPort } from './entry/operations.server.js';
import { answerParserErrors } from './entry/parser-errors.js';
import { RateLimits } from './entry/rate-limits.js';
import { allowOrigins, securityHeaders, stamp } from './headers.js';
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
  const security = securityHeaders(settings.publicUrl);
  const adapter = new FastifyAdapter({
    bodyLimit: JSON_LIMIT,
    // Without a timeout 2,000 slow bodies would hold their sockets for ever.
    requestTimeout: 10 * SECOND,
    http: { headersTimeout: 5 * SECOND, connectionsCheckingInterval: SECOND, requireHostHeader: false },
    clientErrorHandler: answerParserErrors(settings, security),
    // While the process drains it still accepts deliveries on open connections; a 503 would delay a ringing call.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    ...(settings.trustedProxies.length ? { trustProxy: [...settings.trustedProxies] } : {}),
    genReqId: () => newId('req'),
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => unreadable(error, request, reply),
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: logger ?? new NestLogger(createLogger(settings)),
  });
  const filter = app.get(ProblemFilter);
  const admission = await addHttpHooks(app, settings, security);
  unreadable = (error, request, reply) => {
    stamp(request, reply, settings.mode, security);
    admission.countUnmatched(request).then(
      () => filter.answer(error, request, reply),
      (refusal: unknown) => filter.answer(refusal, request, reply),
    );
  };
  return app;
}

/** Everything about HTTP that holds for all routes; must come before the routes are made by `init()`. */
async function addHttpHooks(
  app: NestFastifyApplication,
  settings: Settings,
  security: Readonly<Record<string, string>>,
): Promise<Admission> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const metrics = app.get(Metrics);
  // Synchronous hooks use callbacks: a promise each would be a tenth of the cost of a webhook.
  fastify.addHook('onRequest', (request, reply, done) => {
    stamp(request, reply, settings.mode, security);
    // Node would answer this itself, without a problem document.
    done(isWithoutHost(request) ? new Problem('malformed_request') : undefined);
  });
  app.get(OperationsPort).hook(fastify);
  traceRequests(fastify);
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.httpSeconds.observe({ route, status: reply.statusCode }, reply.elapsedTime / SECOND);
    done();
  });
  allowOrigins(fastify, settings.corsOrigins);
  const admission = new Admission({
    limits: await RateLimits.on(fastify, settings.limits, app.get(Clock)),
    gates: app.get(HeaderGates),
    principals: app.get(PrincipalsService),
    lookup: app.get(CredentialLookupService),
  });
  admission.hook(fastify);
  refuseUnknownEncodings(fastify);
  new BodyBudget(settings.limits.bodyBytes).hook(fastify);
  readBodies(fastify, () => metrics.webhooks.inc({ result: 'too_large' }));
  mountDocs(app, fastify);
  endIdleConnections(fastify);
  return admission;
}

const isWithoutHost = ({ raw }: FastifyRequest): boolean => raw.httpVersion === '1.1' && raw.headers.host === undefined;
