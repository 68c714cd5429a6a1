import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { MINUTE } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';
import { AdoptionsService } from './adoptions.service.js';

/**
 * Keeps the numbers of keys that were made before a crash, or while 360dialog could not be asked about them. It makes no key: of one that was made
 * and not received it only says so.
 */
@Injectable()
export class AdoptionRepairJob implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #told = new Set<string>();
  readonly #loop: WakeUpLoop;

  constructor(
    private readonly adoptions: AdoptionsService,
    private readonly log: Log,
  ) {
    this.#loop = new WakeUpLoop(
      async () => {
        await this.#pass();
        return false;
      },
      (error) => this.#failed(error),
    );
  }

  onApplicationBootstrap(): void {
    void this.repair();
  }

  /** Resolves when each unfinished adoption is as far as it can be now. */
  @Interval(MINUTE)
  repair(): Promise<void> {
    return this.#loop.wake();
  }

  onModuleDestroy(): Promise<void> {
    return this.#loop.stop();
  }

  async #pass(): Promise<void> {
    for (const adoption of await this.adoptions.unfinished()) {
      if (this.adoptions.isHeld(adoption)) continue;
      if (adoption.state === 'made') await this.adoptions.finish(adoption).catch((error) => this.#failed(error));
      else if (!this.#told.has(adoption.channelId)) {
        this.#told.add(adoption.channelId);
        const { channelId: channel, begunAt: begun_at } = adoption;
        this.log.pino.warn(
          { event: 'numbers.channel_key_unknown', channel, begun_at },
          'it is unknown whether a key of a channel was made',
        );
      }
    }
  }

  #failed(error: unknown): void {
    if (isStoreFault(error)) return;
    const facts = error instanceof Problem ? { code: error.code } : { error };
    this.log.pino.warn(
      { event: 'numbers.adoption_not_finished', ...facts },
      'the number of a key that was made could not be kept; it is tried again',
    );
  }
}
