import type { Scope } from '#access/authorization/scope.js';
import { type NumberReach, reaches } from '#identity/numbers/number-reach.js';
import { type Json, record } from '#kernel/read.js';
import type { Cursor } from './cursor.js';

/** Every type of event with its description. */
export const EVENT_TYPES = {
  'call.incoming': 'A user calls; perishable, ring only before `expires_at`.',
  'call.claimed': 'An inbound call was claimed or its claim was given up.',
  'call.ready': 'A waiting call may be dialled now, until `expires_at`.',
  'call.connected': 'The other side’s SDP is there; perishable.',
  'call.answered': 'Both sides are connected.',
  'call.updated': 'Something else about a call changed; `changed` names the members.',
  'call.ended': 'A call is over.',
  'permission.updated': 'What a person allows has changed.',
  'settings.updated': 'The calling settings of a number have changed.',
  'compliance.snapshot': 'The figures of a number were polled.',
  'compliance.report': 'A scheduled report was written.',
  'compliance.eligibility_changed': 'A number may now call, or no longer may.',
  'account.restricted': 'Meta has restricted a number or an account, or lifted the restriction.',
  'webhook.silent': 'Deliveries of 360dialog have stopped, or come again.',
  'number.added': 'A number was added to the gateway.',
  'number.changed': 'A number was changed, paused or resumed, or is being removed.',
  'number.removed': 'A number was removed, and its secrets are destroyed.',
  'number.key_rejected': '360dialog has refused the key of a number.',
  'subscription.disabled':
    'A subscription has stopped: its endpoint said 410 or failed for five days, or its key was deleted or lacks a scope.',
  'subscription.gap': 'Events were deleted before a subscription that was paused, disabled or behind for more than a week got them.',
} as const;

export type EventType = keyof typeof EVENT_TYPES;

export const ALL_EVENT_TYPES: readonly EventType[] = Object.keys(EVENT_TYPES) as EventType[];

/** What stands before the dot of a type. */
type EventKind<T extends string = EventType> = T extends `${infer Kind}.${string}` ? Kind : never;

/** The scope that reads the same over REST. */
const SCOPE_OF_KIND: Readonly<Record<EventKind, Scope>> = {
  call: 'calls:read',
  permission: 'permissions:read',
  settings: 'settings:read',
  compliance: 'compliance:read',
  account: 'compliance:read',
  webhook: 'status:read',
  number: 'numbers:read',
  subscription: 'subscriptions:write',
};

/** The scope that a consumer needs for the events of a type, beside `events:read`. */
export const scopeOf = (type: EventType): Scope => SCOPE_OF_KIND[type.split('.', 1)[0] as EventKind];

/** The scopes that a consumer needs for the events of these types; null for all types of the API. */
export const scopesOf = (types: readonly OutboxType[] | null): Scope[] => [
  ...new Set(
    (types ?? ALL_EVENT_TYPES).flatMap((type): readonly Scope[] => (isMetaEvent(type) ? META_EVENT_TYPES[type] : [scopeOf(type)])),
  ),
];

export const isEventType = (value: string): value is EventType => Object.hasOwn(EVENT_TYPES, value);

/**
 * Elements of webhooks as Meta writes them, with the scopes that a consumer needs for each, beside `events:read`. The outbox keeps them for
 * subscriptions in Meta's format alone: no stream, no type of the API and no other subscription has them. `meta.calls` carries SDP.
 */
export const META_EVENT_TYPES = {
  'meta.calls': ['calls:read', 'calls:control'],
  'meta.messages': ['permissions:read'],
  'meta.account_settings_update': ['settings:read'],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

export type MetaEventType = keyof typeof META_EVENT_TYPES;

export const ALL_META_EVENT_TYPES: readonly MetaEventType[] = Object.keys(META_EVENT_TYPES) as MetaEventType[];

/** Every type of event in the outbox. */
export type OutboxType = EventType | MetaEventType;

export const isMetaEvent = (type: string): type is MetaEventType => Object.hasOwn(META_EVENT_TYPES, type);

/** What a module publishes, in the transaction of the change. */
export interface NewEvent {
  type: OutboxType;
  /** What the event is about, such as a call's id. */
  subject: string;
  /** Rises per subject. */
  sequence: number;
  phoneNumberId: string | null;
  /** When it happened, in ms since 1970. */
  occurredAt: number;
  /** After this the event is of no more use, in ms since 1970; `null` when it never expires. */
  expiresAt: number | null;
  /** JSON; the data of a call event is the whole call. Its `session` is never kept. */
  data: unknown;
}

/** An event in the outbox. */
export interface StoredEvent extends NewEvent {
  cursor: Cursor;
  /** Where the row of its call was read beside it: that row, and when, in monotonic time. */
  call?: { row: unknown; readAt: number };
}

/** An event as consumers get it. */
export interface PublicEvent {
  /** Opaque; resumes a stream and is the same on every attempt of a delivery. */
  id: string;
  type: EventType;
  occurred_at: string;
  /** Only on events of the past: a webhook has reported more than an hour later what happened then. */
  past?: true;
  /** Rises per subject; for a call event, of that call. */
  sequence: number;
  phone_number_id: string | null;
  /** Only on events that perish. */
  expires_at?: string;
  data: Json;
}

/** Which events a consumer gets: those of the numbers that it reaches, and of these what it asks for. */
export interface EventFilter extends NumberReach {
  /** `null` for all types of the API. */
  types: readonly OutboxType[] | null;
  /** Only events of this number; `null` for all that it reaches. */
  phoneNumberId: string | null;
}

/** That a number was added is for who reaches all: no list has it yet. */
export const FOR_ALL_NUMBERS: EventType = 'number.added';

/** Whether a filter lets an event through. */
export const wants = (filter: EventFilter, event: Pick<NewEvent, 'type' | 'phoneNumberId'>): boolean =>
  (filter.types?.includes(event.type) ?? !isMetaEvent(event.type)) &&
  (filter.phoneNumberId === null || filter.phoneNumberId === event.phoneNumberId) &&
  reaches(filter, event.type === FOR_ALL_NUMBERS ? null : event.phoneNumberId);

/** Events that are of no use after their `expires_at`. */
export const PERISHABLE: ReadonlySet<OutboxType> = new Set<OutboxType>(['call.incoming', 'call.ready', 'call.connected']);

export const isCallEvent = (type: OutboxType): boolean => type.startsWith('call.');

/** Whether the data of an event may have a session; a call that is over has none. */
export const mayHaveSession = (type: OutboxType): boolean => isCallEvent(type) && type !== 'call.ended';

/** The data to store: without SDP, which holds IP addresses of people and is of use for seconds. */
export function withoutSession(event: NewEvent): unknown {
  const data = record(event.data);
  return isCallEvent(event.type) && data ? { ...data, session: null } : event.data;
}
