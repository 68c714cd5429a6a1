import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsBoolean, IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { apiMembers } from '#api-conventions/api-members.js';
import { IsTime } from '#api-conventions/fields.decorator.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { writeCursor } from '#events/cursor.js';
import { ALL_EVENT_TYPES, type EventType } from '#events/event.js';
import { defined } from '#kernel/case.js';
import { rfc3339 } from '#kernel/clock.js';
import { succeeded } from '#outbound-http/retry.js';
import { withoutQueryValues } from '#outbound-http/safe-url.js';
import type { TestDelivery } from './endpoint.client.js';
import type { EventDelivery } from './event-delivery.js';
import { shownLoss } from './gap.js';
import { type Subscription, secretOf } from './subscription.js';
import type { NewSubscription, ReplayRequest, SubscriptionChange } from './subscriptions.service.js';

const STATES = ['delivered', 'retrying', 'exhausted'] as const;

/** A new subscription. It receives the events that happen after its creation. */
export class CreateSubscriptionDto {
  /**
   * Where events are posted: `https:`, a public host, port 443 or from 1024 on.
   * @format uri
   */
  @IsString()
  @Length(1, 2_048)
  url: string;
  /** Only events of these types; all when left out. The key needs the scope that reads the same over REST, for each type. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(ALL_EVENT_TYPES.length)
  @ArrayUnique()
  @IsIn(ALL_EVENT_TYPES, { each: true })
  types?: EventType[] | null;
  /** What deliveries may show: scopes of the key itself; `calls:control` adds the `session` of calls. None when left out. */
  @IsOptional()
  @ArrayMaxSize(ALL_SCOPES.length)
  @ArrayUnique()
  @IsIn(ALL_SCOPES, { each: true })
  scopes?: Scope[];
  /** A note for people, at most 200 characters. */
  @IsOptional()
  @IsString()
  @Length(0, 200)
  description?: string | null;
  /** Only events of this number, by its id; all numbers when left out. */
  @IsOptional()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string | null;
}

/** A change of a subscription; members that are left out stay. Its scopes and its number cannot change. */
export class ChangeSubscriptionDto {
  /**
   * Where events are posted, under the rules of the creation; with `EVENTS_CHALLENGE` the new URL must give a challenge back.
   * @format uri
   */
  @IsOptional()
  @IsString()
  @Length(1, 2_048)
  url?: string;
  /** Only events of these types; `null` for all. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(ALL_EVENT_TYPES.length)
  @ArrayUnique()
  @IsIn(ALL_EVENT_TYPES, { each: true })
  types?: EventType[] | null;
  /** A note for people, at most 200 characters; `null` for none. */
  @IsOptional()
  @IsString()
  @Length(0, 200)
  description?: string | null;
  /** `true` pauses deliveries; `false` resumes them where they stopped, also after the gateway disabled the subscription. */
  @IsOptional()
  @IsBoolean()
  paused?: boolean;
}

/** Selects the events that the gateway delivers again, delivered or not; without any member, every exhausted delivery. */
export class ReplayDto {
  /** Events that happened at or after this time. */
  @IsOptional()
  @IsTime()
  since?: string;
  /** Events that happened before this time. */
  @IsOptional()
  @IsTime()
  until?: string;
  /** Only the events with these ids, 1 to 200. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @IsString({ each: true })
  event_ids?: string[];
}

/** A page of the deliveries of a subscription, the newest events first. */
export class DeliveriesQueryDto extends LimitDto {
  /** Only deliveries with this status. */
  @IsOptional()
  @IsIn(STATES)
  status?: (typeof STATES)[number];
}

/** Events that the gateway purged, 7 days after they happened, before their delivery. */
export class GapDto {
  /** How many wanted events were lost. */
  events: number;
  /**
   * When the first of them happened.
   * @format date-time
   */
  from: string;
  /** When the last of them happened. */
  until: string;
  /**
   * The path that lists every call of the lost events in its present state; a replay of the events is not possible.
   * @format uri-reference
   */
  calls: string;
}

/** A subscription without its secrets; times are RFC 3339. */
export class SubscriptionDto {
  /** Begins with `sub_`. */
  id: string;
  /** Where events are posted; the values of its query are redacted. */
  url: string;
  /** A note for people; `null` for none. */
  description: string | null;
  /** Only events of these types; `null` for all. */
  types: EventType[] | null;
  /** What deliveries may show. */
  scopes: Scope[];
  /** Only events of this number; `null` for all numbers. */
  phone_number_id: string | null;
  /** The id of the API key that created it. */
  created_by: string;
  /** The id of the API key that it belongs to: the last one that created or changed it. It is paused when that key is deleted. */
  key_id: string;
  /** RFC 3339, UTC. */
  created_at: string;
  /** `disabled`: the gateway stopped the deliveries; `PATCH` with `"paused": false` resumes them, as it does those that are paused. */
  state: 'active' | 'paused' | 'disabled';
  /** When the gateway disabled or paused it; `null` when it did neither. */
  disabled_at: string | null;
  /**
   * Why the gateway stopped it. `gone`: the endpoint answered 410. `failing`: every attempt of five days failed. `key_deleted`: its key was
   * deleted. `key_suspended`: its key was suspended. `scope_missing`: its key lacks a scope of what it carries. A `PATCH` by a key with these scopes makes it that key's.
   * `secret_unreadable`: its secret was changed or moved in the database; `POST …/rotate-secret` makes a new one.
   */
  disabled_reason: 'gone' | 'failing' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'secret_unreadable' | null;
  /** Failed attempts since the last success. */
  failures: number;
  /** When the first of these attempts failed; `null` without one. */
  failing_since: string | null;
  /** The gateway sends nothing before: the endpoint sent `Retry-After`, or is down and gets one attempt at a time. `null` for no wait. */
  held_until: string | null;
  /** Until when a replaced secret signs beside the present one; `null` for none. */
  previous_secret_until: string | null;
  /** The last loss of events while it was paused, disabled or behind; `subscription.gap` reports it as well. `null` for none. */
  gap: GapDto | null;
}

/** A subscription with its new secret, after its creation or the rotation of its secret. */
export class SubscriptionWithSecretDto extends SubscriptionDto {
  /** Verifies the signatures of deliveries (Standard Webhooks). The gateway shows it only in this response. */
  secret: string;
}

/** A page of subscriptions. */
export class SubscriptionPageDto {
  /** The oldest first. */
  data: SubscriptionDto[];
  /** The `cursor` of the next page; `null` on the last page. */
  next_cursor: string | null;
}

/** The delivery of one event, after its last attempt. */
export class EventDeliveryDto {
  /** The `webhook-id`, the same on every attempt. */
  event_id: string;
  /** The type of the event. */
  type: string;
  /** What the event is about, such as a call's id. */
  subject: string;
  /** `exhausted`: every attempt failed; a replay is possible while the event is kept. */
  status: 'delivered' | 'retrying' | 'exhausted';
  /** How many attempts were made; 0 for a replay before its first. */
  attempt: number;
  /** `null` before the first attempt. */
  first_attempt_at: string | null;
  /** `null` before the first attempt. */
  last_attempt_at: string | null;
  /** When the next retry is due; `null` for none. */
  next_attempt_at: string | null;
  /** The HTTP status of the endpoint; `null` without a response. */
  response_status: number | null;
  /** Milliseconds until the response or the fault. */
  latency_ms: number | null;
  /** Why there was no response; `null` with one. */
  error: string | null;
}

/** A page of deliveries of one subscription, at most 7 days old. */
export class EventDeliveryPageDto {
  /** The newest events first. */
  data: EventDeliveryDto[];
  /** The `cursor` of the next page; `null` on the last page. */
  next_cursor: string | null;
}

/** The result of a replay; the deliveries follow later. */
export class ReplayedDto {
  /** How many events the gateway will deliver again. */
  count: number;
}

/** A test event and its result. It has everything that the verification of a signature needs. */
export class TestDto {
  /** Whether the endpoint answered 2xx. */
  delivered: boolean;
  /** The HTTP status of the endpoint; `null` without a response. */
  response_status: number | null;
  /** Milliseconds until the response or the fault. */
  latency_ms: number;
  /** Why there was no response; `null` with one. */
  error: string | null;
  /** The request as it was sent. */
  request: TestRequestDto;
}

/** The request that carried the test event. */
export class TestRequestDto {
  /** The values of its query are redacted. */
  url: string;
  /** The headers of Standard Webhooks. */
  headers: Record<string, string>;
  /** The exact text that was signed. */
  body: string;
}

export const newSubscriptionOf = (dto: CreateSubscriptionDto): NewSubscription => ({
  url: dto.url,
  description: dto.description ?? null,
  types: dto.types ?? null,
  scopes: dto.scopes ?? [],
  phoneNumberId: dto.phone_number_id ?? null,
});

export const subscriptionChangeOf = ({ url, types, description, paused }: ChangeSubscriptionDto): SubscriptionChange =>
  defined({ url: url ?? undefined, types, description, paused: paused ?? undefined });

export const replayOf = ({ since, until, event_ids }: ReplayDto): ReplayRequest => ({
  since: since ? Date.parse(since) : null,
  until: until ? Date.parse(until) : null,
  eventIds: event_ids ?? null,
});

export const toSubscriptionDto = (subscription: Subscription): SubscriptionDto => ({
  id: subscription.id,
  url: withoutQueryValues(subscription.url),
  description: subscription.description,
  types: subscription.types && [...subscription.types],
  scopes: [...subscription.scopes],
  phone_number_id: subscription.phoneNumberId,
  created_by: subscription.createdBy,
  key_id: subscription.keyId ?? subscription.createdBy,
  created_at: rfc3339(subscription.createdAt),
  state: subscription.state,
  disabled_at: rfc3339(subscription.disabledAt),
  disabled_reason: subscription.disabledReason,
  failures: subscription.failures,
  failing_since: rfc3339(subscription.failingSince),
  held_until: rfc3339(subscription.heldUntil),
  previous_secret_until: rfc3339(subscription.previousUntil),
  gap: subscription.gap && shownLoss(subscription.gap),
});

export const withSecret = (subscription: Subscription): SubscriptionWithSecretDto => ({
  ...toSubscriptionDto(subscription),
  secret: secretOf(subscription),
});

/** The public delivery. */
export function toEventDeliveryDto({ cursor, subscriptionId, state, attempts, ...delivery }: EventDelivery): EventDeliveryDto {
  return { event_id: writeCursor(cursor), status: state, attempt: attempts, ...apiMembers(delivery) };
}

export const toTestDto = ({ url, headers, body, result }: TestDelivery): TestDto => ({
  delivered: succeeded(result),
  response_status: result.status,
  latency_ms: result.latencyMs,
  error: result.error,
  request: { url: withoutQueryValues(url), headers, body },
});
