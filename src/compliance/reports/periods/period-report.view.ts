import { PickType } from '@nestjs/swagger';
import { ReportView } from '#compliance/reports/report.view.js';

/** The days of a report: one, a week from Monday to Sunday, or a month. */
export class SpanView {
  /** `day`, `week` or `month`. */
  every: 'day' | 'week' | 'month';
  /**
   * The first day.
   * @format date
   */
  first: string;
  /**
   * The last day itself.
   * @format date
   */
  last: string;
}

/** One figure of a period beside the one of the period before. */
export class PeriodFigureView {
  /** Such as `calls.inbound.missed`, `rate.inbound`, `conversations.webhooks.total` or `status.business_initiated_conversations`. */
  name: string;
  /**
   * A number of calls, conversations or people; a rate from 0 to 1, rounded down to hundredths. `null` is unknown.
   * @format double
   */
  value: number | null;
  /**
   * The same of the period before; `null` is unknown.
   * @format double
   */
  before: number | null;
  /**
   * `value` minus `before`; `null` where one of them is unknown, or some of its days are.
   * @format double
   */
  change: number | null;
  /**
   * What it should reach at least; `null` without a target.
   * @format double
   */
  target: number | null;
  /** On how many days of the period the value rests; `null` for a reading of one moment. */
  days: number | null;
  /** When a reading of one moment was taken (RFC 3339); `null` for what happened over the days, and when it never was. */
  as_of: string | null;
}

/** Something that differs from the report of the period before, the most important first. */
export class PeriodChangeView {
  /** `outbound`, `inbound`, `gate`, `meets_1k_requirement`, `messaging_limit`, or the name of a figure. */
  about: string;
  /** The error code of a gate that warns or fails now or did before; `null` otherwise. */
  code: string | null;
  /**
   * What it was. `null` is unknown or none.
   * @format double
   */
  before: string | number | null;
  /**
   * What it is. `null` is unknown or none.
   * @format double
   */
  now: string | number | null;
  /** When a reading of one moment was taken (RFC 3339); `null` for what happened over the days. */
  as_of: string | null;
}

/** The calls that rang in one span of the trend; `null` where no report covers it. */
export class TrendSpanView {
  /**
   * The first day.
   * @format date
   */
  first: string;
  /**
   * The last day itself.
   * @format date
   */
  last: string;
  /** How many of its days have a report. */
  reported_days: number;
  /** Outbound calls that were picked up. */
  outbound_answered: number | null;
  /** Outbound calls that were not. */
  outbound_unanswered: number | null;
  /** Inbound calls that were picked up. */
  inbound_answered: number | null;
  /** Inbound calls that were missed. */
  inbound_missed: number | null;
}

/** Why calls are not possible, or what is worth a look, by a reading of one moment. */
export class PeriodCauseView {
  /** The direction of the calls. */
  direction: 'inbound' | 'outbound';
  /** A code of the catalogue. */
  code: string;
  /** Whether it blocks calls, or only warns. */
  blocks: boolean;
  /** When it was read (RFC 3339); `null` when that is unknown. */
  as_of: string | null;
}

/** The status by the readings of one moment, when the report of the last day was written. It says nothing of the rest of the days. */
export class PeriodStatusView {
  /**
   * When the report was written.
   * @format date-time
   */
  as_of: string;
  /** Outbound calls. */
  outbound: 'available' | 'blocked' | 'unknown';
  /** Inbound calls. */
  inbound: 'available' | 'blocked' | 'unknown';
  /** What blocks calls first, then what warns. */
  causes: PeriodCauseView[];
  /** Whether the required number of conversations is reached; `null` is unknown. */
  meets_1k_requirement: boolean | null;
  /** Meta’s word, such as `TIER_2K`; `null` is unknown. */
  messaging_limit: string | null;
}

/** The report of one number about a day, a week or a month, with the change since the period before. */
export class NumberPeriodView {
  /** The business number, by its id at Meta. */
  phone_number_id: string;
  /** The number as bare digits; `null` while unknown. */
  display_phone_number: string | null;
  /** What it is called here. */
  name: string | null;
  /** `live`, or `simulator` for the built-in 360dialog. */
  mode: 'live' | 'simulator';
  /** The days. */
  period: SpanView;
  /** The zone of its days. */
  time_zone: string;
  /** How many days the period has. */
  days: number;
  /** How many of them have a report. Figures are sums over these. */
  reported_days: number;
  /** When the latest of these reports was written (RFC 3339); `null` without any. */
  created_at: string | null;
  /** The period before; `null` when none of its days has a report. */
  previous: SpanView | null;
  /** `act`: calls are blocked. `watch`: something warns. `unknown`: it is not known whether calls are possible. */
  attention: 'act' | 'watch' | 'unknown' | 'fine';
  /** What differs from the period before, the most important first. */
  changes: PeriodChangeView[];
  /** The code of the catalogue that says what to do first; `null` when nothing asks for it. */
  action_code: string | null;
  /** Every figure with its change. */
  figures: PeriodFigureView[];
  /** The status when the report of the last day was written; `null` without one. */
  status: PeriodStatusView | null;
  /** Picked-up and missed calls of this span and those before it, oldest first. */
  trend: TrendSpanView[];
}

/** The same with the whole report of the last day. */
export class NumberPeriodReportView extends NumberPeriodView {
  /** The latest revision of the last day that has a report; `null` without any. */
  report: ReportView | null;
}

/** The report of one, some or all numbers about a day, a week or a month. */
export class PeriodReportsView {
  /** The days. */
  period: SpanView;
  /** The numbers, those with trouble first. */
  numbers: NumberPeriodReportView[];
}

/** A report of one day, with the number's name and the change since the day before. */
export class ComparedReportView extends ReportView {
  /** The day beside the one before, for people. */
  comparison: NumberPeriodView;
}

/** Who is meant by a report. */
export class ReportedNumber extends PickType(NumberPeriodView, ['phone_number_id', 'display_phone_number', 'name']) {}

/** A report of one day as a document like those of several numbers and longer periods. */
export const documentOf = ({ comparison, ...report }: ComparedReportView): PeriodReportsView => ({
  period: comparison.period,
  numbers: [{ ...comparison, report }],
});
