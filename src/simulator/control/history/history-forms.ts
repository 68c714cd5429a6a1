import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DAY } from '#kernel/clock.js';
import { record } from '#kernel/read.js';
import type { Simulator } from '#simulator/simulator.js';
import { isHistory } from '#simulator/traffic/histories.js';

const LIVED_MS = 30 * DAY;
/** Deliveries per second: leaves room for the calls of the user of the page. */
const PER_SECOND = 250;

/** The buttons of the page: they load a history or begin to replay its days, and return to the page of the number. */
export function historyForms(app: FastifyInstance, simulator: Simulator): void {
  const asked = ({ query }: FastifyRequest) => {
    const line = simulator.lineOf(String(record(query)?.phone_number_id)) ?? simulator;
    return { line, page: line === simulator ? '' : `?phone_number_id=${line.identity.phoneNumberId}` };
  };
  const back = (reply: FastifyReply, page: string) => reply.redirect(`${app.prefix || '/'}${page}`, 303);
  app.post('/history', async (request, reply) => {
    const history = new URLSearchParams(String(request.body)).get('history');
    if (!isHistory(history)) return reply.code(400).send({ error: 'history must be one of those on the page' });
    const { line, page } = asked(request);
    line.traffic.load(history);
    return back(reply, page);
  });
  app.post('/traffic', async (request, reply) => {
    const { line, page } = asked(request);
    const until = line.clock.now();
    if (line.delivery.target) void line.traffic.replay({ from: until - LIVED_MS, until, perSecond: PER_SECOND });
    return back(reply, page);
  });
}
