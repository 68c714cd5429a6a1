import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bearerToken } from '#access/keys/api-key.js';
import { Settings } from '#config/settings.js';
import { SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';

/** What is moved to the port of operations. */
const MOVED = /^\/(?:metrics|docs|openapi\.json|llms\.txt)(?:\/|$)/;
const METRICS = '/metrics';
const HEALTH = /^\/health\//;

/**
 * `OPERATIONS_PORT`: metrics and the description of the API are then served on a port of their own, and nowhere else; health is served on
 * both. Requests of both ports pass the same hooks. `METRICS_TOKEN` guards the metrics on either port.
 */
@Injectable()
export class OperationsPort {
  readonly #received = new WeakSet<IncomingMessage>();
  #fastify: FastifyInstance | null = null;
  #server: Server | null = null;

  constructor(private readonly settings: Settings) {}

  /** Registers the checks; no other hook should answer first. */
  hook(fastify: FastifyInstance): void {
    this.#fastify = fastify;
    fastify.addHook('onRequest', (request, _reply, done) => done(this.#refusalOf(request)));
    fastify.addHook('onClose', (_instance, done) => {
      if (!this.#server) return done();
      this.#server.close(() => done());
      this.#server.closeIdleConnections();
    });
  }

  /** Listens, if the port is configured. @throws the error of the system, such as EADDRINUSE */
  async listen(): Promise<void> {
    const { port } = this.settings.operations;
    if (port === null) return;
    const server = createServer({ headersTimeout: 5 * SECOND, requestTimeout: 10 * SECOND }, (request, response) => {
      this.#received.add(request);
      this.#fastify?.routing(request, response);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.settings.host, resolve);
    });
    this.#server = server;
  }

  /** The port that was taken; null when there is none. */
  get port(): number | null {
    const address = this.#server?.address();
    return address && typeof address === 'object' ? address.port : null;
  }

  #refusalOf(request: FastifyRequest): Problem | undefined {
    const { port, metricsToken } = this.settings.operations;
    const url = request.routeOptions.url ?? '';
    if (port !== null && !isServed(url, this.#received.has(request.raw))) return new Problem('route_not_found');
    if (url !== METRICS || metricsToken === null) return undefined;
    return metricsToken.equals(bearerToken(request.headers.authorization) ?? '') ? undefined : new Problem('metrics_unauthorized');
  }
}

const isServed = (url: string, onOperations: boolean): boolean => HEALTH.test(url) || MOVED.test(url) === onOperations;
