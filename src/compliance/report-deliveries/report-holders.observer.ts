import { Injectable } from '@nestjs/common';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import type { KeyHoldings, KeysAtStart } from '#access/keys/key-holdings.js';
import { common, type NumberReach, reaches } from '#identity/numbers/number-reach.js';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import { ReportDeliveriesStore } from './report-deliveries.store.js';
import type { ReportStopReason } from './report-delivery.js';
import { ReportSendsStore } from './sending/report-sends.store.js';

/** Ends the right of a report delivery with its key. What has stopped stays so: the holder of the key may have sent reports elsewhere. */
@Injectable()
export class ReportHoldersObserver implements KeyHoldings {
  constructor(
    private readonly deliveries: ReportDeliveriesStore,
    private readonly sends: ReportSendsStore,
    private readonly clock: Clock,
    keys: ApiKeysService,
  ) {
    // Keys are prepared before the modules are initialised.
    keys.hold(this);
  }

  /** @returns 0: the answer to a deletion counts subscriptions */
  async end(tx: Tx, keyId: string, had: NumberReach): Promise<number> {
    for (const { delivery } of await this.deliveries.all(tx, keyId)) {
      if (had.numbers !== null) await this.deliveries.change(tx, delivery.id, { numbers: common(delivery, had).numbers });
      await this.#stop(tx, delivery.id, 'key_deleted');
    }
    return 0;
  }

  /** @returns 0, as `end` */
  async suspend(tx: Tx, keyId: string): Promise<number> {
    for (const { delivery } of await this.deliveries.all(tx, keyId)) await this.#stop(tx, delivery.id, 'key_suspended');
    return 0;
  }

  /** Those of the number that was taken stop; those of all numbers go on without it. */
  async narrow(tx: Tx, keyId: string): Promise<void> {
    for (const { delivery } of await this.deliveries.all(tx, keyId))
      if (delivery.phoneNumberId !== null && !reaches(delivery, delivery.phoneNumberId))
        await this.#stop(tx, delivery.id, 'number_not_reached');
  }

  /** @returns the ids of the deliveries that had no number of their own */
  pin(tx: Tx, phoneNumberId: string): Promise<string[]> {
    return this.deliveries.pin(tx, phoneNumberId);
  }

  /** Those of former keys of the environment go to the present one; those whose key is gone or lacks the scope stop. */
  async settle(tx: Tx, { former, environment }: KeysAtStart): Promise<void> {
    for (const { delivery, lack } of await this.deliveries.all(tx)) {
      if (environment !== null && former.includes(delivery.keyId)) await this.deliveries.change(tx, delivery.id, { keyId: environment });
      else if (lack !== null) await this.#stop(tx, delivery.id, lack);
    }
  }

  async #stop(tx: Tx, id: string, reason: ReportStopReason): Promise<void> {
    const now = this.clock.now();
    if (await this.deliveries.stop(tx, id, reason, now)) await this.sends.drop(tx, id, now);
  }
}
