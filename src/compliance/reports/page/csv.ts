import { flat } from '#compliance/reports/report.js';
import type { ReportView } from '#compliance/reports/report.view.js';
import { type Cell, csvLine } from '#kernel/csv.js';

const HEADS = ['section', 'date', 'name', 'value', 'source', 'time_zone'];

/** A report as records of `section,date,name,value,source,time_zone`; unknown values are empty cells. */
export function csvOf(report: ReportView): string {
  const { standing, period } = report;
  const date = period.date;
  const facts: [string, Cell][] = [
    ['business_initiated_conversations', standing.business_initiated_conversations],
    ['total_conversations', standing.total_conversations],
    ['required_conversations', report.required_conversations],
    ['remaining', standing.remaining],
    ['meets_1k_requirement', standing.meets_1k_requirement],
    ['projected_date', standing.projection.date],
    ['projected_from', standing.projection.range?.[0] ?? null],
    ['projected_to', standing.projection.range?.[1] ?? null],
    ['messaging_limit', standing.messaging_limit],
    ['messaging_limit_users', standing.messaging_limit_users ?? null],
    ['messaging_limit_shared_by', standing.messaging_limit_usage?.shared_by ?? null],
    ['messaging_limit_people_24h', standing.messaging_limit_usage?.people_24h ?? null],
    ['outbound', standing.outbound],
    ['inbound', standing.inbound],
  ];
  const zone = period.time_zone;
  const rows: Cell[][] = [
    HEADS,
    ['report', date, 'revision', report.revision, null, zone],
    ...facts.map(([name, value]) => ['standing', date, name, value, standing.source, zone]),
    ...[...flat(report.figures)].map(([name, value]) => ['period', date, name, value, null, zone]),
    ...report.series.flatMap((day) => [
      ['series', day.date, 'business_initiated', day.business_initiated, standing.source, null],
      ['series', day.date, 'total', day.total, standing.source, null],
    ]),
    ...report.calls.flatMap((day) =>
      (['outbound', 'outbound_answered', 'inbound', 'inbound_answered'] as const).map((name) => [
        'calls',
        day.date,
        name,
        day[name],
        null,
        zone,
      ]),
    ),
  ];
  return rows.map(csvLine).join('');
}
