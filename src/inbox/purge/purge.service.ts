import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import { Clock, DAY, HOUR } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import { purgeInbox } from './purge.store.js';

/** 360dialog repeats a delivery for up to 7 days. Raw bodies are kept a day longer, digests much longer. */
const KEEP_DELIVERIES = 8 * DAY;
const KEEP_DIGESTS = 30 * DAY;

/** Ends the retention of webhook bodies and of the keys by which duplicates are known. */
@Injectable()
export class InboxPurge {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly settings: SettingsOfNumbers,
  ) {}

  /** Deletes deliveries and deduplication keys past their retention, hourly. What came for a number when it was just removed is never applied. */
  @Interval(HOUR)
  async purge(): Promise<void> {
    const now = this.clock.now();
    const removed = (await this.settings.ownRetentions()).filter(({ isRemoved }) => isRemoved);
    const ids = removed.map(({ phoneNumberId }) => phoneNumberId);
    await purgeInbox(this.store, now - KEEP_DELIVERIES, now - KEEP_DIGESTS, ids);
  }
}
