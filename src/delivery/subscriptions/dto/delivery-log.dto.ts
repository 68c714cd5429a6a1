import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsIn, IsOptional, IsString } from 'class-validator';
import { apiMembers } from '#api-conventions/api-members.js';
import { IsTime } from '#api-conventions/fields.decorator.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import type { TestDelivery } from '#delivery/subscriptions/endpoint.client.js';
import type { EventDelivery } from '#delivery/subscriptions/event-delivery.js';
import type { ReplayRequest } from '#delivery/subscriptions/subscriptions.service.js';
import { writeCursor } from '#events/cursor.js';
import { succeeded } from '#outbound-http/retry.js';
import { withoutQueryValues } from '#outbound-http/safe-url.js';

const STATES = ['delivered', 'retrying', 'exhausted'] as const;

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

export const replayOf = ({ since, until, event_ids }: ReplayDto): ReplayRequest => ({
  since: since ? Date.parse(since) : null,
  until: until ? Date.parse(until) : null,
  eventIds: event_ids ?? null,
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
