import type { FastifyInstance } from 'fastify';
import { SECOND } from './clock.js';

/**
 * While the server closes, ends each connection once it is idle. Node ends the connections that are idle when the close begins,
 * and waits for the others until the client closes them or their keep-alive ends, which with Fastify is 72 s.
 */
export function endIdleConnections(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    const timer = setInterval(() => app.server.closeIdleConnections(), SECOND / 4);
    app.server.once('close', () => clearInterval(timer));
  });
}
