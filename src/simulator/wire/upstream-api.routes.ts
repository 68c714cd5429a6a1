import type { FastifyInstance } from 'fastify';
import { type JsonRecord, record } from '#kernel/read.js';
import { isAction, recipientOf } from '#simulator/meta/read-call.js';
import { metaShapedRefusal } from '#simulator/meta/refusals.js';
import type { Simulator } from '#simulator/simulator.js';
import { accountUsable } from '#simulator/world/number.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { type ApiRequest, EntryPoint, type SimulatedEndpoint } from './entry-point.js';
import type { SimulatedOperation } from './faults.js';

/** The simulated 360dialog under `/360dialog`: the paths of its Messaging API, without a phone number id. */
export function upstreamApiRoutes(simulator: Simulator) {
  return async (app: FastifyInstance): Promise<void> => {
    const entryPoint = new EntryPoint(simulator);
    app.addHook('preClose', async () => entryPoint.close());
    app.setNotFoundHandler((request, reply) =>
      reply.code(404).send({ error: `no endpoint ${request.method} ${request.url.split('?', 1)[0]}` }),
    );
    app.post('/calling/calls', entryPoint.handler(calls(simulator)));
    app.get('/calling/permissions/:user', entryPoint.handler(permissions(simulator)));
    app.post('/messages', entryPoint.handler(messages(simulator)));
    for (const [method, path, operation, perform] of plainEndpoints(simulator)) {
      app.route({ method, url: path, handler: entryPoint.handler({ operation: () => operation, perform }) });
    }
  };
}

const calls = (simulator: Simulator): SimulatedEndpoint => ({
  operation: ({ body }) => {
    const action = record(body)?.action;
    return isAction(action) ? action : null;
  },
  user: ({ body }) => {
    const request = record(body) ?? {};
    if (request.action === 'connect') return personOf(simulator, request);
    return typeof request.call_id === 'string' ? simulator.context.calls.get(request.call_id)?.user : undefined;
  },
  perform: ({ body }) => simulator.calls.perform(body),
});

const permissions = (simulator: Simulator): SimulatedEndpoint => ({
  operation: () => 'permissions',
  user: ({ params }) => simulator.context.users.meet(params.user ?? ''),
  perform: ({ params }) => simulator.permissions.read(params.user ?? ''),
});

const messages = (simulator: Simulator): SimulatedEndpoint => ({
  operation: () => 'messages',
  user: ({ body }) => personOf(simulator, record(body) ?? {}),
  perform: ({ body }) => simulator.messages.send(body),
});

const personOf = ({ context }: Simulator, body: JsonRecord): SimulatedUser | undefined => {
  const id = recipientOf(body);
  return id === undefined ? undefined : context.users.meet(id);
};

type Plain = ['GET' | 'POST', string, SimulatedOperation, (request: ApiRequest) => JsonRecord];

const plainEndpoints = (simulator: Simulator): Plain[] => [
  ['GET', '/calling/settings', 'settings.read', () => simulator.settings.read()],
  ['POST', '/calling/settings', 'settings.write', ({ body }) => simulator.settings.write(body)],
  ['GET', '/health_status', 'health', () => health(simulator)],
  [
    'GET',
    '/v1/configs/webhook',
    'webhook.read',
    () => ({ url: simulator.delivery.target?.url ?? '', headers: simulator.delivery.target?.headers ?? {} }),
  ],
  ['POST', '/v1/configs/webhook', 'webhook.write', ({ body }) => registerWebhook(simulator, body)],
  [
    'GET',
    '/v1/configs/phone_number',
    'phone_number',
    () => ({ id: simulator.context.number.phoneNumberId, display_phone_number: simulator.context.number.displayPhoneNumber }),
  ],
  ['GET', '/whatsapp_business_profile', 'profile', () => ({ data: [{ messaging_product: 'whatsapp', about: 'A simulated business' }] })],
  ['GET', '/message_templates', 'templates', () => ({ data: templates(simulator, 'APPROVED', 'UTILITY'), paging: {} })],
  ['GET', '/v1/configs/templates', 'templates', () => ({ waba_templates: templates(simulator, 'approved', 'UTILITY') })],
];

const templates = ({ context }: Simulator, status: string, category: string): JsonRecord[] =>
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

function health({ context: { number } }: Simulator): JsonRecord {
  const usable = number.payment ? 'AVAILABLE' : 'LIMITED';
  const can_send_message = accountUsable(number) ? usable : 'BLOCKED';
  const entity = (entity_type: string, id: string): JsonRecord => ({ entity_type, id, can_send_message });
  return {
    health_status: {
      can_send_message,
      entities: [
        entity('PHONE_NUMBER', number.phoneNumberId),
        entity('WABA', number.wabaId),
        entity('BUSINESS', '100000000000001'),
        entity('APP', '900000000000001'),
      ],
    },
    id: number.phoneNumberId,
  };
}

function registerWebhook(simulator: Simulator, body: unknown): JsonRecord {
  const { url, headers } = record(body) ?? {};
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw metaShapedRefusal(400, 'url must be an http(s) address');
  if (new URL(url).hostname.includes('_')) throw metaShapedRefusal(400, 'the domain of url must not contain an underscore');
  if (!simulator.mayRegister(url))
    throw metaShapedRefusal(400, 'the simulator delivers to its own gateway only; SIMULATOR_WEBHOOK_ORIGINS names other origins');
  const given = Object.entries(record(headers) ?? {});
  if (given.some(([, value]) => typeof value !== 'string')) throw metaShapedRefusal(400, 'headers must be texts');
  if (given.some(([name, value]) => name.toLowerCase() !== 'authorization' || !/^[\x20-\x7e]*$/.test(String(value))))
    throw metaShapedRefusal(400, 'the simulator replays the header Authorization only');
  const kept = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
  simulator.registerWebhook(url, kept);
  return { url, headers: kept };
}
