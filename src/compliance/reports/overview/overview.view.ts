import { CallMetricsView, ReportSummaryView, type ReportView, toSummaryView } from '#compliance/reports/report.view.js';

/** What the latest report of a number says of it in short. */
export class OverviewStatusView {
  /** Inbound calls. */
  inbound: 'available' | 'blocked' | 'unknown';
  /** Outbound calls. */
  outbound: 'available' | 'blocked' | 'unknown';
  /** Business-initiated conversations within the window; `null` is unknown. */
  business_initiated_conversations: number | null;
  /** Business-initiated conversations to reach. */
  required_conversations: number;
  /** Whether the required number is reached; `null` is unknown. */
  meets_1k_requirement: boolean | null;
  /** Meta’s word, such as `TIER_2K`; `null` is unknown. */
  messaging_limit: string | null;
  /** How many numbers of the gateway have the limit together; `null` while the portfolio is unknown. */
  messaging_limit_shared_by: number | null;
}

/** One number in the overview. */
export class OverviewLineView {
  /** The business number, by its id at Meta. */
  phone_number_id: string;
  /** The number as bare digits; `null` while unknown. */
  display_phone_number: string | null;
  /** What it is called here. */
  name: string | null;
  /** Its latest report without its series; `null` before the first. */
  report: ReportSummaryView | null;
  /** What that report says; `null` before the first. */
  standing: OverviewStatusView | null;
}

/** The latest reports of several numbers, one line for each. */
export class ReportOverviewView {
  /** The numbers, the first one first. */
  numbers: OverviewLineView[];
  /** How many of them have a report. */
  reported: number;
  /** The calls of these reports added up. Their days may differ: each report has its own, and its zone. Conversations are not added up, since numbers of one client share a count. */
  calls: CallMetricsView;
}

/** A number whose latest report is shown. */
export type OverviewNumber = Pick<OverviewLineView, 'phone_number_id' | 'display_phone_number' | 'name'>;

/** @param found each number with its latest report, or null before the first */
export function toOverviewView(found: readonly { number: OverviewNumber; report: ReportView | null }[]): ReportOverviewView {
  const calls: CallMetricsView = { outbound: { total: 0, answered: 0, unanswered: 0 }, inbound: { total: 0, answered: 0, missed: 0 } };
  for (const { report } of found) {
    if (!report) continue;
    const { outbound, inbound } = report.figures.calls;
    for (const name of ['total', 'answered', 'unanswered'] as const) calls.outbound[name] += outbound[name];
    for (const name of ['total', 'answered', 'missed'] as const) calls.inbound[name] += inbound[name];
  }
  return {
    numbers: found.map(({ number, report }) => ({
      ...number,
      report: report && toSummaryView(report),
      standing: report && toOverviewStatusView(report),
    })),
    reported: found.filter(({ report }) => report !== null).length,
    calls,
  };
}

const toOverviewStatusView = ({ standing, required_conversations }: ReportView): OverviewStatusView => ({
  inbound: standing.inbound,
  outbound: standing.outbound,
  business_initiated_conversations: standing.business_initiated_conversations,
  required_conversations,
  meets_1k_requirement: standing.meets_1k_requirement,
  messaging_limit: standing.messaging_limit,
  messaging_limit_shared_by: standing.messaging_limit_usage?.shared_by ?? null,
});
