import type { PeriodMetrics, Restatement } from './report.js';

export class ReportPeriodView {
  /** A calendar day of `time_zone`. */
  date: string;
  /** Its first moment. */
  from: string;
  /** The first moment of the next day. */
  to: string;
  time_zone: string;
}

export class PeriodCountView {
  source: string;
  /** The zone of the source's day. */
  time_zone: string;
  business_initiated: number;
  /** `null` when the source does not report it. */
  total: number | null;
}

export class OutboundMetricsView {
  total: number;
  answered: number;
  /** Rejected, or not answered. */
  unanswered: number;
}

export class InboundMetricsView {
  total: number;
  answered: number;
  missed: number;
}

export class CallMetricsView {
  outbound: OutboundMetricsView;
  inbound: InboundMetricsView;
}

export class PeriodMetricsView {
  /** By source, never added up. */
  conversations: PeriodCountView[];
  calls: CallMetricsView;
}

export class RestatementView {
  field: string;
  before: number | null;
  after: number | null;
}

export class RollingDayView {
  date: string;
  business_initiated: number;
  /** `null` when the source does not report it. */
  total: number | null;
  /** Business-initiated within the window that ends with this day; `null` where the source does not reach back so far. */
  in_window: number | null;
}

export class CallDayView {
  date: string;
  outbound: number;
  outbound_answered: number;
  inbound: number;
  inbound_answered: number;
}

export class TierView {
  /** When a poll first found this tier. */
  since: string;
  tier: string;
}

export class ReportGateView {
  direction: 'inbound' | 'outbound';
  name: string;
  verdict: 'pass' | 'fail' | 'unknown' | 'warning';
  value: string | number | null;
  required: string | number | null;
  source: string | null;
  observed_at: string | null;
  /** A code of the catalogue. */
  code: string | null;
}

export class ReportProjectionView {
  date: string | null;
  range: [string, string] | null;
  confidence: number;
  pace_per_day: number | null;
  required_pace_per_day: number;
  reason: string | null;
}

export class ReportReadingView {
  source: string;
  unit: string;
  scope: string;
  value: number | null;
  total: number | null;
  time_zone: string;
  observed_at: string;
  reason: string | null;
}

/** The status when the report was written. */
export class ReportStatusView {
  observed_at: string | null;
  business_initiated_conversations: number | null;
  total_conversations: number | null;
  remaining: number | null;
  progress: number | null;
  meets_1k_requirement: boolean | null;
  source: string | null;
  reason: string | null;
  coverage_from: string | null;
  coverage_to: string | null;
  coverage_complete: boolean;
  projection: ReportProjectionView;
  messaging_limit: string | null;
  messaging_limit_required: number;
  meets_messaging_limit: boolean | null;
  messaging_limit_source: string | null;
  template_users_30d: number | null;
  inbound: 'available' | 'blocked' | 'unknown';
  outbound: 'available' | 'blocked' | 'unknown';
  gates: ReportGateView[];
  readings: ReportReadingView[];
}

export class ReportView {
  id: string;
  phone_number_id: string;
  mode: 'live' | 'simulator';
  period: ReportPeriodView;
  /** 1 at first; late data makes the next one. */
  revision: number;
  created_at: string;
  required_conversations: number;
  window_days: number;
  /** What happened in the period. */
  figures: PeriodMetricsView;
  /** What this revision restates of the one before. */
  changes: RestatementView[];
  standing: ReportStatusView;
  /** Daily counts of the primary source, in the zone of its days. */
  series: RollingDayView[];
  calls: CallDayView[];
  /** The messaging limit as polls found it, oldest first. */
  tiers: TierView[];
}

/** A report without its series. */
export class ReportSummaryView {
  id: string;
  phone_number_id: string;
  period: ReportPeriodView;
  revision: number;
  created_at: string;
  figures: PeriodMetricsView;
  changes: RestatementView[];
  link: string;
}

/** A page of reports, newest first. */
export class ReportPageView {
  data: ReportSummaryView[];
  /** Give it as `cursor` for the next page; null on the last one. */
  next_cursor: string | null;
}

export const toPeriodMetricsView = ({ conversations, calls }: PeriodMetrics): PeriodMetricsView => ({
  conversations: conversations.map(({ source, timeZone, businessInitiated, total }) => ({
    source,
    time_zone: timeZone,
    business_initiated: businessInitiated,
    total,
  })),
  calls,
});

export const fromPeriodMetricsView = ({ conversations, calls }: PeriodMetricsView): PeriodMetrics => ({
  conversations: conversations.map(({ source, time_zone, business_initiated, total }) => ({
    source,
    timeZone: time_zone,
    businessInitiated: business_initiated,
    total,
  })),
  calls,
});

export const toRestatementView = ({ field, before, after }: Restatement): RestatementView => ({ field, before, after });

export const toSummaryView = (report: ReportView): ReportSummaryView => ({
  id: report.id,
  phone_number_id: report.phone_number_id,
  period: report.period,
  revision: report.revision,
  created_at: report.created_at,
  figures: report.figures,
  changes: report.changes,
  link: `/api/compliance/reports/${report.id}`,
});
