/** One condition for calls in one direction, with its verdict when the report was written. */
export class ReportGateView {
  /** The direction of the calls. */
  direction: 'inbound' | 'outbound';
  /** Such as `calling_enabled`. */
  name: string;
  /** Only `fail` blocks; `unknown` never does. */
  verdict: 'pass' | 'fail' | 'unknown' | 'warning';
  /** What was found; `null` is unknown. */
  value: string | number | null;
  /** What it must be; `null` when nothing is required. */
  required: string | number | null;
  /** Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
  source: string | null;
  /** When the source was read (RFC 3339); `null` when it never was. */
  observed_at: string | null;
  /** A code of the catalogue. */
  code: string | null;
}

/** When the goal will be reached, projected from past days. The gateway names no day beyond 120 days. */
export class ReportProjectionView {
  /** A calendar day, `YYYY-MM-DD`. */
  date: string | null;
  /**
   * The earliest and the latest day; `null` without a date.
   * @format date
   */
  range: [string, string] | null;
  /** How often the day should lie within `range`, 0 to 1. */
  confidence: number;
  /** Conversations per day at the present pace; `null` is unknown. */
  pace_per_day: number | null;
  /** Conversations per day that fill the window. */
  required_pace_per_day: number;
  /** Why a value is unknown or does not decide; `null` when nothing is missing. */
  reason: string | null;
}

/** What one source counts within the window of the requirement. */
export class ReportReadingView {
  /** Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
  source: string;
  /** `conversation`, `message` or `unique_user`. */
  unit: string;
  /** `number`, `client` or `portfolio`. */
  scope: string;
  /** What was found; `null` is unknown. */
  value: number | null;
  /** All of them. */
  total: number | null;
  /** The IANA zone of the days. */
  time_zone: string;
  /** When the source was read (RFC 3339); `null` when it never was. */
  observed_at: string;
  /** Why a value is unknown or does not decide; `null` when nothing is missing. */
  reason: string | null;
}

/** How much of the messaging limit was used when the report was written. */
export class ReportLimitUsageView {
  /** Whose people are counted: `portfolio` for all numbers of the gateway in it, `number` while the portfolio is unknown. */
  scope: 'portfolio' | 'number';
  /** How many numbers of the gateway have the limit together; `null` while the portfolio is unknown. */
  shared_by: number | null;
  /** How many people got a template outside of the 24 h window within 24 h, each counted once; `null` is unknown. */
  people_24h: number | null;
  /** Whether webhooks covered the 24 h for each of these numbers; otherwise there may have been more. */
  complete: boolean;
}

/** The status when the report was written. */
export class ReportStatusView {
  /** When the source was read (RFC 3339); `null` when it never was. */
  observed_at: string | null;
  /** Business-initiated conversations within the window; `null` is unknown. */
  business_initiated_conversations: number | null;
  /** All conversations within the window; `null` is unknown. */
  total_conversations: number | null;
  /** Conversations still missing; `null` is unknown. */
  remaining: number | null;
  /** Progress towards the goal, 0 to 1, rounded down; `null` is unknown. */
  progress: number | null;
  /** Whether the required number is reached; `null` is unknown. */
  meets_1k_requirement: boolean | null;
  /** Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
  source: string | null;
  /** Why a value is unknown or does not decide; `null` when nothing is missing. */
  reason: string | null;
  /**
   * The first covered day; `null` without any.
   * @format date
   */
  coverage_from: string | null;
  /**
   * The day after the last covered one; `null` without any.
   * @format date
   */
  coverage_to: string | null;
  /** Whether the whole window is covered. */
  coverage_complete: boolean;
  /** When the goal will be reached. */
  projection: ReportProjectionView;
  /** Meta’s word, such as `TIER_2K`; `null` is unknown. */
  messaging_limit: string | null;
  /** Unique users per 24 h; null when unlimited (see `messaging_limit`) or unknown, and in reports of earlier releases. */
  messaging_limit_users?: number | null;
  /** Unique users per 24 h that Meta asks for. */
  messaging_limit_required: number;
  /** Whether the limit suffices for calling; `null` is unknown. */
  meets_messaging_limit: boolean | null;
  /** Where the limit comes from; `null` is unknown. */
  messaging_limit_source: string | null;
  /** How much of the limit was used, and by how many numbers; missing in reports of earlier releases. */
  messaging_limit_usage?: ReportLimitUsageView;
  /** Users who got a template outside of the 24 h window within 30 days; `null` is unknown. */
  template_users_30d: number | null;
  /** Inbound calls. */
  inbound: 'available' | 'blocked' | 'unknown';
  /** Outbound calls. */
  outbound: 'available' | 'blocked' | 'unknown';
  /** Every gate of both directions. */
  gates: ReportGateView[];
  /** The count of every source. */
  readings: ReportReadingView[];
}
