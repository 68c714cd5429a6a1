import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ReadingsStore } from '#compliance/eligibility/readings.store.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Store } from '#store/store.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';

/** Keeps once what was read of a portfolio or a client before a number was known to belong to it. */
@Injectable()
export class SharedReadingsService implements OnModuleDestroy {
  /** By number, to what it belonged when its readings were shared last. */
  readonly #shared = new Map<string, string>();
  #sharing: Promise<void> = Promise.resolve();

  constructor(
    private readonly readings: ReadingsStore,
    private readonly numbers: NumbersService,
    private readonly store: Store,
    private readonly log: Log,
  ) {
    numbers.onChanged((ids) => {
      this.#sharing = this.#sharing.then(() => this.#share(ids));
    });
  }

  /** Resolves when what was reported so far is shared. */
  idle(): Promise<void> {
    return this.#sharing;
  }

  onModuleDestroy(): Promise<void> {
    return this.#sharing;
  }

  /** The next change or start tries again after a fault; until then a number shows its own. */
  async #share(phoneNumberIds: readonly string[]): Promise<void> {
    const owners = new Map(phoneNumberIds.flatMap((id) => this.#ownersOf(id)));
    if (owners.size === 0) return;
    try {
      for (const id of await this.readings.withUnshared(this.store.read, [...owners.keys()]))
        await this.store.write((tx) => this.readings.share(tx, id));
      for (const [id, known] of owners) this.#shared.set(id, known);
    } catch (error) {
      if (!isStoreFault(error)) this.log.pino.error({ event: 'eligibility.readings_not_shared', error }, 'readings could not be shared');
    }
  }

  /** To what a number belongs, when that is another than before. */
  #ownersOf(phoneNumberId: string): [string, string][] {
    const number = this.numbers.byId(phoneNumberId);
    if (!number || (number.portfolioId === null && number.clientId === null)) return [];
    const owners = `${number.portfolioId} ${number.clientId}`;
    return this.#shared.get(phoneNumberId) === owners ? [] : [[phoneNumberId, owners]];
  }
}
