import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { Settings } from '#config/settings.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Lines } from '#numbers/lines.js';
import { Log } from '#telemetry/log.js';
import { PollsService } from './polls.service.js';
import type { Cause } from './snapshot.js';

const NAME = 'compliance-poll';
/** The first poll comes soon after the start, when the server listens and the number is known. */
const FIRST_MS = SECOND;
const AGAIN_MS = 3 * SECOND;
/** The start asks in the background, too. */
const UNPROVEN_MS = 15 * SECOND;
/** Replicas and gateways of one partner do not ask in the same moment. */
const JITTER_MS = 3 * SECOND;

/** Polls soon after the start and then by `COMPLIANCE_POLL_CRON`. A poll that is still running makes the next one wait for its turn. */
@Injectable()
export class PollJob implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(
    private readonly polls: PollsService,
    private readonly numbers: NumbersService,
    private readonly lines: Lines,
    private readonly schedule: SchedulerRegistry,
    @Inject(Settings) private readonly settings: Pick<Settings, 'compliance'>,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    const { pollCron, timeZone } = this.settings.compliance;
    const job = CronJob.from({ cronTime: pollCron, timeZone, onTick: () => this.#later(Math.random() * JITTER_MS, 'schedule') });
    this.schedule.addCronJob(NAME, job);
    job.start();
    this.#later(FIRST_MS, 'start');
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (this.schedule.doesExist('cron', NAME)) this.schedule.deleteCronJob(NAME);
  }

  /** @param wanted which numbers; all when it is left out */
  #later(ms: number, cause: Cause, wanted?: (phoneNumberId: string) => boolean): void {
    if (this.#stopped) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(cause, wanted), ms).unref();
  }

  /** Polls every number; those whose key is not proven come again a little later. */
  async #run(cause: Cause, wanted: (phoneNumberId: string) => boolean = () => true): Promise<void> {
    const all = this.numbers.all();
    if (all.length === 0) return this.#later(AGAIN_MS, cause);
    const unproven = new Set<string>();
    const begin = async (number: BusinessNumber): Promise<void> => {
      // What a key of another number reads is not stored.
      if (await this.lines.isProven(number)) await this.polls.begin(number, cause);
      else unproven.add(number.phoneNumberId);
    };
    await Promise.all(
      all.filter(({ phoneNumberId }) => wanted(phoneNumberId)).map((number) => begin(number).catch((error) => this.#failed(error))),
    );
    if (unproven.size > 0) this.#later(UNPROVEN_MS, cause, (phoneNumberId) => unproven.has(phoneNumberId));
  }

  #failed(error: unknown): void {
    if (!(error instanceof Problem))
      this.log.pino.error({ event: 'polling.poll_not_started', error }, 'a poll could not begin; the next one tries again');
  }
}
