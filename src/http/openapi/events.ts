import type { Type } from '@nestjs/common';
import { CallDto, CallUpdatedView } from '#calling/call/call.view.js';
import { SnapshotEventView } from '#compliance/polling/snapshot.view.js';
import { ReportSummaryView } from '#compliance/reports/report.view.js';
import { ALL_EVENT_TYPES, EVENT_TYPES, type EventType, PERISHABLE } from '#events/event.js';
import {
  AccountRestrictedView,
  EligibilityChangedView,
  EndpointVerifyView,
  PermissionUpdatedView,
  SettingsUpdatedView,
  SubscriptionDisabledView,
  SubscriptionGapView,
  SubscriptionTestView,
  WebhookSilentView,
} from '#events/views/event-data.view.js';
import { NumberChangedView, NumberEventView } from '#events/views/number-data.view.js';
import { CHALLENGE_TYPE } from '#outbound-http/challenge.js';
import type { JsonSchema } from './constraints.js';

/** The class of the data of each type of event. A type without one does not compile. */
const DATA: Readonly<Record<EventType, Type>> = {
  'call.incoming': CallDto,
  'call.claimed': CallDto,
  'call.ready': CallDto,
  'call.connected': CallDto,
  'call.answered': CallDto,
  'call.updated': CallUpdatedView,
  'call.ended': CallDto,
  'permission.updated': PermissionUpdatedView,
  'settings.updated': SettingsUpdatedView,
  'compliance.snapshot': SnapshotEventView,
  'compliance.report': ReportSummaryView,
  'compliance.eligibility_changed': EligibilityChangedView,
  'account.restricted': AccountRestrictedView,
  'webhook.silent': WebhookSilentView,
  'number.added': NumberEventView,
  'number.changed': NumberChangedView,
  'number.removed': NumberEventView,
  'number.key_rejected': NumberEventView,
  'subscription.disabled': SubscriptionDisabledView,
  'subscription.gap': SubscriptionGapView,
};

/** What only subscriptions get: the outbox does not keep it. */
const TO_SUBSCRIPTIONS = {
  'subscription.test': { data: SubscriptionTestView, text: 'A test that `POST /api/subscriptions/{id}/test` asks for.' },
  [CHALLENGE_TYPE]: {
    data: EndpointVerifyView,
    text: 'With `EVENTS_CHALLENGE`, asks the endpoint of a new subscription whether it wants events: it must give `data.challenge` back.',
  },
} as const;

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', description, ...more });
const schemaRef = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

const PAST: JsonSchema = {
  type: 'boolean',
  const: true,
  description: 'Only on events of the past: a webhook has reported more than an hour later what happened at `occurred_at`.',
};

/** `call.incoming` is `CallIncomingEvent`. */
const eventName = (type: string): string =>
  `${type
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Event`;

function eventSchema(type: string, description: string, data: Type, perishable: boolean): JsonSchema {
  const past = type.startsWith('call.') ? { past: PAST } : {};
  const expiry = perishable ? { expires_at: text('After this the event is of no more use.', { format: 'date-time' }) } : {};
  return {
    type: 'object',
    description,
    required: ['id', 'type', 'occurred_at', 'sequence', 'phone_number_id', 'data'],
    properties: {
      id: text('Opaque; resumes a stream, and is the same on every attempt of a delivery.'),
      type: { type: 'string', const: type },
      occurred_at: text('When it happened.', { format: 'date-time' }),
      ...past,
      sequence: { type: 'integer', description: 'Rises per subject; for a call event, of that call.' },
      phone_number_id: { type: ['string', 'null'], description: 'The business number; null for an event of no number.' },
      ...expiry,
      data: schemaRef(data.name),
    },
  };
}

/** The schema of each type of event, and `Event`, the union of what streams carry. */
export function eventSchemas(): Record<string, JsonSchema> {
  const published = ALL_EVENT_TYPES.map((type) => [
    eventName(type),
    eventSchema(type, EVENT_TYPES[type], DATA[type], PERISHABLE.has(type)),
  ]);
  const others = Object.entries(TO_SUBSCRIPTIONS).map(([type, { data, text: words }]) => [
    eventName(type),
    eventSchema(type, words, data, false),
  ]);
  const references = ALL_EVENT_TYPES.map((type) => [type, schemaRef(eventName(type))] as const);
  const mapping = Object.fromEntries(references.map(([type, { $ref }]) => [type, $ref]));
  const union = {
    description: 'An event; `type` says which. Data of call events is the whole call.',
    oneOf: references.map(([, reference]) => reference),
    discriminator: { propertyName: 'type', mapping },
  };
  return { ...Object.fromEntries([...published, ...others]), Event: union };
}

const signed = (name: string, description: string, schema: JsonSchema = { type: 'string' }): JsonSchema => ({
  name,
  in: 'header',
  required: true,
  description,
  schema,
});

const SIGNATURE = [
  signed('webhook-id', 'The id of the event, the same on every attempt.'),
  signed('webhook-timestamp', 'When this attempt was signed, in seconds since 1970.', { type: 'string', pattern: '^\\d+$' }),
  signed(
    'webhook-signature',
    'Signatures of Standard Webhooks, separated by spaces: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. Two while a secret is replaced.',
  ),
];

/** What the gateway posts to subscriptions, as the member `webhooks` of the document. */
export function eventWebhooks(): Record<string, JsonSchema> {
  const published = ALL_EVENT_TYPES.map((type) => [type, webhook(type, EVENT_TYPES[type])]);
  const others = Object.entries(TO_SUBSCRIPTIONS).map(([type, { text: words }]) => [type, webhook(type, words)]);
  return Object.fromEntries([...published, ...others]);
}

const webhook = (type: string, summary: string): JsonSchema => ({
  post: {
    operationId: `on${eventName(type)}`,
    tags: ['events'],
    summary,
    security: [],
    parameters: SIGNATURE,
    requestBody: { required: true, content: { 'application/json': { schema: schemaRef(eventName(type)) } } },
    responses: type === CHALLENGE_TYPE ? CHALLENGED : RECEIVED,
  },
});

const RECEIVED = {
  '2XX': { description: 'Received. Any other answer, and none within the timeout, is retried with backoff for three days.' },
  '410': { description: 'The endpoint is gone: the gateway disables the subscription.' },
};

const CHALLENGED = {
  '2XX': {
    description: 'The endpoint wants events.',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/EndpointVerifyView' } } },
  },
  '4XX': { description: 'It does not: the subscription is refused with `endpoint_not_verified`.' },
};
