import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsTime } from '#api-conventions/fields.decorator.js';
import { LimitDto } from '#api-conventions/list-query.dto.js';
import { CallDto } from '#calling/call/call.view.js';
import type { MetaCallingView } from '#events/views/meta-calling.view.js';

const STATES = ['awaiting_permission', 'ready', 'dialing', 'ringing', 'accepting', 'in_progress', 'ended'] as const;
const OUTCOMES = ['answered', 'rejected', 'missed', 'no_answer', 'canceled', 'permission_denied', 'expired', 'failed', 'unknown'] as const;

/** Filters of the call log. */
export class CallsQueryDto extends LimitDto {
  /** Calls in this state now. */
  @IsOptional()
  @IsIn(STATES)
  state?: (typeof STATES)[number];

  /** Calls of this direction. */
  @IsOptional()
  @IsIn(['inbound', 'outbound'])
  direction?: 'inbound' | 'outbound';

  /** Calls with this outcome. */
  @IsOptional()
  @IsIn(OUTCOMES)
  outcome?: (typeof OUTCOMES)[number];

  /** A phone number in any writing, or a BSUID: calls with that person under any of their addresses. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  user?: string;

  /** Calls created at or after this time. */
  @IsOptional()
  @IsTime()
  since?: string;

  /** Calls created before this time. */
  @IsOptional()
  @IsTime()
  until?: string;

  /** Calls of this business number. */
  @IsOptional()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string;

  /** `csv` exports every call that matches; it overrides `Accept`. */
  @IsOptional()
  @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}

/** A page of the call log, newest first. */
export class CallPageDto {
  /** The calls. */
  data: CallDto[];
  /** Give it as `cursor` for the next page; null on the last one. */
  next_cursor: string | null;
}

/** One thing that happened to a call. */
export class TimelineEntryDto {
  /** When it happened. */
  at: string;
  /** `request` and `answer`: with 360dialog; `webhook`: reported by Meta; `state`: derived by the gateway; `command`: a verb of a key. */
  kind: 'request' | 'answer' | 'webhook' | 'state' | 'command';
  /** The operation, the webhook's event, the new state or the verb. */
  name: string;
  /** Details without SDP, keys and numbers. */
  data: object;
}

/** The timeline of a call, in the order in which the gateway noted it. */
export class TimelineDto {
  /** The gateway's id of the call. */
  id: string;
  /** Meta's id (`wacid.…`); null until 360dialog has returned it. */
  call_id: string | null;
  /** The entries. */
  data: TimelineEntryDto[];
}

/** Query of a bundle. */
export class BundleQueryDto {
  /** `true` shows numbers and names in full, for keys with `calls:control`. */
  @IsOptional()
  @IsIn(['true', 'false'])
  full?: 'true' | 'false';
}

/** The gateway that made the bundle. */
export class BundleGatewayDto {
  /** The product's name. */
  name: string;
  /** The product's version. */
  version: string;
  /** The version of Node.js. */
  node: string;
  /** `simulator`: a simulated 360dialog answers. */
  mode: 'live' | 'simulator';
}

/** The calling settings of the number. */
export class BundleSettingsDto {
  /** When 360dialog last reported the settings; null when it never did. */
  observed_at: string | null;
  /** The age of that reading. */
  age_seconds: number | null;
  /** Meta's `calling` object, for keys with `settings:read`. */
  calling: MetaCallingView | null;
}

/** Everything support asks for when a call went wrong. Never holds SDP or secrets. */
export class BundleDto {
  /** When the bundle was made. */
  made_at: string;
  /** The gateway that made it. */
  gateway: BundleGatewayDto;
  /** Meta's id of the call (`wacid.…`), which support asks for first. */
  call_id: string | null;
  /** Meta's trace ids of every refusal of this call. */
  fbtrace_ids: string[];
  /** The call, without its session. */
  call: CallDto;
  /** Everything that happened to it. */
  timeline: TimelineEntryDto[];
  /** The calling settings of the number. */
  settings: BundleSettingsDto;
  /** Whether numbers show only their last four digits, and names nothing. */
  redacted: boolean;
}
