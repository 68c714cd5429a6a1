import { IsIn, IsOptional } from 'class-validator';
import { CallDto } from '#calling/call/call.view.js';
import { TimelineEntryDto } from './call-log.dto.js';

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
  calling: object | null;
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
