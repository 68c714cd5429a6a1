import type { JsonRecord } from '#kernel/read.js';
import { HISTORIES } from '#simulator/traffic/histories.js';
import { WEBHOOK_EFFECTS, WEBHOOK_KINDS } from '#simulator/webhooks/change.js';
import { IDENTITY_FORMS } from '#simulator/webhooks/identity-webhooks.js';
import { BILLING_FORMS } from '#simulator/webhooks/message-webhooks.js';
import { OPERATIONS } from '#simulator/wire/faults.js';
import { ACCOUNT_STATES, RESTRICTION_TYPES, SIMULATED_TIERS } from '#simulator/world/number.js';
import { SCRIPT_CHOICES } from '#simulator/world/script.js';
import { COMMAND_NAMES } from './user-commands.js';

const string = { type: 'string' };
const seconds = { type: 'integer', minimum: 0 };
const secondsOrNever = { type: ['integer', 'null'], minimum: 0 };
const flag = { type: 'boolean' };
const object = (properties: JsonRecord = {}, required: string[] = []): JsonRecord => ({
  type: 'object',
  ...(Object.keys(properties).length ? { properties } : { additionalProperties: true }),
  ...(required.length && { required }),
});

const EVENTS = '/users/{id}/events';

const script = object({
  on_permission_request: { enum: SCRIPT_CHOICES.on_permission_request },
  permission_after_seconds: seconds,
  on_call: { enum: SCRIPT_CHOICES.on_call },
  call_after_seconds: seconds,
  fail_code: { type: 'integer', minimum: 138_019, maximum: 138_023 },
  revoke_after_seconds: secondsOrNever,
  hang_up_after_seconds: secondsOrNever,
  give_up_after_seconds: seconds,
  uncallable: flag,
  old_client: flag,
});
const user = object({
  wa_id: string,
  user_id: string,
  name: string,
  bsuid_as_number: { ...flag, description: 'With a hidden number, the BSUID stands in the members of webhooks that are made for numbers' },
  script,
});

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
  type: { enum: RESTRICTION_TYPES },
  reason: string,
  seconds,
});
const number = object({
  tier: { enum: SIMULATED_TIERS },
  country: { type: 'string', pattern: '^[A-Z]{2}$' },
  payment: flag,
  call_primary: {
    type: 'boolean',
    description: 'false: another partner is the Call primary; call actions get 138038, call webhooks and permission replies go elsewhere',
  },
  max_concurrent_calls: seconds,
  permission_reads_per_second: seconds,
  calling: {
    type: 'object',
    additionalProperties: true,
    description: "Meta's own shape: status, callback_permission_status, call_hours, sip …",
  },
  restrictions: { type: 'array', items: restriction, description: 'All in force from now on; [] lifts them' },
  account: { enum: ACCOUNT_STATES, description: 'What account_update reports of the account' },
  on_business_app: { type: 'boolean', description: 'Coexistence, as the partner API says it' },
});
const command = object({
  cta_payload: string,
  deeplink_payload: string,
  give_up_after_seconds: seconds,
  text: string,
  kind: { enum: ['temporary', 'permanent'] },
  to: { enum: ['agent', 'business'], description: 'Who holds the thread after hand-over' },
  session: object({ sdp_type: { enum: ['offer', 'answer'] }, sdp: string }, ['sdp_type', 'sdp']),
  silent: { type: 'boolean', description: 'Only change what Meta knows: no webhook' },
  wa_id: { type: 'string', description: 'change-number: the new number' },
  user_id: { type: 'string', description: 'change-user-id: the new BSUID; made when left out' },
  form: { enum: IDENTITY_FORMS, description: 'change-number, change-user-id: where the webhook names the former ids' },
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

const clock = object({ advance_seconds: { type: 'number', minimum: 0, maximum: 31_536_000 }, hold: flag });
const reset = object({
  seed: {
    type: 'string',
    minLength: 1,
    maxLength: 100,
    description: 'From which ids and SDP follow from now on; calls then carry no media',
  },
  hold: { ...flag, description: 'true holds the clock, false releases it; it stays as it is when left out' },
});

const json = (schema: JsonRecord): JsonRecord => ({ content: { 'application/json': { schema } } });
const ERROR = object({ error: object({ status: { type: 'integer' }, message: string, hint: string, path: string }) });
const DONE = 'What was done, and `next`: what will happen and when';

const numberToAdd = object({
  name: { ...string, maxLength: 100 },
  display_phone_number: { ...string, description: 'Made when left out' },
  waba_id: { ...string, description: 'The account; that of the first number when left out' },
  portfolio_id: { ...string, description: 'The portfolio; that of the account when left out' },
});

/** An operation: method, path and summary; then its body and the status of its answer, if need be. */
type Operation = readonly ['get' | 'put' | 'post' | 'patch' | 'delete', string, string, JsonRecord?, string?];

const OPERATIONS_OF_CONTROL: readonly Operation[] = [
  ['get', '/state', 'Everything of a number at once: users, live calls, faults, journal and what comes next; and all numbers'],
  ['get', '/numbers', 'All numbers, without their keys'],
  ['post', '/numbers', 'Another number, with a key, webhook, faults, clock and history of its own', numberToAdd, '201'],
  ['post', '/numbers/{phone_number_id}/key', 'Another key of a number; the one before is refused from now on'],
  ['get', '/users', 'All users'],
  ['post', '/users', 'A new user, by phone (wa_id) or BSUID (user_id)', user, '201'],
  ['get', '/users/{id}', 'One user, by handle, phone or BSUID'],
  ['put', '/users/{id}', 'Changes how a user behaves; makes the user when unknown', user],
  [
    'post',
    '/users/{id}/{command}',
    'The user acts now: calls, writes, grants or revokes permission, answers, rejects, hangs up, changes number or BSUID, or goes to the Meta Business Agent (hand-over)',
    command,
  ],
  ['get', '/users/{id}/screen', "What the user's phone shows: permission card, call with the business's SDP, why no call is possible"],
  ['get', EVENTS, 'The screen as Server-Sent Events, at each change; with play=true the script of the user holds still meanwhile'],
  ['get', '/calls/{id}/media', 'What the phone of a call sent and heard; null where it is not known'],
  ['get', '/calls', 'Every call of this run, newest first'],
  ['get', '/number', 'A business number'],
  ['patch', '/number', 'Changes what Meta thinks of a number', number],
  [
    'post',
    '/clock',
    'Moves the clock of a number on, holds or releases it. While it is held, the answer comes once the webhooks are delivered',
    clock,
  ],
  ['get', '/history', 'The loaded history, and all there are, in English and Spanish'],
  [
    'put',
    '/history',
    "Loads a history: the partner's days, the tier, quality and restrictions of the number. Another one ends the restrictions of the one before",
    history,
  ],
  ['post', '/traffic', 'Lives days of the loaded history: message statuses and calls, at their own times, some twice or late', traffic],
  ['post', '/greet', 'The predefined users write, which opens the 24 h window'],
  ['get', '/faults', 'The faults that wait'],
  ['post', '/faults', 'Adds a fault, for requests (operation) or for deliveries (webhook)', fault, '201'],
  ['delete', '/faults', 'Removes all faults'],
  ['post', '/deliver', 'Delivers any body as it stands', { description: 'Any bytes' }],
  ['post', '/reset', 'Everything as at the start; with a seed and a held clock, what follows can be repeated', reset],
];

/** `post /users/{id}/{command}` is `postUsersIdCommand`. */
const operationId = (method: string, path: string): string =>
  method + path.replace(/\W+(\w)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '');

/** What is sent: a stream of screens, or what was done. */
const answerOf = (path: string): JsonRecord =>
  path === EVENTS
    ? { content: { 'text/event-stream': { schema: { ...object(), description: 'A frame for each change' } } } }
    : json(object());

const operationOf = ([method, path, summary, body, status = '200']: Operation): JsonRecord => ({
  operationId: operationId(method, path),
  summary,
  security: [],
  ...(body && { requestBody: json(body) }),
  responses: { [status]: { description: DONE, ...answerOf(path) }, '4XX': { description: 'Why not', ...json(ERROR) } },
});

/** The paths that are about no single number. */
const OF_ALL: ReadonlySet<string> = new Set(['/numbers', '/numbers/{phone_number_id}/key', '/calls/{id}/media']);
const OF_ONE = 'Which number; the first when left out. A JSON body may name it, too. POST /reset without it is about all';

/** The parameters of a path: each name in braces, and those of the query. */
function parametersOf(path: string): JsonRecord[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const inPath = names.map((name) => ({ name, in: 'path', required: true, schema: name === 'command' ? { enum: COMMAND_NAMES } : string }));
  const inQuery = OF_ALL.has(path) ? [] : [{ name: 'phone_number_id', in: 'query', schema: string, description: OF_ONE }];
  return [...inPath, ...inQuery, ...(path === EVENTS ? [{ name: 'play', in: 'query', schema: flag }] : [])];
}

function pathItem(path: string): JsonRecord {
  const parameters = parametersOf(path);
  const operations = OPERATIONS_OF_CONTROL.filter(([, of]) => of === path).map((operation) => [operation[0], operationOf(operation)]);
  return { ...(parameters.length && { parameters }), ...Object.fromEntries(operations) };
}

/** The OpenAPI document of the control API. @param prefix where the API is mounted */
export const openApi = (prefix: string): JsonRecord => ({
  openapi: '3.1.0',
  info: {
    title: 'Simulator control API',
    version: '1.0.0',
    description: 'Moves the simulated WhatsApp users, numbers, clocks and faults.',
    license: { name: 'MIT License', identifier: 'MIT' },
  },
  servers: [{ url: prefix }],
  paths: Object.fromEntries(OPERATIONS_OF_CONTROL.map(([, path]) => [path, pathItem(path)])),
});
