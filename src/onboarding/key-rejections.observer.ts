import { Injectable, type OnModuleInit } from '@nestjs/common';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock } from '#kernel/clock.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';
import { NumberEventsService } from './number-events.service.js';

/** Notes in a number's row when 360dialog refuses its key, and publishes that once until the key is accepted again. */
@Injectable()
export class KeyRejectionsObserver implements OnModuleInit {
  readonly #noting = new Set<string>();

  constructor(
    private readonly numbers: NumbersService,
    private readonly events: NumberEventsService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.numbers.keyRefused = (phoneNumberId) => void this.#note(phoneNumberId);
  }

  async #note(phoneNumberId: string): Promise<void> {
    const number = this.numbers.byId(phoneNumberId);
    if (!number || number.keyRejectedAt !== null || this.#noting.has(phoneNumberId)) return;
    this.#noting.add(phoneNumberId);
    try {
      await this.numbers.alter(phoneNumberId, async (tx, row) => {
        if (row.keyRejectedAt !== null) return { change: {}, result: undefined };
        await this.events.keyRejected(tx, row);
        return { change: { keyRejectedAt: this.clock.now() }, result: undefined };
      });
    } catch (error) {
      // The next refusal tries again.
      if (!isStoreFault(error)) this.log.pino.error({ event: 'numbers.rejection_not_noted', error }, 'a refused key could not be noted');
    } finally {
      this.#noting.delete(phoneNumberId);
    }
  }
}
