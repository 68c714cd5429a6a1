import type { CallMetricsView, PeriodCountView, ReportView } from '#compliance/reports/report.view.js';

/**
 * What several days of one number say together: the sums of their figures, and everything else as the latest day has it.
 * @param days the latest revision of each day, the oldest first
 * @returns null without a day
 */
export function togetherOf(days: readonly ReportView[]): ReportView | null {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  if (days.length === 1) return last;
  return {
    ...last,
    period: { ...last.period, date: first.period.date, from: first.period.from },
    figures: { conversations: countsOf(days), calls: callsOf(days) },
    changes: [],
  };
}

/** The sums of each source. What a source leaves out of one day, it leaves out of the sum. */
function countsOf(days: readonly ReportView[]): PeriodCountView[] {
  const sums = new Map<string, PeriodCountView>();
  for (const { figures } of days)
    for (const count of figures.conversations) {
      const before = sums.get(count.source);
      sums.set(count.source, before ? added(before, count) : count);
    }
  return [...sums.values()].sort((a, b) => a.source.localeCompare(b.source));
}

const added = (one: PeriodCountView, other: PeriodCountView): PeriodCountView => ({
  ...other,
  business_initiated: one.business_initiated + other.business_initiated,
  total: one.total === null || other.total === null ? null : one.total + other.total,
});

function callsOf(days: readonly ReportView[]): CallMetricsView {
  const sum: CallMetricsView = { outbound: { total: 0, answered: 0, unanswered: 0 }, inbound: { total: 0, answered: 0, missed: 0 } };
  for (const { figures } of days) {
    for (const name of ['total', 'answered', 'unanswered'] as const) sum.outbound[name] += figures.calls.outbound[name];
    for (const name of ['total', 'answered', 'missed'] as const) sum.inbound[name] += figures.calls.inbound[name];
  }
  return sum;
}
