import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type JsonRecord, parseJson, record } from '#kernel/read.js';
import type { SimulatedLine } from '#simulator/line.js';
import type { Simulator } from '#simulator/simulator.js';
import { moveClock, resetWorld } from './clock-commands.js';
import { ControlError, possible, sure } from './control-error.js';
import { addFault } from './fault-commands.js';
import { histories, loadHistory, replayDays } from './history/history-commands.js';
import { patchNumber } from './number-commands.js';
import { addNumber, asked, lineWith, listNumbers, namedLine, renewKey } from './numbers-commands.js';
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
  const lineOf = (request: FastifyRequest) => namedLine(simulator, request) ?? simulator;
  app.get('/openapi.json', async () => openApi(app.prefix));
  app.get('/state', async (request) => ({ ...stateView(lineOf(request)), ...listNumbers(simulator) }));
  app.get('/numbers', async () => listNumbers(simulator));
  app.get('/number', async (request) => ({ number: numberView(lineOf(request).context) }));
  app.get('/calls', async (request) => ({
    calls: lineOf(request).context.calls.all().reverse().map(callView),
    next: nextView(lineOf(request)),
  }));
  app.get('/faults', async (request) => ({ faults: faultsView(lineOf(request)) }));
  app.get('/history', async (request) => histories(lineOf(request)));
}

function users(app: FastifyInstance, simulator: Simulator): void {
  app.get('/users', async (request) => {
    const { context } = namedLine(simulator, request) ?? simulator;
    return { users: context.users.all().map((user) => userView(user, context)) };
  });
  app.get('/users/:id', async (request) => {
    const line = namedLine(simulator, request) ?? simulator;
    const user = line.context.users.find(param(request, 'id'));
    if (!user) throw new ControlError(404, `no user ${param(request, 'id')}`);
    return { user: userView(user, line.context), next: nextView(line, user) };
  });
  app.post('/users', async (request, reply) => {
    const { line, body } = asked(simulator, request, bodyOf(request));
    return reply.code(201).send(putUser(line, null, body));
  });
  app.put('/users/:id', async (request) => {
    const { line, body } = asked(simulator, request, bodyOf(request));
    return putUser(line, param(request, 'id'), body);
  });
  app.post('/users/:id/:command', async (request) => {
    const { named, body } = asked(simulator, request, bodyOf(request));
    const command = param(request, 'command');
    const line = named ?? (NEEDS_PARTNER.has(command) ? lineWith(simulator, param(request, 'id')) : simulator);
    return commandUser(line, param(request, 'id'), command, body);
  });
}

/** Commands about what goes on: without a named number, they are about the one with which something does. */
const NEEDS_PARTNER: ReadonlySet<string> = new Set(['session', 'grant', 'revoke', 'answer', 'reject', 'hang-up']);

function rest(app: FastifyInstance, simulator: Simulator): void {
  const about =
    <T>(work: (line: SimulatedLine, body: JsonRecord) => T) =>
    async (request: FastifyRequest): Promise<Awaited<T>> => {
      const { line, body } = asked(simulator, request, bodyOf(request));
      return await work(line, body);
    };
  app.post('/numbers', async (request, reply) => reply.code(201).send(addNumber(simulator, bodyOf(request))));
  app.post('/numbers/:id/key', async (request) => renewKey(simulator, param(request, 'id')));
  app.patch('/number', about(patchNumber));
  app.post('/clock', about(moveClock));
  app.put('/history', about(loadHistory));
  app.post('/traffic', about(replayDays));
  app.post(
    '/greet',
    about((line) => ({ done: `these write now: ${line.greet().join(', ')}`, next: nextView(line) })),
  );
  app.post('/faults', async (request, reply) => reply.code(201).send(await about(addFault)(request)));
  app.delete(
    '/faults',
    about((line) => {
      line.requestFaults.clear();
      line.webhookFaults.clear();
      return { done: 'all faults are removed', next: nextView(line) };
    }),
  );
  app.post('/deliver', async (request) => {
    const { body } = request;
    const line = namedLine(simulator, request) ?? simulator;
    sure(typeof body === 'string' && body !== '', 'the body is delivered as it stands, so there must be one');
    possible(line.delivery.target, 'no webhook is registered');
    line.delivery.post(body, 'deliver', 'as given');
    return { done: 'the body leaves now, with the registered headers, and again until it is answered 200', next: nextView(line) };
  });
  app.post('/reset', async (request) => {
    const { named, body } = asked(simulator, request, bodyOf(request));
    return resetWorld(simulator, named, body);
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
