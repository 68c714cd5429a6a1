import type { Language } from '#catalogue/catalogue.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Eligibility, Requirements } from './compliance.service.js';
import { REQUIRED_LIMIT, readLimit } from './policy.js';
import type { Scope } from './reading.js';
import { DirectionDto, toDirectionDto } from './status.dto.js';

export class RequirementDto {
  /** Business-initiated conversations to reach. */
  conversations: number;
  /** Within so many days. */
  window_days: number;
}

export class ProjectionDto {
  /** When the goal will be reached at the present pace; `null` when nothing can be promised. */
  date: string | null;
  /** The earliest and the latest such date. */
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

export class MessagingLimitDto {
  /** Meta's word, such as `TIER_2K`. */
  tier: string | null;
  /** Unique users per 24 h; also `null` when unlimited, see `tier`. */
  limit: number | null;
  /** What Meta asks for before calling can be enabled. */
  required: number;
  meets: boolean | null;
  /** Who says so. */
  source: string | null;
  scope: Scope | null;
  observed_at: string | null;
}

export class PathToLimitDto {
  /** `business_verification` or `delivered_templates_30d`. */
  path: string;
  /** How far a path without a count has come. */
  state?: string | null;
  /** What is counted. */
  unit?: string;
  required?: number;
  value?: number | null;
  source?: string | null;
  observed_at?: string | null;
  projection?: ProjectionDto;
}

export class SeriesDayDto {
  /** A calendar day of `COMPLIANCE_TIME_ZONE`. */
  date: string;
  business_initiated: number;
  total: number;
}

export class CountReadingDto {
  source: string;
  /** What is counted. */
  unit: string;
  scope: Scope;
  value: number;
  observed_at: string;
}

export class CoverageDto {
  /** The first day that the source covers. */
  from: string | null;
  /** The day after the last. */
  to: string | null;
  /** Whether that is the whole window. */
  complete: boolean;
}

export class ConversationRequirementsDto {
  requirement: RequirementDto;
  business_initiated_conversations: number | null;
  total_conversations: number | null;
  remaining: number | null;
  /** 0 to 1. */
  progress: number | null;
  /** `null` while unknown: also when a window known in part falls short. */
  meets_1k_requirement: boolean | null;
  projection: ProjectionDto;
  /** What Meta checks when calling is enabled; another fact than the count. */
  messaging_limit: MessagingLimitDto;
  paths_to_limit: PathToLimitDto[];
  series: SeriesDayDto[];
  /** What every source says, whichever speaks. */
  readings: CountReadingDto[];
  /** The source that speaks. */
  source: string | null;
  coverage: CoverageDto;
  observed_at: string | null;
  /** Why the count or the verdict is unknown. */
  reason: string | null;
  phone_number_id: string;
}

export class EligibilityDto {
  inbound: DirectionDto;
  outbound: DirectionDto;
  phone_number_id: string;
  checked_at: string;
}

/** How often a range will hold, once there is one. */
const CONFIDENCE = 0.8;

export function toRequirementsDto(phoneNumberId: string, { goal, progress, limit, counts }: Requirements): ConversationRequirementsDto {
  const pace = Math.round((goal.conversations / goal.windowDays) * 10) / 10;
  return {
    requirement: { conversations: goal.conversations, window_days: goal.windowDays },
    business_initiated_conversations: progress.businessInitiated,
    total_conversations: progress.total,
    remaining: progress.remaining,
    progress: progress.progress,
    meets_1k_requirement: progress.meets,
    projection: noProjection(pace, progress.meets ? 'met' : 'no_series'),
    messaging_limit: toLimitDto(limit),
    paths_to_limit: pathsToLimit(),
    series: [],
    readings: counts.map(({ source, scope, value, observedAt }) => ({
      source,
      unit: 'conversation',
      scope,
      value: value.businessInitiated,
      observed_at: rfc3339(observedAt),
    })),
    source: progress.source,
    coverage: progress.coverage,
    observed_at: rfc3339(progress.observedAt),
    reason: progress.reason,
    phone_number_id: phoneNumberId,
  };
}

function toLimitDto({ value, source, scope, observedAt }: Requirements['limit']): MessagingLimitDto {
  const known = value && readLimit(value.limit);
  return {
    tier: known ? known.tier : (value?.limit ?? null),
    limit: known?.limit ?? null,
    required: REQUIRED_LIMIT,
    meets: known?.meets ?? null,
    source,
    scope,
    observed_at: rfc3339(observedAt),
  };
}

/** Meta's two ways up; nothing tells yet how far the number has come on either. */
const pathsToLimit = (): PathToLimitDto[] => [
  { path: 'business_verification', state: null },
  {
    path: 'delivered_templates_30d',
    unit: 'unique_user',
    required: REQUIRED_LIMIT,
    value: null,
    source: null,
    observed_at: null,
    projection: noProjection(Math.round((REQUIRED_LIMIT / 30) * 10) / 10, 'no_series'),
  },
];

const noProjection = (requiredPace: number, reason: string): ProjectionDto => ({
  date: null,
  range: null,
  confidence: CONFIDENCE,
  pace_per_day: null,
  required_pace_per_day: requiredPace,
  reason,
});

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
