import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { CallsService } from '#calling/call/calls.service.js';
import { HangUpService } from '#calling/lifecycle/hang-up.service.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import { SECOND } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';
import { DestructionService } from './destruction.service.js';

/**
 * Carries the removal of numbers on, a step at a time: waiting calls are cancelled, live ones end, what waits is processed, the webhook is
 * restored, the secrets are destroyed. Each step finds by itself whether it is done, so that any replica goes on after any other, also
 * after a crash, and two at once do no harm.
 */
@Injectable()
export class RemovalJob implements BeforeApplicationShutdown {
  readonly #loop: WakeUpLoop;

  constructor(
    private readonly numbers: NumbersService,
    private readonly calls: CallsService,
    private readonly hangUps: HangUpService,
    private readonly inbox: InboxService,
    private readonly destruction: DestructionService,
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

  wake(): void {
    void this.#loop.wake();
  }

  /** Resolves when every removal is as far as it can be now. */
  @Interval(SECOND)
  advance(): Promise<void> {
    return this.#loop.wake();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#loop.stop();
  }

  async #pass(): Promise<void> {
    for (const number of this.numbers.all().filter(({ state }) => state === 'removing')) {
      try {
        await this.#advance(number);
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  async #advance(number: BusinessNumber): Promise<void> {
    const { phoneNumberId } = number;
    if (!(await this.#haveCallsEnded(phoneNumberId))) return;
    if ((await this.inbox.waitingOf(phoneNumberId)) > 0) return;
    if (!(await this.destruction.restoreWebhook(number))) return;
    // What came until the webhook was restored.
    if ((await this.inbox.waitingOf(phoneNumberId)) > 0) return;
    await this.destruction.destroy(number);
  }

  /** Calls that were never dialled are cancelled; those that ring or are answered end by themselves, or one side hangs up. */
  async #haveCallsEnded(phoneNumberId: string): Promise<boolean> {
    const live = await this.calls.liveOf(phoneNumberId);
    for (const call of live) {
      const { state } = this.calls.snapshot(call).derived;
      if (state === 'awaiting_permission' || state === 'ready') await this.hangUps.cancelWaiting(call.id);
    }
    return live.length === 0 || (await this.calls.liveOf(phoneNumberId)).length === 0;
  }

  #failed(error: unknown): void {
    if (isStoreFault(error)) return;
    this.log.pino.error({ event: 'numbers.removal_failed', error }, 'the removal of a number could not go on; it is tried again');
  }
}
