import { Injectable } from '@nestjs/common';
import { ReportsStore } from '#compliance/reports/reports.store.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Store } from '#store/store.js';
import { type ReportOverviewView, toOverviewView } from './overview.view.js';

/** Reports for one, some or all numbers that a key reaches. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly reports: ReportsStore,
    private readonly numbers: NumbersService,
    private readonly store: Store,
  ) {}

  /**
   * The reach of a request about some numbers.
   * @param wanted ids separated by commas; all that its key reaches when left out
   * @throws Problem `unknown_number`, the same for a number that does not exist and for one that `by` does not reach
   */
  async reachOf(by: NumberReach, wanted: string | undefined): Promise<NumberReach> {
    if (wanted === undefined) return by;
    const ids: string[] = [];
    for (const id of new Set(wanted.split(','))) ids.push((await this.numbers.require(by, id)).phoneNumberId);
    return { numbers: ids };
  }

  /** The latest report of each number that is reached, the first number first. */
  async latest(by: NumberReach): Promise<ReportOverviewView> {
    const found = [];
    for (const { phoneNumberId, displayPhoneNumber, name } of this.numbers.reachedBy(by)) {
      const kept = await this.reports.latest(this.store.readLong, phoneNumberId);
      const number = { phone_number_id: phoneNumberId, display_phone_number: displayPhoneNumber, name };
      found.push({ number, report: kept?.report ?? null });
    }
    return toOverviewView(found);
  }
}
