import type { Clock } from '#kernel/clock.js';
import { type AttemptResult, succeeded } from '#outbound-http/retry.js';
import type { Log } from '#telemetry/log.js';
import type { ForwardsStore } from './forwards.store.js';
import type { ReplayedDelivery } from './refused-forwards.store.js';

/** Posts deliveries that are set aside once more, each one time: what the target does not take is set aside again, whatever the reason. */
export class ForwardReplays {
  /** @param attempt posts a body; null when the attempt was cut by the shutdown */
  constructor(
    private readonly forwards: ForwardsStore,
    private readonly attempt: (body: Uint8Array) => Promise<AttemptResult | null>,
    private readonly clock: Clock,
    private readonly log: Pick<Log, 'pino'>,
  ) {}

  /** Ends after the first that fails, so that the queue waits for one timeout at most. @returns whether there may be more */
  async post(page: readonly ReplayedDelivery[], isOver: () => boolean): Promise<boolean> {
    for (const { id, attempts, body } of page) {
      if (isOver()) return true;
      const result = await this.attempt(body);
      if (!result) return false;
      const { status, error } = result;
      const isTaken = succeeded(result);
      await this.forwards.replayed(isTaken ? id : { id, state: 'set_aside', attempts: attempts + 1, status, at: this.clock.now() });
      this.log.pino.info(
        { event: 'forwarding.delivery_replayed', delivery: id, status, reason: error },
        isTaken ? 'The target took a delivery that was set aside' : 'The target did not take a delivery that was set aside; it stays so',
      );
      if (!isTaken) return true;
    }
    return true;
  }
}
