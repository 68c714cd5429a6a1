import type { FastifyInstance, FastifyReply } from 'fastify';
import { DAY } from '#kernel/clock.js';
import type { Simulator } from '#simulator/simulator.js';
import { isHistory } from '#simulator/traffic/histories.js';

const LIVED_MS = 30 * DAY;
/** Deliveries per second: leaves room for the calls of the user of the page. */
const PER_SECOND = 250;

/** The buttons of the page: they load a history or begin to replay its days, and return to the page. */
export function historyForms(app: FastifyInstance, simulator: Simulator): void {
  const back = (reply: FastifyReply) => reply.redirect(app.prefix || '/', 303);
  app.post('/history', async ({ body }, reply) => {
    const history = new URLSearchParams(String(body)).get('history');
    if (!isHistory(history)) return reply.code(400).send({ error: 'history must be one of those on the page' });
    simulator.traffic.load(history);
    return back(reply);
  });
  app.post('/traffic', async (_request, reply) => {
    const until = simulator.clock.now();
    if (simulator.delivery.target) void simulator.traffic.replay({ from: until - LIVED_MS, until, perSecond: PER_SECOND });
    return back(reply);
  });
}
