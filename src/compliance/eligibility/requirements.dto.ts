import { PickType } from '@nestjs/swagger';
import { NOTHING_COVERED } from '#compliance/conversations/count.js';
import { countFields, progressFields, projectionFields, projectionOf } from '#compliance/conversations/fields.js';
import { usageFields } from '#compliance/conversations/usage/limit-usage.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { UPSTREAM_RULES, type UpstreamRule } from '#error-catalogue/upstream-rules.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Eligibility } from './eligibility.service.js';
import { REQUIRED_LIMIT, shownLimit } from './policy.js';
import type { Reading, ReadingScope, ReportedLimit } from './reading.js';
import type { Requirements } from './requirements.service.js';
import { LimitUsageDto, StatusDto } from './status/status.dto.js';
import { toDirectionDto } from './status/status.view.js';

/** The owner's goal: business-initiated conversations within a rolling window of days. */
export class RequirementDto {
  /** Business-initiated conversations to reach. */
  conversations: number;
  /** Within so many days. */
  window_days: number;
}

/** A projection from past days. Days are `YYYY-MM-DD`, and the gateway names none beyond 120 days. */
export class ProjectionDto {
  /** When the goal will be reached at the present pace; `null` when nothing can be promised. */
  date: string | null;
  /**
   * The earliest and the latest such date.
   * @format date
   */
  range: [string, string] | null;
  /** How often the truth should lie within `range`. */
  confidence: number;
  /** Conversations per day. */
  pace_per_day: number | null;
  /** The pace that fills the window. */
  required_pace_per_day: number | null;
  /** Why there is no date. */
  reason: string | null;
}

/** The messaging limit as one source reports it. */
export class LimitReadingDto {
  /** Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
  source: string;
  /** `number`, `client` or `portfolio`. */
  scope: ReadingScope;
  /** As the source reports it: a tier word, or a number. */
  value: string;
  /** When the source was read (RFC 3339); `null` when it never was. */
  observed_at: string;
}

/**
 * The messaging limit that decides: the newest that the gateway can read, else the newest. The owner's declaration counts
 * for 30 days, and only without another source.
 */
export class MessagingLimitDto {
  /** Meta's word, such as `TIER_2K`. */
  tier: string | null;
  /** Unique users per 24 h; also `null` when unlimited, see `tier`. */
  limit: number | null;
  /** What Meta asks for before calling can be enabled. */
  required: number;
  /** Whether the limit suffices for calling; `null` is unknown. */
  meets: boolean | null;
  /** Who says so. */
  source: string | null;
  /** `number`, `client` or `portfolio`. */
  scope: ReadingScope | null;
  /** When the source was read (RFC 3339); `null` when it never was. */
  observed_at: string | null;
  /** Why there is no value, such as `stale`. */
  reason: string | null;
  /** How much of it is used, and by how many numbers. */
  usage: LimitUsageDto;
  /** What every source says, newest first. */
  readings: LimitReadingDto[];
}

/** The calendar days (`YYYY-MM-DD`) that a source covers; `from` and `to` are `null` when it covers none. */
export class CoverageDto {
  /**
   * The first day that the source covers.
   * @format date
   */
  from: string | null;
  /**
   * The day after the last.
   * @format date
   */
  to: string | null;
  /** Whether that is the whole window. */
  complete: boolean;
}

/**
 * One of Meta's two ways to the required messaging limit. `business_verification` has a `state`; `delivered_templates_30d` has a
 * count of unique users.
 */
export class PathToLimitDto {
  /** `business_verification` or `delivered_templates_30d`. */
  path: string;
  /** How far a path without a count has come. */
  state?: string | null;
  /** What is counted. */
  unit?: string;
  /** What it must be; `null` when nothing is required. */
  required?: number;
  /** The value; `null` while unknown. */
  value?: number | null;
  /** Conversations still missing; `null` is unknown. */
  remaining?: number | null;
  /** 0 to 1. */
  progress?: number | null;
  /** Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
  source?: string | null;
  /** What of the 30 days was counted, in days of UTC; while that is a part, there may be more. */
  coverage?: CoverageDto;
  /** When the source was read (RFC 3339); `null` when it never was. */
  observed_at?: string | null;
  /** `null` while nothing was counted. Who gets another template later stays longer, so the date is rather late than early. */
  projection?: ProjectionDto | null;
}

/** The conversations of one day, as the primary source counts them. */
export class SeriesDayDto {
  /** A calendar day of the zone of the primary source. */
  date: string;
  /** Business-initiated conversations. */
  business_initiated: number;
  /** `null` when the source does not report it. */
  total: number | null;
}

/** What one source counts within the window of the requirement. */
export class CountReadingDto {
  /** Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
  source: string;
  /** What is counted: `conversation`, `message` or `unique_user`; never mixed. */
  unit: string;
  /** What it covers: this number, the client at 360dialog with all its numbers, or Meta's business portfolio. */
  scope: ReadingScope;
  /** Business-initiated, within what the source covers of the window; `null` while unknown. */
  value: number | null;
  /** All of them. */
  total: number | null;
  /** The zone of the source's days. */
  time_zone: string;
  /** The days that the source covers. */
  coverage: CoverageDto;
  /** When the source was read (RFC 3339); `null` when it never was. */
  observed_at: string;
  /** Why the value is unknown or does not decide, such as `no_days` or `contradicted_by_webhooks`. */
  reason: string | null;
}

/** A rule of Meta or 360dialog that the gateway applies. */
export class UpstreamRuleDto {
  /** Such as `permission_requests_per_day`. */
  id: string;
  /** The value that the gateway applies where no live limit says otherwise. */
  value: number | string;
  /** What the value counts, such as `requests_per_24h`; `null` when it counts nothing. */
  unit: string | null;
  /** The page that states it. */
  source: string;
  /** The date that the page bore; `null` where it bears none. */
  page_date: string | null;
  /** The day on which the rule was last compared with its page. */
  checked_on: string;
}

/** The progress towards the owner's goal and towards Meta's messaging limit, from stored readings. */
export class ConversationRequirementsDto {
  /** What the owner wants to reach. */
  requirement: RequirementDto;
  /** The rules of Meta and 360dialog that the gateway applies, with their sources. */
  rules: UpstreamRuleDto[];
  /** Business-initiated conversations within the window; `null` is unknown. */
  business_initiated_conversations: number | null;
  /** All conversations within the window; `null` is unknown. */
  total_conversations: number | null;
  /** Conversations still missing; `null` is unknown. */
  remaining: number | null;
  /** 0 to 1. */
  progress: number | null;
  /** `null` while unknown: also when a window known in part falls short. */
  meets_1k_requirement: boolean | null;
  /** When the goal will be reached. */
  projection: ProjectionDto;
  /** What Meta checks when calling is enabled; another fact than the count. */
  messaging_limit: MessagingLimitDto;
  /** The two ways to a higher messaging limit. */
  paths_to_limit: PathToLimitDto[];
  /** One entry for each covered day, oldest first. */
  series: SeriesDayDto[];
  /** The count of every source. */
  readings: CountReadingDto[];
  /** The primary source; `null` without one. */
  source: string | null;
  /** What the primary source covers. */
  scope: ReadingScope | null;
  /** The zone of its days; the partner API counts in UTC. */
  time_zone: string | null;
  /** The days that the source covers. */
  coverage: CoverageDto;
  /** When the source was read (RFC 3339); `null` when it never was. */
  observed_at: string | null;
  /** Why the count or the verdict is unknown. */
  reason: string | null;
  /** The business number, by its id at Meta. */
  phone_number_id: string;
}

/** Whether calls are possible in each direction, with the evidence of every gate. */
export class EligibilityDto extends PickType(StatusDto, ['inbound', 'outbound', 'phone_number_id', 'checked_at']) {}

/** `now`, in ms since 1970, is the start of the projection of the goal. */
export function toRequirementsDto(phoneNumberId: string, requirements: Requirements, now: number): ConversationRequirementsDto {
  const { goal, progress, counts, primarySource } = requirements;
  return {
    requirement: { conversations: goal.conversations, window_days: goal.windowDays },
    rules: Object.entries(UPSTREAM_RULES).map(toRuleDto),
    ...progressFields(progress),
    projection: projectionFields(projectionOf(requirements, now)),
    messaging_limit: toLimitDto(requirements),
    paths_to_limit: pathsToLimit(requirements),
    series: (primarySource?.series ?? []).map(({ date, businessInitiated, total }) => ({
      date,
      business_initiated: businessInitiated,
      total,
    })),
    readings: counts.map((count) => ({ ...countFields(count), coverage: count.coverage })),
    scope: progress.scope,
    time_zone: progress.timeZone,
    coverage: progress.coverage,
    phone_number_id: phoneNumberId,
  };
}

const toRuleDto = ([id, { pageDate, checkedOn, ...rule }]: [string, UpstreamRule]): UpstreamRuleDto => ({
  id,
  ...rule,
  page_date: pageDate,
  checked_on: checkedOn,
});

const toLimitDto = ({ limit, limits, usage }: Requirements): MessagingLimitDto => ({
  ...shownLimit(limit),
  required: REQUIRED_LIMIT,
  scope: limit.scope,
  observed_at: rfc3339(limit.observedAt),
  reason: limit.reason,
  usage: usageFields(usage),
  readings: limits.map(toLimitReadingDto),
});

const toLimitReadingDto = ({ source, scope, value, observedAt }: Reading<ReportedLimit>): LimitReadingDto => ({
  source,
  scope,
  value: value.limit,
  observed_at: rfc3339(observedAt),
});

/** Meta's two ways up. */
const pathsToLimit = ({ templateUsers, templateProjection, verification }: Requirements): PathToLimitDto[] => [
  {
    path: 'business_verification',
    state: verification.value,
    source: verification.source,
    observed_at: rfc3339(verification.observedAt),
  },
  {
    path: 'delivered_templates_30d',
    unit: 'unique_user',
    required: REQUIRED_LIMIT,
    value: templateUsers?.value ?? null,
    remaining: templateUsers && Math.max(0, REQUIRED_LIMIT - templateUsers.value),
    // Rounded down: short of the goal it never shows as all of it.
    progress: templateUsers && Math.min(1, Math.floor((templateUsers.value * 1_000) / REQUIRED_LIMIT) / 1_000),
    source: templateUsers && 'webhooks',
    coverage: templateUsers?.coverage ?? NOTHING_COVERED,
    observed_at: rfc3339(templateUsers?.observedAt ?? null),
    projection: templateProjection && projectionFields(templateProjection),
  },
];

export const toEligibilityDto = (
  phoneNumberId: string,
  { inbound, outbound }: Eligibility,
  now: number,
  language: Language,
): EligibilityDto => ({
  inbound: toDirectionDto(inbound, language),
  outbound: toDirectionDto(outbound, language),
  phone_number_id: phoneNumberId,
  checked_at: rfc3339(now),
});
