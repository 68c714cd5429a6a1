import type { FastifyInstance } from 'fastify';
import { type JsonRecord, record } from '#kernel/read.js';
import type { SimulatedLine } from '#simulator/line.js';
import { readNode } from '#simulator/meta/number-node.js';
import { SimulatedRefusal } from '#simulator/meta/refusals.js';
import type { Simulator } from '#simulator/simulator.js';
import { type ApiRequest, EntryPoint, type SimulatedEndpoint } from '#simulator/wire/entry-point.js';
import { CALLS, MESSAGES } from '#simulator/wire/upstream-api.routes.js';
import { graphHost, pathOf } from './graph-request.js';
import { fieldRefusal, objectRefusal, parameterRefusal } from './refusals.js';
import { subscriptionEndpoints } from './subscriptions.js';

/**
 * Meta itself under `/graph`, for programs that have never heard of 360dialog: `/{phone_number_id}`, its `calls`, `call_permissions`, `settings`
 * and `messages`, and `/{app-id}/subscriptions`, each also behind a version such as `v23.0`.
 */
export function simulatedGraphRoutes(simulator: Simulator) {
  return async (app: FastifyInstance): Promise<void> => {
    const entryPoint = new EntryPoint(simulator, graphHost(simulator));
    app.addHook('preClose', async () => entryPoint.close());
    const ofApp = subscriptionEndpoints(simulator);
    const handlers = new Map(Object.entries({ ...ENDPOINTS, ...ofApp }).map(([name, endpoint]) => [name, entryPoint.handler(endpoint)]));
    const unknown = entryPoint.handler(UNKNOWN);
    app.route({
      method: ['GET', 'POST', 'DELETE'],
      url: '/*',
      handler: async (request, reply) => (handlers.get(nameOf(simulator, request)) ?? unknown)(request, reply),
    });
  };
}

/** The endpoint of a request; none for a path that is not one of Graph's. */
function nameOf({ app }: Simulator, request: Parameters<typeof pathOf>[0] & { method: string }): string {
  try {
    const { node, edge } = pathOf(request);
    return `${request.method} ${node === app.id ? 'app/' : ''}${edge}`;
  } catch (error) {
    if (error instanceof SimulatedRefusal) return '';
    throw error;
  }
}

const ENDPOINTS: Readonly<Record<string, SimulatedEndpoint>> = {
  'POST calls': {
    ...CALLS,
    perform: (line, { body }) => {
      const answer = line.calls.perform(withAction(body));
      // Meta's samples of `connect` have no `success`, of the other actions they have: with it every client is content.
      return { ...answer, success: true };
    },
  },
  'POST messages': { ...MESSAGES, perform: (line, { body }) => line.messages.send(withRecipientType(body)) },
  'GET call_permissions': {
    operation: () => 'permissions',
    user: (line, request) => line.context.users.meet(userOf(request)),
    perform: (line, request) => line.permissions.read(userOf(request)),
  },
  'GET settings': { operation: () => 'settings.read', perform: (line, { query }) => readSettings(line, query.fields) },
  'POST settings': { operation: () => 'settings.write', perform: (line, { body }) => line.settings.write(body) },
  'GET ': { operation: () => 'phone_number', perform: readNumber },
};

const UNKNOWN: SimulatedEndpoint = {
  operation: () => null,
  perform: (_line, { params: { node = '', edge = '' } }) => {
    throw edge === '' ? objectRefusal('post', node) : fieldRefusal(edge);
  },
};

/** `action` may be left out of a new call, as in the reference's sample. @see calling/reference (about 2026-09) */
function withAction(value: unknown): unknown {
  const body = record(value);
  return body && body.action === undefined && body.call_id === undefined && body.session !== undefined
    ? { ...body, action: 'connect' }
    : value;
}

/** `individual` is the default. */
function withRecipientType(value: unknown): unknown {
  const body = record(value);
  return body && { recipient_type: 'individual', ...body };
}

/** `user_wa_id` is a phone number, `recipient` a BSUID. */
function userOf({ query }: ApiRequest): string {
  const { user_wa_id: phone, recipient } = query;
  if (typeof phone === 'string' && /^\+?[1-9]\d{6,14}$/.test(phone)) return phone;
  if (phone === undefined && typeof recipient === 'string' && recipient !== '') return recipient;
  throw parameterRefusal('user_wa_id must be a phone number, or recipient a business-scoped user id');
}

function readSettings(line: SimulatedLine, fields: unknown): JsonRecord {
  for (const name of namesOf(fields) ?? []) if (name !== 'calling') throw fieldRefusal(name);
  return { ...line.settings.read(), id: line.identity.phoneNumberId };
}

function readNumber({ context }: SimulatedLine, { query }: ApiRequest): JsonRecord {
  const node = readNode(context.number, namesOf(query.fields));
  if (typeof node === 'string') throw fieldRefusal(node);
  return node;
}

/** The names of a list such as `id,verified_name`; undefined when there is none. */
const namesOf = (fields: unknown): string[] | undefined =>
  typeof fields === 'string' && fields.trim() !== '' ? fields.split(',').map((name) => name.trim()) : undefined;
