import type { JsonRecord } from '#kernel/read.js';
import { HISTORIES } from '#simulator/traffic/histories.js';
import { WEBHOOK_KINDS } from '#simulator/webhooks/change.js';
import { BILLING_FORMS } from '#simulator/webhooks/message-webhooks.js';
import { WEBHOOK_EFFECTS } from '#simulator/webhooks/webhook-faults.js';
import { OPERATIONS } from '#simulator/wire/faults.js';
import { SIMULATED_TIERS } from '#simulator/world/number.js';
import { COMMAND_NAMES } from './user-commands.js';

const string = { type: 'string' };
const seconds = { type: 'integer', minimum: 0 };
const flag = { type: 'boolean' };
const object = (properties: JsonRecord = {}, required: string[] = []): JsonRecord => ({
  type: 'object',
  properties,
  ...(required.length && { required }),
});

const script = object({
  on_permission_request: { enum: ['grant_temporary', 'grant_permanent', 'refuse', 'ignore'] },
  permission_after_seconds: seconds,
  on_call: { enum: ['answer', 'reject', 'no_answer', 'busy', 'unreachable', 'fail'] },
  call_after_seconds: seconds,
  fail_code: { type: 'integer', minimum: 138_019, maximum: 138_023 },
  hang_up_after_seconds: { type: ['integer', 'null'], minimum: 0 },
  give_up_after_seconds: seconds,
  uncallable: flag,
  old_client: flag,
});
const user = object({ wa_id: string, user_id: string, name: string, script });

const reply = object({ status: { type: 'integer' }, body: object(), text: string, headers: object() }, ['status']);
const fault = object({
  operation: { enum: ['*', ...OPERATIONS] },
  user: string,
  times: { type: ['integer', 'null'], minimum: 1, default: 1 },
  delay_ms: { type: 'integer', minimum: 0, maximum: 120_000 },
  answer_delay_ms: { type: 'integer', minimum: 0, maximum: 120_000 },
  code: { type: 'integer', description: "One of Meta's codes: the refusal in Meta's words" },
  details: string,
  reply,
  before: { enum: ['drop'] },
  afterwards: { oneOf: [{ enum: ['hang', 'drop'] }, reply] },
  webhook: { enum: ['*', ...WEBHOOK_KINDS] },
  effect: { enum: WEBHOOK_EFFECTS },
  delay_seconds: seconds,
});
const restriction = object({
  type: { enum: ['RESTRICTED_BUSINESS_INITIATED_CALLING', 'RESTRICTED_USER_INITIATED_CALLING'] },
  reason: string,
  seconds,
});
const number = object({
  tier: { enum: SIMULATED_TIERS },
  country: { type: 'string', pattern: '^[A-Z]{2}$' },
  payment: flag,
  max_concurrent_calls: seconds,
  permission_reads_per_second: seconds,
  calling: { type: 'object', description: "Meta's own shape: status, callback_permission_status, call_hours, sip …" },
  restrictions: { type: 'array', items: restriction },
});
const command = object({
  cta_payload: string,
  deeplink_payload: string,
  give_up_after_seconds: seconds,
  text: string,
  kind: { enum: ['temporary', 'permanent'] },
  session: object({ sdp_type: { enum: ['offer', 'answer'] }, sdp: string }, ['sdp_type', 'sdp']),
  silent: { type: 'boolean', description: 'Only change what Meta knows: no webhook' },
});

const history = object(
  {
    history: { enum: HISTORIES },
    days_ahead: { type: 'integer', minimum: 0, maximum: 90, default: 0, description: 'How many of its days are still to be lived' },
    seed: { type: 'string', description: 'Another seed, other days; the same seed, the same ids' },
  },
  ['history'],
);
const share = { type: 'number', minimum: 0, maximum: 1 };
const traffic = object(
  {
    days: { type: 'integer', minimum: 1, maximum: 90, description: 'How many, ending now' },
    form: { enum: BILLING_FORMS, default: 'per_message', description: 'The form of billing: conversation is the one of before July 2025' },
    duplicates: { ...share, default: 0.02 },
    late: { ...share, default: 0.03 },
  },
  ['days'],
);

const answers = (status: string): JsonRecord => ({
  [status]: { description: 'What was done, and `next`: what will happen and when', content: { 'application/json': { schema: object() } } },
  default: {
    description: 'Why not',
    content: {
      'application/json': {
        schema: object({ error: object({ status: { type: 'integer' }, message: string, hint: string, path: string }) }),
      },
    },
  },
});

const operation = (summary: string, body?: JsonRecord, status = '200'): JsonRecord => ({
  summary,
  ...(body && { requestBody: { content: { 'application/json': { schema: body } } } }),
  responses: answers(status),
});

const parameter = (name: string, schema: JsonRecord): JsonRecord => ({ name, in: 'path', required: true, schema });

/** The OpenAPI document of the control API. @param prefix where the API is mounted */
export const openApi = (prefix: string): JsonRecord => ({
  openapi: '3.1.0',
  info: { title: 'Simulator control API', version: '1.0.0', description: 'Moves the simulated WhatsApp users, number, clock and faults.' },
  servers: [{ url: prefix }],
  paths: {
    '/state': { get: operation('Everything at once: number, users, live calls, faults, journal and what comes next') },
    '/users': { get: operation('All users'), post: operation('A new user, by phone (wa_id) or BSUID (user_id)', user, '201') },
    '/users/{id}': {
      parameters: [parameter('id', string)],
      get: operation('One user, by handle, phone or BSUID'),
      put: operation('Changes how a user behaves; makes the user when unknown', user),
    },
    '/users/{id}/{command}': {
      parameters: [parameter('id', string), parameter('command', { enum: COMMAND_NAMES })],
      post: operation('The user acts now: calls, writes, grants or revokes permission, answers, rejects, hangs up', command),
    },
    '/users/{id}/screen': {
      parameters: [parameter('id', string)],
      get: operation("What the user's phone shows: permission card, call with the business's SDP, why no call is possible"),
    },
    '/users/{id}/events': {
      parameters: [parameter('id', string), { name: 'play', in: 'query', schema: flag }],
      get: operation('The screen as Server-Sent Events, at each change; with play=true the script of the user holds still meanwhile'),
    },
    '/calls/{id}/media': {
      parameters: [parameter('id', string)],
      get: operation('What the phone of a call sent and heard; null where it is not known'),
    },
    '/calls': { get: operation('Every call of this run, newest first') },
    '/number': { get: operation('The business number'), patch: operation('Changes what Meta thinks of the number', number) },
    '/clock': {
      post: operation("Moves the simulator's clock on", object({ advance_seconds: { type: 'number', minimum: 0 } }, ['advance_seconds'])),
    },
    '/history': {
      get: operation('The loaded history, and all there are, in English and Spanish'),
      put: operation("Loads a history: the partner's days, the tier, quality and restrictions of the number", history),
    },
    '/traffic': {
      post: operation('Lives days of the loaded history: message statuses and calls, at their own times, some twice or late', traffic),
    },
    '/greet': { post: operation('The predefined users write, which opens the 24 h window') },
    '/faults': {
      get: operation('The faults that wait'),
      post: operation('Adds a fault, for requests (operation) or for deliveries (webhook)', fault, '201'),
      delete: operation('Removes all faults'),
    },
    '/deliver': { post: operation('Delivers any body as it stands', { description: 'Any bytes' }) },
    '/reset': { post: operation('Everything as at the start') },
  },
});
