import { IsIn, IsOptional } from 'class-validator';
import { CallDto } from '#calling/call/call.view.js';
import { TimelineEntryDto } from './call-log.dto.js';

export class BundleQueryDto {
  /** `true` shows numbers and names in full, for keys with `calls:control`. */
  @IsOptional()
  @IsIn(['true', 'false'])
  full?: 'true' | 'false';
}

export class BundleGatewayDto {
  name: string;
  version: string;
  /** The version of Node.js. */
  node: string;
  mode: 'live' | 'simulator';
}

export class BundleSettingsDto {
  /** When 360dialog last told the settings; null when it never did. */
  observed_at: string | null;
  age_seconds: number | null;
  /** Meta's `calling` object, for keys with `settings:read`. */
  calling: object | null;
}

/** Everything support asks for when a call went wrong. Never holds SDP or secrets. */
export class BundleDto {
  made_at: string;
  gateway: BundleGatewayDto;
  /** Meta's id of the call (`wacid.…`), which support asks for first. */
  call_id: string | null;
  /** Meta's trace ids of every refusal of this call. */
  fbtrace_ids: string[];
  call: CallDto;
  timeline: TimelineEntryDto[];
  settings: BundleSettingsDto;
  /** Whether numbers show only their last four digits, and names nothing. */
  redacted: boolean;
}
