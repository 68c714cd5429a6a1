import type { ReportOverviewView } from '#compliance/reports/overview/overview.view.js';
import { flat } from '#compliance/reports/report.js';
import { type Cell, csvLine } from '#kernel/text/csv.js';

const HEADS = ['phone_number_id', 'display_phone_number', 'number_name', 'date', 'time_zone', 'name', 'value', 'report'];

/** The latest reports as records, some for each number; unknown values are empty cells. A number without a report has one record without a name. */
export function overviewCsvOf({ numbers }: ReportOverviewView): string {
  const rows = numbers.flatMap(({ phone_number_id, display_phone_number, name, report, standing }): Cell[][] => {
    const number: Cell[] = [phone_number_id, display_phone_number, name];
    if (!report || !standing) return [[...number, null, null, null, null, null]];
    const { date, time_zone } = report.period;
    const facts: [string, Cell][] = [...Object.entries(standing), ...flat(report.figures)];
    return facts.map(([fact, value]) => [...number, date, time_zone, fact, value, report.id]);
  });
  return [HEADS, ...rows].map(csvLine).join('');
}
