import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Settings } from '#config/settings.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { isStoreFault } from '#store/store-fault.js';
import { Metrics } from '#telemetry/metrics.js';
import { BacklogStore } from './backlog.store.js';

const MEASURE_EVERY_MS = 10 * SECOND;
/** Each number is as many series; the first ones have them. */
const MOST_NUMBERS = 50;

/** The metrics of numbers: how many there are, and how far behind the worst is. With `METRICS_PER_NUMBER` those of each of the first 50 as well. */
@Injectable()
export class NumberMetricsService {
  constructor(
    private readonly backlog: BacklogStore,
    private readonly numbers: NumbersService,
    private readonly metrics: Metrics,
    @Inject(Settings) private readonly settings: Pick<Settings, 'operations'>,
    private readonly clock: Clock,
  ) {}

  /** Sets them; while the database is away they stay as they were. */
  @Interval(MEASURE_EVERY_MS)
  async measure(): Promise<void> {
    try {
      await this.#measure();
    } catch (error) {
      if (!isStoreFault(error)) throw error;
    }
  }

  async #measure(): Promise<void> {
    const all = this.numbers.all();
    for (const state of ['active', 'paused', 'removing'] as const)
      this.metrics.numbers.set({ state }, all.filter((number) => number.state === state).length);
    this.metrics.keysRejected.set(all.filter(({ keyRejectedAt }) => keyRejectedAt !== null).length);
    const { numbers, oldestAt } = await this.backlog.backlogs();
    this.metrics.worstPending.set(Math.max(0, ...numbers.map(({ pending }) => pending)));
    this.metrics.worstAge.set(oldestAt === null ? 0 : Math.max(0, this.clock.now() - oldestAt) / SECOND);
    if (!this.settings.operations.metricsPerNumber) return;
    const pendingOf = new Map(numbers.map(({ phoneNumberId, pending }) => [phoneNumberId, pending]));
    this.metrics.numberPending.reset();
    this.metrics.numberKeyRejected.reset();
    for (const { phoneNumberId, keyRejectedAt } of all.slice(0, MOST_NUMBERS)) {
      this.metrics.numberPending.set({ phone_number_id: phoneNumberId }, pendingOf.get(phoneNumberId) ?? 0);
      this.metrics.numberKeyRejected.set({ phone_number_id: phoneNumberId }, keyRejectedAt === null ? 0 : 1);
    }
  }
}
