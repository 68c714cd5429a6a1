import type { ReportView } from '#compliance/reports/report.view.js';
import { HOUR } from '#kernel/clock.js';
import type { Store } from '#store/store.js';

/** The days of a number and those of a reader may lie this far apart. */
const ZONES_APART_MS = 27 * HOUR;

/** The SQL of the reports of a period. */
export class ReportDaysStore {
  constructor(private readonly store: Store) {}

  /** The latest revision of each day from `first` to `last`, the oldest day first. @param around their moments in any zone, in ms since 1970 */
  async daysOf(phoneNumberId: string, first: string, last: string, around: { from: number; until: number }): Promise<ReportView[]> {
    const rows = await this.store.readLong
      .selectFrom('reports')
      .select(['data', 'revision'])
      .where('phone_number_id', '=', phoneNumberId)
      .where('from_at', '>=', around.from - ZONES_APART_MS)
      .where('from_at', '<', around.until + ZONES_APART_MS)
      .orderBy('from_at')
      .orderBy('revision')
      .execute();
    const days = new Map<string, ReportView>();
    for (const { data } of rows) {
      const report = JSON.parse(data) as ReportView;
      if (report.period.date >= first && report.period.date <= last) days.set(report.period.date, report);
    }
    return [...days.values()];
  }

  /** The day of the latest report of a number; null before the first. */
  async latestDay(phoneNumberId: string): Promise<string | null> {
    const newest = this.store.read.selectFrom('reports').select('data').where('phone_number_id', '=', phoneNumberId);
    const row = await newest.orderBy('from_at', 'desc').limit(1).executeTakeFirst();
    return row ? (JSON.parse(row.data) as ReportView).period.date : null;
  }
}
