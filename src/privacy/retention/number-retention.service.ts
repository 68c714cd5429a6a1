import { Inject, Injectable } from '@nestjs/common';
import { CallsService } from '#calling/call/calls.service.js';
import { SnapshotsService } from '#compliance/polling/snapshots.service.js';
import { ReportsService } from '#compliance/reports/reports.service.js';
import { Settings } from '#config/settings.js';
import { type OwnRetention, SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import { DAY } from '#kernel/clock.js';

/**
 * Deletes what is kept for as long as the number says. Calls go after its retention, else after the gateway's. Snapshots and reports, which
 * otherwise stay longer, go with the calls of a number that has a retention of its own or was removed.
 */
@Injectable()
export class NumberRetention {
  constructor(
    private readonly calls: CallsService,
    private readonly snapshots: SnapshotsService,
    private readonly reports: ReportsService,
    private readonly numbers: SettingsOfNumbers,
    @Inject(Settings) private readonly gateway: Pick<Settings, 'retentionDays'>,
  ) {}

  /** @returns how many calls it deleted */
  async purgeCalls(now: number): Promise<number> {
    const own = await this.numbers.ownRetentions();
    const except = own.map(({ phoneNumberId }) => phoneNumberId);
    let purged = await this.calls.purge(now - this.gateway.retentionDays * DAY, { except });
    for (const { phoneNumberId, days } of own) purged += await this.calls.purge(now - days * DAY, { only: phoneNumberId });
    return purged;
  }

  /** @returns how many snapshots it deleted */
  purgeSnapshots(now: number): Promise<number> {
    return this.#ofEach((phoneNumberId, before) => this.snapshots.purgeOf(phoneNumberId, before), now);
  }

  /** @returns how many revisions of reports it deleted */
  purgeReports(now: number): Promise<number> {
    return this.#ofEach((phoneNumberId, before) => this.reports.purgeOf(phoneNumberId, before), now);
  }

  async #ofEach(purge: (phoneNumberId: OwnRetention['phoneNumberId'], before: number) => Promise<number>, now: number): Promise<number> {
    let purged = 0;
    for (const { phoneNumberId, days } of await this.numbers.ownRetentions()) purged += await purge(phoneNumberId, now - days * DAY);
    return purged;
  }
}
