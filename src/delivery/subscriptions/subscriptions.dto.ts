import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsBoolean, IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { IsTime } from '#api-conventions/fields.decorator.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { writeCursor } from '#events/cursor.js';
import { ALL_EVENT_TYPES, type EventType } from '#events/event.js';
import { rfc3339 } from '#kernel/clock.js';
import { withoutQueryValues } from '#outbound-http/safe-url.js';
import { type Gap, readInstead } from './gap.js';
import type { Dispatch, Subscription } from './subscription.js';
import type { Replay, SubscriptionChange, SubscriptionWish, Test } from './subscriptions.service.js';

const STATES = ['delivered', 'retrying', 'exhausted'] as const;

export class CreateSubscriptionDto {
  /** Where events are posted: `https:`, a public host, port 443 or from 1024 on. */
  @IsString()
  @Length(1, 2_048)
  url: string;

  /** Only events of these types; all when left out. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(ALL_EVENT_TYPES.length)
  @ArrayUnique()
  @IsIn(ALL_EVENT_TYPES, { each: true })
  types?: EventType[] | null;

  /** What deliveries may show, no more than the key that asks; `calls:control` brings the `session` of calls. */
  @IsOptional()
  @ArrayMaxSize(ALL_SCOPES.length)
  @ArrayUnique()
  @IsIn(ALL_SCOPES, { each: true })
  scopes?: Scope[];

  /** For people. */
  @IsOptional()
  @IsString()
  @Length(0, 200)
  description?: string | null;

  /** Only events of this number; all when left out. */
  @IsOptional()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string | null;
}

export class ChangeSubscriptionDto {
  @IsOptional()
  @IsString()
  @Length(1, 2_048)
  url?: string;

  /** `null` for all. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(ALL_EVENT_TYPES.length)
  @ArrayUnique()
  @IsIn(ALL_EVENT_TYPES, { each: true })
  types?: EventType[] | null;

  @IsOptional()
  @IsString()
  @Length(0, 200)
  description?: string | null;

  /** `true` stops deliveries; `false` goes on where they stopped, also after the gateway disabled the subscription. */
  @IsOptional()
  @IsBoolean()
  paused?: boolean;
}

export class ReplayDto {
  /** Events that happened at or after this time. */
  @IsOptional()
  @IsTime()
  since?: string;

  /** Events that happened before this time. */
  @IsOptional()
  @IsTime()
  until?: string;

  /** These events. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @IsString({ each: true })
  event_ids?: string[];
}

export class DeliveriesQueryDto extends LimitDto {
  /** Only those in this state. */
  @IsOptional()
  @IsIn(STATES)
  status?: (typeof STATES)[number];
}

/** Events that were deleted, 7 days after they happened, before they could be delivered. */
export class GapDto {
  /** How many of those that the subscription wants. */
  events: number;
  /** When the first of them happened. */
  from: string;
  /** When the last of them happened. */
  until: string;
  /** They cannot be replayed; this path lists every call that they can have been about, as it stands now. */
  calls: string;
}

export class SubscriptionDto {
  id: string;
  /** The values of its query are redacted. */
  url: string;
  description: string | null;
  /** `null` for all. */
  types: EventType[] | null;
  scopes: Scope[];
  /** `null` for all numbers. */
  phone_number_id: string | null;
  /** The id of the key that made it. */
  created_by: string;
  created_at: string;
  /** `disabled`: the gateway gave it up; `PATCH` with `"paused": false` takes it up again. */
  state: 'active' | 'paused' | 'disabled';
  disabled_at: string | null;
  /** `gone`: the endpoint answered 410. `failing`: nothing but failures for five days. */
  disabled_reason: 'gone' | 'failing' | null;
  /** Failed attempts since the last success. */
  failures: number;
  failing_since: string | null;
  /** Nothing is sent before: the endpoint asked for a pause, or is down and tried one event at a time. */
  held_until: string | null;
  /** Until when a replaced secret signs, too. */
  previous_secret_until: string | null;
  /** What was lost last while it was paused, disabled or behind; also told by `subscription.gap`. `null` when nothing ever was. */
  gap: GapDto | null;
}

export class SubscriptionWithSecretDto extends SubscriptionDto {
  /** Verifies the signatures (Standard Webhooks). Shown this once. */
  secret: string;
}

export class SubscriptionPageDto {
  data: SubscriptionDto[];
  /** Give it as `cursor` for the next page; null on the last one. */
  next_cursor: string | null;
}

/** What was sent of one event, as of the last attempt. */
export class DispatchDto {
  /** The `webhook-id`, the same on every attempt. */
  event_id: string;
  type: string;
  /** What the event is about, such as a call's id. */
  subject: string;
  status: 'delivered' | 'retrying' | 'exhausted';
  /** How many attempts there were; 0 for a replay that waits for its first. */
  attempt: number;
  first_attempt_at: string | null;
  last_attempt_at: string | null;
  /** `null` when there is none. */
  next_attempt_at: string | null;
  /** The HTTP status of the endpoint; `null` when it did not answer. */
  response_status: number | null;
  /** Milliseconds until the answer or the fault. */
  latency_ms: number | null;
  /** Why there was no answer. */
  error: string | null;
}

export class DispatchPageDto {
  data: DispatchDto[];
  /** Give it as `cursor` for the next page; null on the last one. */
  next_cursor: string | null;
}

export class ReplayedDto {
  /** How many events will be sent once more. */
  count: number;
}

/** A test event as it was sent: enough to try a verification with. */
export class TestDto {
  /** Whether the endpoint answered 2xx. */
  delivered: boolean;
  response_status: number | null;
  latency_ms: number;
  error: string | null;
  request: TestRequestDto;
}

export class TestRequestDto {
  url: string;
  /** The headers of Standard Webhooks. */
  headers: object;
  /** The exact text that was signed. */
  body: string;
}

export const wishOf = (dto: CreateSubscriptionDto): SubscriptionWish => ({
  url: dto.url,
  description: dto.description ?? null,
  types: dto.types ?? null,
  scopes: dto.scopes ?? [],
  phoneNumberId: dto.phone_number_id ?? null,
});

export const changeOf = ({ url, types, description, paused }: ChangeSubscriptionDto): SubscriptionChange => ({
  ...(url === undefined || url === null ? {} : { url }),
  ...(types === undefined ? {} : { types }),
  ...(description === undefined ? {} : { description }),
  ...(paused === undefined || paused === null ? {} : { paused }),
});

export const replayOf = ({ since, until, event_ids }: ReplayDto): Replay => ({
  since: since ? Date.parse(since) : null,
  until: until ? Date.parse(until) : null,
  eventIds: event_ids ?? null,
});

const toGapDto = (gap: Gap): GapDto => ({
  events: gap.events,
  from: rfc3339(gap.from),
  until: rfc3339(gap.until),
  calls: readInstead(gap),
});

export const toSubscriptionDto = (subscription: Subscription): SubscriptionDto => ({
  id: subscription.id,
  url: withoutQueryValues(subscription.url),
  description: subscription.description,
  types: subscription.types && [...subscription.types],
  scopes: [...subscription.scopes],
  phone_number_id: subscription.phoneNumberId,
  created_by: subscription.createdBy,
  created_at: rfc3339(subscription.createdAt),
  state: subscription.state,
  disabled_at: rfc3339(subscription.disabledAt),
  disabled_reason: subscription.disabledReason,
  failures: subscription.failures,
  failing_since: rfc3339(subscription.failingSince),
  held_until: rfc3339(subscription.heldUntil),
  previous_secret_until: rfc3339(subscription.previousUntil),
  gap: subscription.gap && toGapDto(subscription.gap),
});

export const withSecret = (subscription: Subscription): SubscriptionWithSecretDto => ({
  ...toSubscriptionDto(subscription),
  secret: subscription.secret.reveal(),
});

export const toDispatchDto = (dispatch: Dispatch): DispatchDto => ({
  event_id: writeCursor(dispatch.cursor),
  type: dispatch.type,
  subject: dispatch.subject,
  status: dispatch.state,
  attempt: dispatch.attempts,
  first_attempt_at: rfc3339(dispatch.firstAttemptAt),
  last_attempt_at: rfc3339(dispatch.lastAttemptAt),
  next_attempt_at: rfc3339(dispatch.nextAttemptAt),
  response_status: dispatch.responseStatus,
  latency_ms: dispatch.latencyMs,
  error: dispatch.error,
});

export const toTestDto = ({ url, headers, body, attempt }: Test): TestDto => ({
  delivered: attempt.status !== null && attempt.status >= 200 && attempt.status < 300,
  response_status: attempt.status,
  latency_ms: attempt.latencyMs,
  error: attempt.error,
  request: { url: withoutQueryValues(url), headers, body },
});
