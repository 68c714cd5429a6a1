import { type Cell, csvLine } from '#kernel/text/csv.js';
import type { NumberPeriodReportView, PeriodReportsView } from './period-report.view.js';

const HEADS = [
  ...['phone_number_id', 'display_phone_number', 'number_name', 'every', 'first', 'last', 'time_zone'],
  ...['name', 'value', 'before', 'change', 'target', 'days', 'as_of'],
];

/** The figures of a period as records, some for each number; unknown values are empty cells. What has `as_of` is a reading of that moment. */
export function periodCsvOf({ numbers }: PeriodReportsView): string {
  return [HEADS, ...numbers.flatMap(rowsOf)].map(csvLine).join('');
}

function rowsOf({
  phone_number_id,
  display_phone_number,
  name,
  period,
  time_zone,
  figures,
  status,
  ...rest
}: NumberPeriodReportView): Cell[][] {
  const number: Cell[] = [phone_number_id, display_phone_number, name, period.every, period.first, period.last, time_zone];
  const readings: [string, Cell][] = status
    ? [
        ['status.outbound', status.outbound],
        ['status.inbound', status.inbound],
        ['status.meets_1k_requirement', status.meets_1k_requirement],
        ['status.messaging_limit', status.messaging_limit],
      ]
    : [];
  return [
    [...number, 'reported_days', rest.reported_days, null, null, null, rest.days, null],
    ...figures.map((one): Cell[] => [...number, one.name, one.value, one.before, one.change, one.target, one.days, one.as_of]),
    ...readings.map(([what, value]): Cell[] => [...number, what, value, null, null, null, null, status?.as_of ?? null]),
  ];
}
