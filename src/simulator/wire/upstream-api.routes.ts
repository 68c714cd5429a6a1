import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type JsonRecord, parseJson, record } from '#kernel/read.js';
import type { SimulatedLine } from '#simulator/line.js';
import { healthStatus } from '#simulator/meta/number-node.js';
import { isAction, recipientOf } from '#simulator/meta/read-call.js';
import { metaShapedRefusal, plainRefusal } from '#simulator/meta/refusals.js';
import type { Simulator } from '#simulator/simulator.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { EntryPoint, type SimulatedEndpoint, type SimulatedHost } from './entry-point.js';
import type { SimulatedOperation } from './faults.js';

/** The simulated 360dialog under `/360dialog`: the paths of its Messaging API, without a phone number id. */
export function upstreamApiRoutes(simulator: Simulator) {
  return async (app: FastifyInstance): Promise<void> => {
    const entryPoint = new EntryPoint(simulator, hostOf(simulator));
    app.addHook('preClose', async () => entryPoint.close());
    app.setNotFoundHandler((request, reply) =>
      reply.code(404).send({ error: `no endpoint ${request.method} ${request.url.split('?', 1)[0]}` }),
    );
    app.post('/calling/calls', entryPoint.handler(CALLS));
    app.get('/calling/permissions/:user', entryPoint.handler(PERMISSIONS));
    app.post('/messages', entryPoint.handler(MESSAGES));
    for (const [method, path, operation, perform] of PLAIN_ENDPOINTS) {
      app.route({ method, url: path, handler: entryPoint.handler({ operation: () => operation, perform }) });
    }
  };
}

const hostOf = (simulator: Simulator): SimulatedHost => ({
  lineOf: ({ headers, url }) => {
    const line = simulator.lineOfKey(headers['d360-api-key']);
    if (line) return line;
    throw url.includes('/v1/configs/') ? metaShapedRefusal(401, 'Invalid api key') : plainRefusal(401, 'Invalid API key');
  },
  bodyOf: readBody,
  paramsOf: ({ params }) => params as Record<string, string>,
});

function readBody({ headers, body }: FastifyRequest): unknown {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) throw plainRefusal(400, 'Content-Type must be application/json');
  const value = parseJson(typeof body === 'string' ? body : '');
  if (value === undefined) throw plainRefusal(400, 'invalid request body: not JSON');
  return value;
}

export const CALLS: SimulatedEndpoint = {
  operation: ({ body }) => {
    const action = record(body)?.action;
    return isAction(action) ? action : null;
  },
  user: (line, { body }) => {
    const request = record(body) ?? {};
    if (request.action === 'connect') return personOf(line, request);
    return typeof request.call_id === 'string' ? line.context.calls.get(request.call_id)?.user : undefined;
  },
  perform: (line, { body }) => line.calls.perform(body),
};

const PERMISSIONS: SimulatedEndpoint = {
  operation: () => 'permissions',
  user: (line, { params }) => line.context.users.meet(params.user ?? ''),
  perform: (line, { params }) => line.permissions.read(params.user ?? ''),
};

export const MESSAGES: SimulatedEndpoint = {
  operation: () => 'messages',
  user: (line, { body }) => personOf(line, record(body) ?? {}),
  perform: (line, { body }) => line.messages.send(body),
};

const personOf = ({ context }: SimulatedLine, body: JsonRecord): SimulatedUser | undefined => {
  const id = recipientOf(body);
  return id === undefined ? undefined : context.users.meet(id);
};

type Plain = ['GET' | 'POST', string, SimulatedOperation, SimulatedEndpoint['perform']];

const PLAIN_ENDPOINTS: Plain[] = [
  ['GET', '/calling/settings', 'settings.read', (line) => line.settings.read()],
  ['POST', '/calling/settings', 'settings.write', (line, { body }) => line.settings.write(body)],
  ['GET', '/health_status', 'health', (line) => health(line)],
  [
    'GET',
    '/v1/configs/webhook',
    'webhook.read',
    ({ delivery }) => ({ url: delivery.target?.url ?? '', headers: delivery.target?.headers ?? {} }),
  ],
  ['POST', '/v1/configs/webhook', 'webhook.write', (line, { body }) => registerWebhook(line, body)],
  [
    'GET',
    '/v1/configs/phone_number',
    'phone_number',
    ({ identity }) => ({ id: identity.phoneNumberId, display_phone_number: identity.displayPhoneNumber }),
  ],
  ['GET', '/whatsapp_business_profile', 'profile', () => ({ data: [{ messaging_product: 'whatsapp', about: 'A simulated business' }] })],
  ['GET', '/message_templates', 'templates', (line) => ({ data: templates(line, 'APPROVED', 'UTILITY'), paging: {} })],
  ['GET', '/v1/configs/templates', 'templates', (line) => ({ waba_templates: templates(line, 'approved', 'UTILITY') })],
];

const templates = ({ context }: SimulatedLine, status: string, category: string): JsonRecord[] =>
  context.number.templates.map(({ name, language, parameters, asksPermission }) => ({
    name,
    language,
    status,
    category,
    components: [
      { type: 'BODY', text: parameters ? 'May we call you about order {{1}}?' : 'May we call you?' },
      ...(asksPermission ? [{ type: 'CALL_PERMISSION_REQUEST' }] : []),
    ],
  }));

const health = ({ context: { number } }: SimulatedLine): JsonRecord => ({
  health_status: healthStatus(number),
  id: number.phoneNumberId,
});

function registerWebhook(line: SimulatedLine, body: unknown): JsonRecord {
  const { url, headers } = record(body) ?? {};
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw metaShapedRefusal(400, 'url must be an http(s) address');
  if (new URL(url).hostname.includes('_')) throw metaShapedRefusal(400, 'the domain of url must not contain an underscore');
  if (!line.mayRegister(url))
    throw metaShapedRefusal(400, 'the simulator delivers to its own gateway only; SIMULATOR_WEBHOOK_ORIGINS names other origins');
  const given = Object.entries(record(headers) ?? {});
  if (given.some(([, value]) => typeof value !== 'string')) throw metaShapedRefusal(400, 'headers must be texts');
  if (given.some(([name, value]) => name.toLowerCase() !== 'authorization' || !/^[\x20-\x7e]*$/.test(String(value))))
    throw metaShapedRefusal(400, 'the simulator replays the header Authorization only');
  const kept = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  line.registerWebhook(url, kept);
  return { url, headers: kept };
}
