import { Injectable } from '@nestjs/common';
import type { ReportView } from '#compliance/reports/report.view.js';
import { Store } from '#store/store.js';
import { ReportDaysStore } from './report-days.store.js';

/** Reads the reports of a span of days. */
@Injectable()
export class ReportDaysService {
  readonly #reports: ReportDaysStore;

  constructor(store: Store) {
    this.#reports = new ReportDaysStore(store);
  }

  /** The latest revision of each day from `first` to `last`, the oldest day first. @param around their moments in any zone, in ms since 1970 */
  daysOf(phoneNumberId: string, first: string, last: string, around: { from: number; until: number }): Promise<ReportView[]> {
    return this.#reports.daysOf(phoneNumberId, first, last, around);
  }

  /** The day of the latest report of a number; null before the first. */
  latestDay(phoneNumberId: string): Promise<string | null> {
    return this.#reports.latestDay(phoneNumberId);
  }
}
