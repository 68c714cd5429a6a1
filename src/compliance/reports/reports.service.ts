import { Injectable } from '@nestjs/common';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { Problem } from '#kernel/problem.js';
import { Store } from '#store/store.js';
import { isStoreFault } from '#store/store-fault.js';
import { LedgerService } from './ledger.service.js';
import { PeriodMetricsService } from './period-metrics.service.js';
import type { ReportView } from './report.view.js';
import { type ReportPosition, ReportsStore, type StoredReport } from './reports.store.js';
import { StatusSectionService } from './status/status-section.service.js';

/** The scheduled reports: writing those that are due, and reading them. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly reports: ReportsStore,
    private readonly ledger: LedgerService,
    private readonly figures: PeriodMetricsService,
    private readonly background: StatusSectionService,
    private readonly store: Store,
  ) {}

  /**
   * Writes the report of every period that is over, has none and is due, and a revision of those that late data has changed.
   * @param isDue whether it is time for a report, by when the period ended or its last revision was written
   * @returns how many were written
   * @throws a fault of the store at once; the fault of one period when all others are written
   */
  async writeDue(number: OurNumber, isDue: (since: number) => boolean): Promise<number> {
    const missing = (await this.ledger.missing(number)).filter(({ until }) => isDue(until));
    const open = (await this.ledger.open(number)).filter(({ writtenAt }) => isDue(writtenAt));
    const fresh = await this.figures.of(number, missing);
    const news = (await this.figures.of(number, open)).filter(({ period, figures }) => this.ledger.mayBeNews(number, period, figures));
    // Most runs find nothing to write; the status section is derived only then.
    if (fresh.length === 0 && news.length === 0) return 0;
    const background = await this.background.now(number);
    return writeEach([
      ...fresh.map(
        ({ period, figures }) =>
          () =>
            this.ledger.write(number, period, figures, background),
      ),
      ...news.map(
        ({ period, figures }) =>
          () =>
            this.ledger.revise(number, period, figures, background),
      ),
    ]);
  }

  /** Deletes the reports of a number about periods that ended before then. @returns how many revisions */
  purgeOf(phoneNumberId: string, before: number): Promise<number> {
    return this.store.inBatches((tx, most) => this.reports.purgeOf(tx, phoneNumberId, before, most));
  }

  /** Whether the number has any report yet. */
  async hasAny(phoneNumberId: string): Promise<boolean> {
    return (await this.reports.latest(this.store.read, phoneNumberId)) !== null;
  }

  /** @throws Problem `not_found` before the first report */
  async latest(phoneNumberId: string): Promise<ReportView> {
    return found(await this.reports.latest(this.store.read, phoneNumberId));
  }

  /** @throws Problem `not_found`, the same for one of a number that `by` does not reach */
  async require(by: NumberReach, id: string): Promise<ReportView> {
    return found(await this.reports.find(this.store.read, by, id));
  }

  /** Those of the numbers that `by` reaches, newest first. */
  list(by: NumberReach, limit: number, after: ReportPosition | null): Promise<StoredReport[]> {
    return this.reports.list(this.store.read, by, limit, after);
  }
}

function found(kept: StoredReport | null): ReportView {
  if (!kept) throw new Problem('not_found');
  return kept.report;
}

async function writeEach(writes: readonly (() => Promise<boolean>)[]): Promise<number> {
  const faults: unknown[] = [];
  let written = 0;
  for (const write of writes) {
    try {
      if (await write()) written += 1;
    } catch (error) {
      if (isStoreFault(error)) throw error;
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  return written;
}
