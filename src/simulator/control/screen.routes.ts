import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type JsonRecord, record } from '#kernel/read.js';
import type { Simulator } from '#simulator/simulator.js';
import type { SimulatedPerson } from '#simulator/world/people.js';
import { ControlError, simulatedUserOf } from './control-error.js';
import { lineWith, namedLine } from './numbers-commands.js';
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
  app.get('/users/:id/screen', async (request) => screenOf(simulator, idOf(request.params), request));
  app.get('/users/:id/events', (request, reply) => {
    const { person } = simulatedUserOf(simulator.context, idOf(request.params));
    namedLine(simulator, request);
    const close = record(request.query)?.play === 'true' ? takePhone(simulator, person) : () => {};
    reply.hijack();
    streams.add(reply);
    const stop = follow(reply, () => JSON.stringify(screenOf(simulator, person.id, request)));
    reply.raw.on('close', () => {
      stop();
      streams.delete(reply);
      close();
    });
  });
  app.get('/calls/:id/media', async ({ params }) => {
    const id = idOf(params);
    for (const { context } of simulator.lines) {
      const call = context.calls.get(id);
      if (call) return mediaView(call, context);
    }
    throw new ControlError(404, `no call ${id}`);
  });
}

const idOf = (params: unknown): string => String(record(params)?.id ?? '');

/** The screen of the number that a request names, else of the one with which something goes on. */
function screenOf(simulator: Simulator, id: string, request: FastifyRequest): JsonRecord {
  const { context } = lineWith(simulator, id, namedLine(simulator, request));
  return screenView(context, simulatedUserOf(context, id));
}

/** A person plays this user while the stream is open. */
function takePhone(simulator: Simulator, person: SimulatedPerson): () => void {
  const leave = simulator.pages.open(person);
  return () => {
    leave();
    for (const { callSimulation, context } of simulator.lines) callSimulation.pageClosed(context.users.of(person));
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
