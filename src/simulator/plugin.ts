import type { FastifyInstance } from 'fastify';
import { endIdleConnections } from '#kernel/idle-connections.js';
import { record } from '#kernel/read.js';
import { OPEN_TO_THIS_MACHINE, onlyClients, onlyOwnPages, type SimulatorAccess } from './access.js';
import { controlRoutes } from './control/control.routes.js';
import { historyForms } from './control/history/history-forms.js';
import { PAGE_STYLE, page } from './control/page.js';
import { simulatedGraphRoutes } from './graph/graph.routes.js';
import type { SimulatedLine } from './line.js';
import { SIMULATOR_PAGE_HEADERS } from './page-headers.js';
import { partnerRoutes } from './partner/partner.routes.js';
import { phonePage } from './phone/page.routes.js';
import type { Simulator } from './simulator.js';
import { upstreamApiRoutes } from './wire/upstream-api.routes.js';

/**
 * The simulator as a Fastify plugin, to be registered with a prefix such as `/simulator` before the server is ready:
 * the simulated 360dialog at `/360dialog/*`, its partner API at `/partner/*`, Meta's Graph API at `/graph/*`, the control API at `/api/*`, a phone to play a
 * user at `/phone`, an overview at the prefix itself. The plugin reads bodies as text, without the parsers of the
 * host. The server closes the simulator. `access` says who may use it.
 */
export async function simulatorPlugin(
  fastify: FastifyInstance,
  { simulator, access = OPEN_TO_THIS_MACHINE }: { simulator: Simulator; access?: SimulatorAccess },
): Promise<void> {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  fastify.addHook('onClose', async () => simulator.close());
  endIdleConnections(fastify);
  fastify.addHook('onRequest', onlyClients(access));
  await fastify.register(upstreamApiRoutes(simulator), { prefix: '/360dialog' });
  await fastify.register(partnerRoutes(simulator), { prefix: '/partner' });
  await fastify.register(simulatedGraphRoutes(simulator), { prefix: '/graph' });
  await fastify.register(pages(simulator, access));
}

/** The line that the address of a page names; the first for one that does not exist. */
const lineNamed = (simulator: Simulator, query: unknown): SimulatedLine =>
  simulator.lineOf(String(record(query)?.phone_number_id)) ?? simulator;

/** What people use: the control API and the pages. */
const pages =
  (simulator: Simulator, access: SimulatorAccess) =>
  async (fastify: FastifyInstance): Promise<void> => {
    fastify.addHook('onRequest', onlyOwnPages(access));
    await fastify.register(controlRoutes(simulator), { prefix: '/api' });
    await fastify.register(phonePage);
    historyForms(fastify, simulator);
    fastify.get('/', async ({ protocol, host, query }, reply) =>
      reply
        .headers(SIMULATOR_PAGE_HEADERS)
        .type('text/html; charset=utf-8')
        .send(page(simulator, lineNamed(simulator, query), fastify.prefix, `${protocol}://${host}`)),
    );
    fastify.get('/page.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(PAGE_STYLE));
  };
