import { PickType } from '@nestjs/swagger';
import { ReportStatusView } from './status/report-status.view.js';

/** One calendar day of the configured time zone, 23 to 25 hours long; `from` and `to` are RFC 3339. */
export class ReportPeriodView {
  /** A calendar day of `time_zone`. */
  date: string;
  /**
   * Its first moment.
   * @format date-time
   */
  from: string;
  /**
   * The first moment of the next day.
   * @format date-time
   */
  to: string;
  /** The IANA zone of the days. */
  time_zone: string;
}

/** The conversations of the period, as one source counts them. */
export class PeriodCountView {
  /** Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
  source: string;
  /** The zone of the source's day. */
  time_zone: string;
  /** Business-initiated conversations. */
  business_initiated: number;
  /** `null` when the source does not report it. */
  total: number | null;
}

/** Ended outbound calls that began in the period. Calls that never rang count in `total` alone. */
export class OutboundMetricsView {
  /** All of them. */
  total: number;
  /** Answered calls. */
  answered: number;
  /** Rejected, or not answered. */
  unanswered: number;
}

/** Ended inbound calls that began in the period. Calls with another outcome count in `total` alone. */
export class InboundMetricsView {
  /** All of them. */
  total: number;
  /** Answered calls. */
  answered: number;
  /** Missed, rejected or expired calls. */
  missed: number;
}

/** Ended calls that began in the period, by direction. */
export class CallMetricsView {
  /** Outbound calls. */
  outbound: OutboundMetricsView;
  /** Inbound calls. */
  inbound: InboundMetricsView;
}

/** The conversations and calls of the period: the part of a report that late data can restate. */
export class PeriodMetricsView {
  /** By source, never added up. */
  conversations: PeriodCountView[];
  /** Calls by direction and outcome. */
  calls: CallMetricsView;
}

/** One metric that differs from the revision before. */
export class RestatementView {
  /** The metric, such as `conversations.partner_api.total`. */
  field: string;
  /** The value in the revision before; `null` when it was absent. */
  before: number | null;
  /** The value now; `null` when it is absent. */
  after: number | null;
}

/** The conversations of one day and of the window that ends with it. A report has the last 60 days at most. */
export class RollingDayView {
  /** A calendar day, `YYYY-MM-DD`. */
  date: string;
  /** Business-initiated conversations. */
  business_initiated: number;
  /** `null` when the source does not report it. */
  total: number | null;
  /** Business-initiated within the window that ends with this day; `null` where the source does not reach back so far. */
  in_window: number | null;
}

/** Ended calls that rang and began on one day of the configured time zone. A report has the last 30 days. */
export class CallDayView {
  /** A calendar day, `YYYY-MM-DD`. */
  date: string;
  /** Outbound calls. */
  outbound: number;
  /** Outbound calls that were answered. */
  outbound_answered: number;
  /** Inbound calls. */
  inbound: number;
  /** Inbound calls that were answered. */
  inbound_answered: number;
}

/** The messaging limit from one poll on, until the next entry. A report covers the polls of the last 90 days. */
export class TierView {
  /** When a poll first found this tier. */
  since: string;
  /** Meta’s word, such as `TIER_2K`. */
  tier: string;
}

/** One revision of the report of one day. It does not change; late data makes a new revision. */
export class ReportView {
  /** The gateway’s own id. */
  id: string;
  /** The business number, by its id at Meta. */
  phone_number_id: string;
  /** `live`, or `simulator` for the built-in 360dialog. */
  mode: 'live' | 'simulator';
  /** The day of the report. */
  period: ReportPeriodView;
  /** 1 at first; late data makes the next one. */
  revision: number;
  /** When the revision was written (RFC 3339). */
  created_at: string;
  /** Business-initiated conversations to reach. */
  required_conversations: number;
  /** The length of the window in days. */
  window_days: number;
  /** What happened in the period. */
  figures: PeriodMetricsView;
  /** What this revision restates of the one before. */
  changes: RestatementView[];
  /** The status when the report was written. */
  standing: ReportStatusView;
  /** Daily counts of the primary source, in the zone of its days. */
  series: RollingDayView[];
  /** Calls by direction and outcome. */
  calls: CallDayView[];
  /** The messaging limit as polls found it, oldest first. */
  tiers: TierView[];
}

/** A report without its series. */
export class ReportSummaryView extends PickType(ReportView, [
  'id',
  'phone_number_id',
  'period',
  'revision',
  'created_at',
  'figures',
  'changes',
]) {
  /**
   * The path of the whole report.
   * @format uri-reference
   */
  link: string;
}

/** A page of reports, newest first. */
export class ReportPageView {
  /** The items of this page. */
  data: ReportSummaryView[];
  /** Give it as `cursor` for the next page; null on the last one. */
  next_cursor: string | null;
}

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
