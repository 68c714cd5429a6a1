import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type JsonRecord, parseJson, record } from '#kernel/read.js';
import type { Simulator } from '#simulator/simulator.js';
import { ControlError, possible, sure } from './control-error.js';
import { addFault } from './fault-commands.js';
import { histories, loadHistory, replayDays } from './history-commands.js';
import { moveClock, patchNumber } from './number-commands.js';
import { openApi } from './openapi.js';
import { screenRoutes } from './screen.routes.js';
import { commandUser, putUser } from './user-commands.js';
import { callView, faultsView, nextView, numberView, stateView, userView } from './views.js';

/** The control API under `/api`: it moves users, number, clock and faults. It needs no key: all its users are simulated. */
export function controlRoutes(simulator: Simulator) {
  return async (app: FastifyInstance): Promise<void> => {
    app.setErrorHandler((error, request, reply) => {
      if (!(error instanceof ControlError)) throw error;
      const hint = `see ${app.prefix}/openapi.json`;
      return reply.code(error.status).send({ error: { status: error.status, message: error.message, hint, path: request.url } });
    });
    app.setNotFoundHandler((request) => {
      throw new ControlError(404, `no endpoint ${request.method} ${request.url.split('?', 1)[0]}`);
    });
    reading(app, simulator);
    users(app, simulator);
    screenRoutes(app, simulator);
    rest(app, simulator);
  };
}

function reading(app: FastifyInstance, simulator: Simulator): void {
  app.get('/openapi.json', async () => openApi(app.prefix));
  app.get('/state', async () => stateView(simulator));
  app.get('/number', async () => ({ number: numberView(simulator.context) }));
  app.get('/calls', async () => ({ calls: simulator.context.calls.all().reverse().map(callView), next: nextView(simulator) }));
  app.get('/faults', async () => ({ faults: faultsView(simulator) }));
}

function users(app: FastifyInstance, simulator: Simulator): void {
  app.get('/users', async () => ({ users: simulator.context.users.all().map((user) => userView(user, simulator.context)) }));
  app.get('/users/:id', async (request) => {
    const user = simulator.context.users.find(param(request, 'id'));
    if (!user) throw new ControlError(404, `no user ${param(request, 'id')}`);
    return { user: userView(user, simulator.context), next: nextView(simulator, user) };
  });
  app.post('/users', async (request, reply) => reply.code(201).send(putUser(simulator, null, bodyOf(request))));
  app.put('/users/:id', async (request) => putUser(simulator, param(request, 'id'), bodyOf(request)));
  app.post('/users/:id/:command', async (request) =>
    commandUser(simulator, param(request, 'id'), param(request, 'command'), bodyOf(request)),
  );
}

function rest(app: FastifyInstance, simulator: Simulator): void {
  app.patch('/number', async (request) => patchNumber(simulator, bodyOf(request)));
  app.post('/clock', async (request) => moveClock(simulator, bodyOf(request)));
  app.get('/history', async () => histories(simulator));
  app.put('/history', async (request) => loadHistory(simulator, bodyOf(request)));
  app.post('/traffic', async (request) => replayDays(simulator, bodyOf(request)));
  app.post('/greet', async () => ({ done: `these write now: ${simulator.greet().join(', ')}`, next: nextView(simulator) }));
  app.post('/faults', async (request, reply) => reply.code(201).send(addFault(simulator, bodyOf(request))));
  app.delete('/faults', async () => {
    simulator.requestFaults.clear();
    simulator.webhookFaults.clear();
    return { done: 'all faults are removed', next: nextView(simulator) };
  });
  app.post('/deliver', async ({ body }) => {
    sure(typeof body === 'string' && body !== '', 'the body is delivered as it stands, so there must be one');
    possible(simulator.delivery.target, 'no webhook is registered');
    simulator.delivery.post(body, 'deliver', 'as given');
    return { done: 'the body leaves now, with the registered headers, and again until it is answered 200', next: nextView(simulator) };
  });
  app.post('/reset', async () => {
    simulator.reset();
    return { done: 'users, calls, faults and plans are as at the start; clock, webhook and history stay', next: nextView(simulator) };
  });
}

const param = ({ params }: FastifyRequest, name: string): string => String(record(params)?.[name] ?? '');

/** No body is an empty object. */
function bodyOf({ body }: FastifyRequest): JsonRecord {
  if (typeof body !== 'string' || body.trim() === '') return {};
  const value = record(parseJson(body));
  sure(value, 'the body must be a JSON object');
  return value;
}
