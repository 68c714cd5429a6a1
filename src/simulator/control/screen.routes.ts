import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { record } from '#kernel/read.js';
import type { Simulator } from '#simulator/simulator.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { ControlError, simulatedUserOf } from './control-error.js';
import { screenView } from './screen.js';
import { mediaView } from './views.js';

/** How often a stream compares its screen; a person does not notice less. */
const COMPARE_EVERY_MS = 50;
/** Proxies may cut a connection that is silent for longer. */
const COMPARISONS_PER_HEARTBEAT = 300;

/** What a phone shows and what it hears: read once, or followed as Server-Sent Events. */
export function screenRoutes(app: FastifyInstance, simulator: Simulator): void {
  const streams = new Set<FastifyReply>();
  app.addHook('preClose', async () => {
    for (const { raw } of streams) raw.end();
  });
  app.get('/users/:id/screen', async ({ params }) => screenView(simulator.context, simulatedUserOf(simulator.context, idOf(params))));
  app.get('/users/:id/events', (request, reply) => {
    const user = simulatedUserOf(simulator.context, idOf(request.params));
    const close = record(request.query)?.play === 'true' ? takePhone(simulator, user) : () => {};
    reply.hijack();
    streams.add(reply);
    const stop = follow(reply, () => JSON.stringify(screenView(simulator.context, simulator.context.users.find(user.id) ?? user)));
    reply.raw.on('close', () => {
      stop();
      streams.delete(reply);
      close();
    });
  });
  app.get('/calls/:id/media', async ({ params }) => {
    const id = idOf(params);
    const call = simulator.context.calls.get(id);
    if (!call) throw new ControlError(404, `no call ${id}`);
    return mediaView(call, simulator.context);
  });
}

const idOf = (params: unknown): string => String(record(params)?.id ?? '');

/** A person plays this user while the stream is open. */
function takePhone(simulator: Simulator, user: SimulatedUser): () => void {
  const leave = simulator.pages.open(user);
  return () => {
    leave();
    simulator.callSimulation.pageClosed(simulator.context.users.find(user.id) ?? user);
  };
}

/** Sends the screen now and whenever it changes. @returns what stops it */
function follow(reply: FastifyReply, read: () => string): () => void {
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  let shown = '';
  let comparisons = 0;
  const show = (): void => {
    const screen = read();
    comparisons += 1;
    if (screen !== shown) raw.write(`event: screen\ndata: ${screen}\n\n`);
    else if (comparisons % COMPARISONS_PER_HEARTBEAT === 0) raw.write(': still here\n\n');
    shown = screen;
  };
  show();
  const timer = setInterval(show, COMPARE_EVERY_MS).unref();
  return () => clearInterval(timer);
}
