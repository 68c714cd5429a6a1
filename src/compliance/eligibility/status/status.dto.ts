import { IsIn, IsOptional } from 'class-validator';
import { NumberQueryDto } from '#api-conventions/list-query.dto.js';
import { type ReadingScope } from '#compliance/eligibility/reading.js';
import { UpstreamView } from '#dialog360/limits/upstream.view.js';

/** Selects a business number, and whether the gateway may answer with cached readings. */
export class StatusQueryDto extends NumberQueryDto {
  /** `true` reads every value again; otherwise readings of the last 60 s are used. */
  @IsOptional()
  @IsIn(['true', 'false'])
  refresh?: 'true' | 'false';
}

/** How much of a messaging limit is used. Meta counts it over all numbers of a business portfolio. */
export class LimitUsageDto {
  /** Whose people are counted: `portfolio` for all numbers of the gateway in it, `number` while the portfolio is unknown. */
  scope: 'portfolio' | 'number';
  /** How many numbers of the gateway have the limit together; `null` while the portfolio is unknown. */
  shared_by: number | null;
  /** How many people got a template outside of the 24 h window within 24 h, each counted once by a digest of their id; `null` is unknown. */
  people_24h: number | null;
  /** Whether webhooks cover the 24 h for each of these numbers; otherwise there may be more. */
  complete: boolean;
}

/** One condition for calls in one direction, with the evidence of its verdict. */
export class GateDto {
  /** Such as `calling_enabled`. */
  name: string;
  /** Only `fail` blocks; `unknown` never does. */
  verdict: 'pass' | 'fail' | 'unknown' | 'warning';
  /** What was found; `null` when unknown. */
  value: string | number | null;
  /** What it must be. */
  required: string | number | null;
  /** Who says so. */
  source: string | null;
  /** When that was observed. */
  observed_at: string | null;
  /** The error code of the catalogue that belongs to the verdict. */
  code: string | null;
  /** What the owner should do next. */
  remedy: string | null;
  /** When the verdict changes by itself, if that is known. */
  retry_at: string | null;
  /** How much of the limit is used; `null` but for the gate `messaging_limit`. */
  usage: LimitUsageDto | null;
  /** The usage in a sentence; `null` where there is none. */
  note: string | null;
}

/** The assessment of calls in one direction. */
export class DirectionDto {
  /** `available` is proven, `blocked` has a failing gate, everything between is `unknown`. */
  verdict: 'available' | 'blocked' | 'unknown';
  /** Every gate, in the order in which a failing one answers. */
  gates: GateDto[];
}

/** A field of `changes[]` that the gateway does not read, and how often it came. */
export class UnreadFieldDto {
  /** As Meta names it, such as `message_template_status_update`; `other` beyond 50 names. */
  field: string;
  /** How many elements have arrived on it, duplicates left out. */
  elements: number;
  /** When the first one arrived (RFC 3339). */
  first_at: string;
  /** When the latest one arrived (RFC 3339). */
  last_at: string;
}

/** What is known of the Meta Business Agent of the number, from `standby` and `messaging_handovers`. */
export class BusinessAgentDto {
  /** How many users' threads the agent holds, as far as webhooks have shown. GET /api/calling/permissions/{user} says who holds the thread with one user. */
  threads_held: number;
  /** Since when it holds the latest of them (RFC 3339). */
  last_held_at: string | null;
}

/** What this process has seen of 360dialog's signature on deliveries (`x-360dialog-signature`) since it started. */
export class WebhookSignatureDto {
  /** `off` without `D360_WEBHOOK_SIGNING_SECRET`: signatures are noticed and not checked. It belongs to the number of the environment: for others they are not looked at. */
  mode: 'off' | 'require' | 'observe';
  /** When this process began to count. */
  since: string;
  /** Whether the newest delivery carried the header; `null` before any. */
  header_seen: boolean | null;
  /** The newest delivery whose signature was right, or was not checked. */
  last_signed_at: string | null;
  /** The newest delivery without a right signature, while there is a secret. */
  last_refused_at: string | null;
  /** Deliveries without the header; with `require` they were refused. */
  unsigned: number;
  /** Deliveries with a signature that does not fit; with `require` they were refused. */
  invalid: number;
}

/** The webhook at 360dialog compared with this gateway's address. The comparison ignores the query and a slash at the end. */
export class WebhookStatusDto {
  /** Where 360dialog delivers; the values of a query are redacted. */
  registered_url: string | null;
  /** Whether that is this gateway's address. */
  matches_public_url: boolean | null;
  /** When the last delivery of any kind arrived. */
  last_delivery_at: string | null;
  /** When the last delivery about a call arrived. */
  last_call_event_at: string | null;
  /** Fields of webhooks that the gateway does not read, the latest first; 50 at most have a name. */
  unread_fields: UnreadFieldDto[];
  /** 360dialog's signature on deliveries, as this process has seen it. */
  signature: WebhookSignatureDto;
}

/** Refusals of the last 7 days with the same `code`, `upstream_code` and `operation`; the gateway lists 50 groups at most. */
export class RecentRefusalDto {
  /** The error code of the catalogue. */
  code: string;
  /** Meta's number, if it gave one. */
  upstream_code: number | null;
  /** What was asked of 360dialog, such as `connect`. */
  operation: string;
  /** How often within the last 7 days. */
  count: number;
  /** The first one within the 7 days (RFC 3339). */
  first_at: string;
  /** The latest one (RFC 3339). */
  last_at: string;
  /** The latest call that was refused so. */
  example_call_id: string | null;
  /** Why it was refused. */
  cause: string | null;
  /** What the owner should do next. */
  remedy: string | null;
}

/** One value of the status with its source and age. */
export class MetricDto {
  /** `null` while unknown. */
  value: string | number | boolean | null;
  /** Who says so. */
  source: string | null;
  /** What it covers: this number, the client at 360dialog, or Meta's business portfolio. */
  scope: ReadingScope | null;
  /** When the source was read (RFC 3339); `null` when it never was. */
  observed_at: string | null;
  /** Why there is no value, or none newer. */
  reason: string | null;
}

/** Deliveries on their way to `WEBHOOK_FORWARD_URL`. */
export class ForwardingStatusDto {
  /** Scheme, host and port of the target: its path and query may hold secrets. */
  target: string;
  /** Kept deliveries that wait to be forwarded, in the order of receipt. */
  pending: number;
  /** When the oldest of them was received (RFC 3339); `null` when none waits. */
  oldest_received_at: string | null;
  /** Before this time (RFC 3339) nothing is forwarded: the target asks to wait, or a refused delivery is tried again then. */
  held_until: string | null;
  /** Deliveries that the target refused for good; `GET /api/forwarding/set-aside` lists them. */
  set_aside: number;
}

/** The diagnosis of one business number: its settings, counts, gates, webhook and recent refusals. */
export class StatusDto {
  /** `calling.status` of the number, such as `ENABLED`, `DISABLED` or `NOT_SET`. */
  calling_status: string | null;
  /** Whether WhatsApp asks callers for the permission to call them back. */
  callback_permission: string | null;
  /** Whether the required number of business-initiated conversations is reached. */
  meets_1k_requirement: boolean | null;
  /** Business-initiated conversations within the window; `null` is unknown. */
  business_initiated_conversations: number | null;
  /** All conversations within the window; `null` is unknown. */
  total_conversations: number | null;
  /** Inbound calls. */
  inbound: DirectionDto;
  /** Outbound calls. */
  outbound: DirectionDto;
  /** Where deliveries go, and when the last ones arrived. */
  webhook: WebhookStatusDto;
  /** The diagnosis in one sentence. */
  headline: string;
  /** What 360dialog refused within 7 days, the latest first. */
  recent_refusals: RecentRefusalDto[];
  /** `null` while no webhook has shown that an agent holds a thread. */
  business_agent: BusinessAgentDto | null;
  /** The requests of this process to 360dialog. */
  upstream: UpstreamView;
  /** Subscriptions that are paused because their key is deleted or lacks a scope of what they carry; a `PATCH` with another key resumes one. */
  subscriptions_paused: number;
  /** What waits to be forwarded, and what its target refused; `null` without forwarding. */
  forwarding: ForwardingStatusDto | null;
  /** Where each value comes from, and how old it is. */
  figures: Record<string, MetricDto>;
  /** The business number, by its id at Meta. */
  phone_number_id: string;
  /** `live`, or `simulator` for the built-in 360dialog. */
  mode: 'live' | 'simulator';
  /** When the answer was made (RFC 3339). */
  checked_at: string;
}
