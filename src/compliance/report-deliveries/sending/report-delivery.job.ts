import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ReportDeliveriesService } from '#compliance/report-deliveries/report-deliveries.service.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';
import { SendPlanService } from './send-plan.service.js';
import { SenderService } from './sender.service.js';

const TICK_MS = 10 * SECOND;
const METRICS_MS = MINUTE;
const STATES = ['unconfirmed', 'active', 'failing', 'stopped'] as const;

/** Sends what is due: claims periods that are over, takes turns with other replicas, and writes what each attempt came to. */
@Injectable()
export class ReportDeliveryJob implements OnModuleDestroy {
  readonly #holder = randomUUID();
  readonly #loop = new WakeUpLoop(
    () => this.#pass(),
    (error) =>
      this.log.pino.error({ event: 'report_deliveries.pass_failed', error }, 'Reports could not be sent; the next run tries again'),
  );

  constructor(
    private readonly plan: SendPlanService,
    private readonly sender: SenderService,
    private readonly deliveries: ReportDeliveriesService,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  async onModuleDestroy(): Promise<void> {
    const stopped = this.#loop.stop();
    this.sender.close();
    await stopped;
  }

  @Interval(TICK_MS)
  tick(): void {
    void this.#loop.wake();
  }

  /** Sends everything that is due now; resolves when that is done. */
  run(): Promise<void> {
    return this.#loop.wake();
  }

  @Interval(METRICS_MS)
  async count(): Promise<void> {
    try {
      const all = await this.deliveries.all();
      for (const channel of ['mail', 'webhook'] as const)
        for (const state of STATES) {
          const found = all.filter((one) => one.delivery.channel === channel && one.state === state);
          this.metrics.reportDeliveries.set({ channel, state }, found.length);
        }
    } catch (error) {
      this.log.pino.warn({ event: 'report_deliveries.not_counted', error }, 'Report deliveries could not be counted');
    }
  }

  /** @returns whether there may be more */
  async #pass(): Promise<boolean> {
    await this.plan.claimPeriods(this.clock.now());
    const taken = await this.plan.take(this.#holder, this.clock.now());
    await Promise.all(
      taken.map(async (turn) => {
        const result = await this.sender.send(turn);
        await this.plan.finish(turn, this.#holder, result);
      }),
    );
    return taken.length > 0;
  }
}
