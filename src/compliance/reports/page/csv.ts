import type { ComparedReportView } from '#compliance/reports/periods/period-report.view.js';
import { flat } from '#compliance/reports/report.js';
import { type Cell, csvLine } from '#kernel/text/csv.js';

const HEADS = ['section', 'date', 'name', 'value', 'source', 'time_zone', 'before', 'change', 'as_of'];

/**
 * A report as records of `section,date,name,value,source,time_zone,before,change,as_of`; unknown values are empty cells. What `standing` tells is a
 * reading of the moment `as_of`, and no fact of the whole day; `before` is the figure of the day before.
 */
export function csvOf(report: ComparedReportView): string {
  const { standing, period, comparison, created_at } = report;
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
  const flatFigures = flat(report.figures);
  const compared = new Map(comparison.figures.map((figure) => [figure.name, figure]));
  const periodRows = [...new Set([...flatFigures.keys(), ...compared.keys()])].map((name): Cell[] => {
    const { value = null, before = null, change = null, as_of = null } = compared.get(name) ?? {};
    return ['period', date, name, flatFigures.get(name) ?? value, null, zone, before, change, as_of];
  });
  const rows: Cell[][] = [
    HEADS,
    ['report', date, 'revision', report.revision, null, zone],
    ...facts.map(([name, value]) => ['standing', date, name, value, standing.source, zone, null, null, created_at]),
    ...periodRows,
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
  return rows.map((row) => csvLine([...row, ...Array<Cell>(HEADS.length - row.length).fill(null)])).join('');
}
